"""A programme is planned while it is active; closed, it takes no new step; it is voided only without open steps."""

from oversight.kernel.workflow.definition import Transition, Workflow
from techtransfer.models import Programme
from techtransfer.services import programme as service

from .guards import not_led_by_the_actor, without_open_steps

Status = Programme.Status
FIELDS = frozenset({"title", "phase", "description", *Programme.MARKETS})
ACTIVE = frozenset({Status.ACTIVE})

PROGRAMME_WORKFLOW = Workflow(
    name="programme",
    model=Programme,
    initial=Status.ACTIVE,
    opens=FIELDS | {"product"},
    editable={Status.ACTIVE: FIELDS},
    begin=service.lead,
    transitions=(
        Transition(
            name="take",
            label="Take the lead",
            sources=ACTIVE,
            capability="programme.take",
            guards=(not_led_by_the_actor,),
            stamp=service.lead,
            reason="Lead taken.",
            icon="user-check",
        ),
        Transition(
            name="close",
            label="Close",
            sources=ACTIVE,
            target=Status.CLOSED,
            capability="programme.close",
            icon="archive",
            note="Its plan stands still: nothing is added to it, and no forecast is made.",
        ),
        Transition(
            name="reopen",
            label="Reopen",
            sources=frozenset({Status.CLOSED}),
            target=Status.ACTIVE,
            capability="programme.close",
            icon="undo-2",
        ),
        Transition(
            name="void",
            label="Void",
            sources=frozenset({Status.ACTIVE, Status.CLOSED}),
            target=Status.VOID,
            capability="programme.void",
            guards=(without_open_steps,),
            tone="danger",
            icon="ban",
            note="For a programme put on file by mistake. It stays readable with its history.",
        ),
    ),
)
