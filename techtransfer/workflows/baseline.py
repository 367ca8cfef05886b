"""A baseline is frozen when it is proposed; signed by a second person it takes the place of the one before."""

from oversight.kernel.workflow.definition import Transition, Workflow
from techtransfer.models import Baseline
from techtransfer.services import baseline as service

from .guards import approved_by_a_second_person

Status = Baseline.Status
FIELDS = frozenset({"title", "justification"})

BASELINE_WORKFLOW = Workflow(
    name="baseline",
    model=Baseline,
    initial=Status.PROPOSED,
    part_of="programme",
    opens=FIELDS | {"programme"},
    editable={Status.PROPOSED: FIELDS},
    begin=service.begin,
    begun=service.begun,
    ends_by_another=frozenset({Status.REPLACED}),
    transitions=(
        Transition(
            name="approve",
            label="Approve",
            sources=frozenset({Status.PROPOSED}),
            target=Status.APPROVED,
            capability="baseline.approve",
            guards=(approved_by_a_second_person,),
            stamp=service.approve,
            before=service.replace_former,
            effect=service.approved,
            signed_as="I approve these dates as the baseline against which this programme is measured.",
            tone="primary",
            icon="signature",
        ),
        Transition(
            name="decline",
            label="Decline",
            sources=frozenset({Status.PROPOSED}),
            target=Status.DECLINED,
            capability="baseline.approve",
            icon="circle-slash",
            note="Say why. The baseline before it, if there is one, stays in force.",
        ),
    ),
)
