"""A closure stands until it is voided; a partner writes those of its own sites."""

from oversight.kernel.workflow.definition import Transition, Workflow
from techtransfer.models import Closure

Status = Closure.Status
FIELDS = frozenset({"site", "title", "why", "starts_on", "ends_on"})

CLOSURE_WORKFLOW = Workflow(
    name="closure",
    model=Closure,
    initial=Status.ACTIVE,
    opens=FIELDS | {"cdmo"},
    partner_opens=FIELDS | {"cdmo"},
    editable={Status.ACTIVE: FIELDS},
    partner_editable={Status.ACTIVE: FIELDS},
    transitions=(
        Transition(
            name="void",
            label="Void",
            sources=frozenset({Status.ACTIVE}),
            target=Status.VOID,
            capability="closure.void",
            tone="danger",
            icon="ban",
            note="The site works on these days after all.",
        ),
    ),
)
