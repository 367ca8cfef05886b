"""A slot is open, booked for one step, or lost; what is lost comes back as a new slot."""

from oversight.kernel.workflow.definition import Transition, Workflow
from techtransfer.models import Slot
from techtransfer.services import slot as service

Status = Slot.Status
FIELDS = frozenset({"site", "line", "starts_on", "days"})

SLOT_WORKFLOW = Workflow(
    name="slot",
    model=Slot,
    initial=Status.OPEN,
    opens=FIELDS | {"cdmo"},
    partner_opens=FIELDS | {"cdmo"},
    editable={Status.OPEN: FIELDS, Status.BOOKED: frozenset({"starts_on", "days"})},
    partner_editable={Status.OPEN: FIELDS, Status.BOOKED: frozenset({"starts_on", "days"})},
    transitions=(
        Transition(
            name="book",
            label="Book",
            sources=frozenset({Status.OPEN}),
            target=Status.BOOKED,
            capability="slot.book",
            requires=("milestone",),
            stamp=service.book,
            reason="Booked.",
            tone="primary",
            icon="calendar-check",
        ),
        Transition(
            name="free",
            label="Free",
            sources=frozenset({Status.BOOKED}),
            target=Status.OPEN,
            capability="slot.book",
            stamp=service.free,
            icon="calendar-minus",
        ),
        Transition(
            name="lose",
            label="Lost",
            sources=frozenset({Status.OPEN, Status.BOOKED}),
            target=Status.LOST,
            capability="slot.book",
            tone="danger",
            icon="calendar-x",
            note="Somebody else has it: the step waits for the next free one. Say how it was lost.",
        ),
        Transition(
            name="void",
            label="Void",
            sources=frozenset({Status.OPEN}),
            target=Status.VOID,
            capability="slot.void",
            tone="danger",
            icon="ban",
            note="For a slot put on file by mistake.",
        ),
    ),
)
