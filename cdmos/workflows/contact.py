"""A contact is active until the person leaves; one put on file by mistake is voided."""

from cdmos.models import Contact
from oversight.kernel.workflow.definition import Transition, Workflow

Status = Contact.Status
FIELDS = frozenset({"site", "name", "function", "email", "phone", "around_the_clock", "escalation_level"})

CONTACT_WORKFLOW = Workflow(
    name="contact",
    model=Contact,
    initial=Status.ACTIVE,
    opens=FIELDS | {"cdmo"},
    partner_opens=FIELDS | {"cdmo"},
    editable={Status.ACTIVE: FIELDS},
    partner_editable={Status.ACTIVE: FIELDS},
    transitions=(
        Transition(
            name="leave",
            label="Left the company",
            sources=frozenset({Status.ACTIVE}),
            target=Status.LEFT,
            capability="contact.leave",
            icon="user-minus",
            note="Nobody is sent to this person any more.",
        ),
        Transition(
            name="return",
            label="Is back",
            sources=frozenset({Status.LEFT}),
            target=Status.ACTIVE,
            capability="contact.leave",
            icon="user-plus",
        ),
        Transition(
            name="void",
            label="Void",
            sources=frozenset({Status.ACTIVE, Status.LEFT}),
            target=Status.VOID,
            capability="contact.void",
            tone="danger",
            icon="ban",
            note="For a person put on file by mistake.",
        ),
    ),
)
