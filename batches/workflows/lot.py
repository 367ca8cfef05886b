"""A lot is planned, becomes available when its batch is released, and is shipped."""

from batches.models import Lot
from batches.services import lot as service
from oversight.kernel.workflow.definition import Transition, Workflow

from .guards import of_a_released_batch

Status = Lot.Status
FIELDS = frozenset({"study", "quantity", "unit", "expires_on", "destination"})

LOT_WORKFLOW = Workflow(
    name="lot",
    model=Lot,
    initial=Status.PLANNED,
    part_of="batch",
    opens=FIELDS | {"batch"},
    editable={Status.PLANNED: FIELDS, Status.AVAILABLE: frozenset({"expires_on", "destination"})},
    begin=service.begin,
    begun=service.begun,
    amended=service.amended,
    transitions=(
        Transition(
            name="make-available",
            label="Make available",
            sources=frozenset({Status.PLANNED}),
            target=Status.AVAILABLE,
            capability="lot.supply",
            guards=(of_a_released_batch,),
            reason="Available.",
            tone="primary",
            icon="check",
        ),
        Transition(
            name="ship",
            label="Ship",
            sources=frozenset({Status.AVAILABLE}),
            target=Status.SHIPPED,
            capability="lot.ship",
            requires=("destination",),
            accepts=("shipped_on",),
            stamp=service.ship,
            reason="Shipped.",
            tone="primary",
            icon="send",
            note="If you leave the day empty, it is today at the site.",
        ),
        Transition(
            name="void",
            label="Void",
            sources=frozenset({Status.PLANNED, Status.AVAILABLE}),
            target=Status.VOID,
            capability="lot.void",
            tone="danger",
            icon="ban",
            note="For a lot put on file by mistake. It stays readable with its history.",
        ),
    ),
)
