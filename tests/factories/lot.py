"""Clinical lots: one of a packaged batch at each CDMO of the cast."""

from typing import Any

from batches.models import Batch, Lot
from batches.records import LOT
from cdmos.models import Site
from oversight.kernel.access.scope import Actor, scope
from oversight.kernel.records.writes import create
from tests.cast import World

from . import Specimen, planner_of
from .batch import batch


def packaged(by: Actor, site: Site, **values: Any) -> Batch:
    """One batch of packaged supply, counted in kits."""
    return batch(by, site, stage="PACKAGED", unit="KITS", target_yield="400", **values)


def lot(by: Actor, of: Batch, quantity: str = "120", **values: Any) -> Lot:
    """One lot, as `by` would plan it."""
    with scope(by):
        return create(LOT, by=by, values={"batch": of, "quantity": quantity, "unit": of.unit} | values)


def typed(world: World) -> dict[str, str]:
    of = packaged(world.omar, world.lyra_site)
    return {"batch": str(of.pk), "quantity": "80", "unit": "KITS", "destination": "Depot Basel"}


SPECIMEN = Specimen(
    own=lambda world: lot(world.omar, packaged(world.omar, world.lyra_site)),
    sibling=lambda world: lot(world.omar, packaged(world.omar, world.orion_site)),
    foreign=lambda world: lot(p := planner_of(world, "rival"), packaged(p, world.foreign_site)),
    typed=typed,
    title="quantity",
    edit=lambda number: f"{number}.5",
)
