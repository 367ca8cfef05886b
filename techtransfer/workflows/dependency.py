"""A dependency holds until it is voided; none ever closes a loop."""

from oversight.kernel.workflow.definition import Transition, Workflow
from techtransfer.models import Dependency
from techtransfer.services import dependency as service

Status = Dependency.Status
FIELDS = frozenset({"link", "lag_days", "lag_unit", "note"})

DEPENDENCY_WORKFLOW = Workflow(
    name="dependency",
    model=Dependency,
    initial=Status.ACTIVE,
    part_of="programme",
    opens=FIELDS | {"predecessor", "successor"},
    editable={Status.ACTIVE: FIELDS},
    begin=service.begin,
    transitions=(
        Transition(
            name="void",
            label="Void",
            sources=frozenset({Status.ACTIVE}),
            target=Status.VOID,
            capability="dependency.void",
            tone="danger",
            icon="ban",
            note="The later step waits for the earlier one no more.",
        ),
    ),
)
