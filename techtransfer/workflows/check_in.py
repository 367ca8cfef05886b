"""A check-in stands until it is voided; a partner notes those of its own steps."""

from oversight.kernel.workflow.definition import Transition, Workflow
from techtransfer.models import CheckIn
from techtransfer.services import check_in as service

Status = CheckIn.Status
FIELDS = frozenset({"percent", "as_of", "expected_end", "remark"})
CORRECTED = FIELDS - {"expected_end"}  # it has moved the date of the step: that is moved again, not corrected here

CHECK_IN_WORKFLOW = Workflow(
    name="check_in",
    model=CheckIn,
    initial=Status.NOTED,
    part_of="milestone",
    opens=FIELDS | {"milestone"},
    partner_opens=FIELDS | {"milestone", "cdmo"},
    editable={Status.NOTED: CORRECTED},
    partner_editable={Status.NOTED: CORRECTED},
    begin=service.begin,
    begun=service.begun,
    transitions=(
        Transition(
            name="void",
            label="Void",
            sources=frozenset({Status.NOTED}),
            target=Status.VOID,
            capability="check_in.void",
            tone="danger",
            icon="ban",
            note="For a check-in noted by mistake. It stays readable with its history.",
        ),
    ),
)
