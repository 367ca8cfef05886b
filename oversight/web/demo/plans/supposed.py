"""What people of the demo world supposed of a plan and kept."""

from dataclasses import dataclass
from datetime import timedelta

from batches.models import Batch
from oversight.kernel.access.scope import Actor, scope
from oversight.kernel.records.writes import create
from techtransfer.models import Milestone
from techtransfer.records import SCENARIO
from techtransfer.whatif.suppositions import Kind

from ..telling import Stage, act
from .filing import Filed

AGO, BETWEEN = timedelta(seconds=50), timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Supposed:
    """One scenario: what it is called, who kept it, and what happens to which step, batch or slot by its key."""

    title: str
    by: str
    kind: Kind
    key: str | int  # of a step; of a slot, its week
    days: int | None = None
    shared: bool = True


KEPT = {
    "MRF-101": (
        Supposed("The fill of drug product 11 loses its slot", "marta.oliveira", Kind.SLOT_LOST, 9),
        Supposed("Three more weeks on drug substance 19", "marta.oliveira", Kind.HOLD_LATER, "DS19-make", 21),
        Supposed("Drug substance 20 is rejected", "anders.lindqvist", Kind.BATCH_REJECTED, "DS20"),
        Supposed("Kits 7 in four days", "ingrid.solvang", Kind.DURATION, "PK7-make", 4, shared=False),
    ),
}


def keep(filed: Filed, stage: Stage, system: Actor) -> None:
    """Keep them just now, on the plan of the present."""
    for place, told in enumerate(KEPT.get(filed.told.code, ())):
        number = _number(filed, told, system)
        if not number:
            continue  # nothing holds the step at this moment
        line = " ".join(part for part in (str(told.kind), number, str(told.days or "")) if part)
        with act(stage.present - AGO + place * BETWEEN, stage, told.by) as author:
            values = {"programme": filed.programme, "title": told.title, "suppositions": line, "shared": told.shared}
            create(SCENARIO, by=author, values=values)


def _number(filed: Filed, told: Supposed, system: Actor) -> str:
    """By which the record is known."""
    if isinstance(told.key, int):
        return filed.slots[told.key].number
    with scope(system):
        if told.kind == Kind.BATCH_REJECTED:
            return Batch.objects.visible_to(system).get(pk=filed.batches[told.key].pk).number
        step = Milestone.objects.visible_to(system).get(pk=filed.steps[told.key].pk)
    return step.hold_number if told.kind == Kind.HOLD_LATER else step.number
