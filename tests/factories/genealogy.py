"""Edges of the genealogy: two of Acme's, one of Rival's; no partner sees any."""

from typing import Any

from batches.models import Batch, GenealogyEdge
from batches.records import GENEALOGY
from cdmos.models import Site
from oversight.kernel.access.scope import Actor, scope
from oversight.kernel.records.writes import create
from tests.cast import World

from . import Specimen, planner_of
from .batch import batch


def edge(by: Actor, source: Batch, made_into: Batch, quantity: str = "2.5", **values: Any) -> GenealogyEdge:
    """So much of one batch into another, as `by` would note it."""
    told = {"source": source, "made_into": made_into, "quantity": quantity, "unit": source.unit}
    with scope(by):
        return create(GENEALOGY, by=by, values=told | values)


def pair(by: Actor, site: Site) -> tuple[Batch, Batch]:
    """A batch of drug substance and one of drug product, both at `site`."""
    return batch(by, site), batch(by, site, stage="DP", unit="VIALS", target_yield="4000")


def typed(world: World) -> dict[str, str]:
    source, made_into = pair(world.omar, world.lyra_site)
    return {"source": str(source.pk), "made_into": str(made_into.pk), "quantity": "1.25", "unit": "KILOGRAMS"}


SPECIMEN = Specimen(
    own=lambda world: edge(world.omar, *pair(world.omar, world.lyra_site)),
    sibling=lambda world: edge(world.omar, *pair(world.omar, world.orion_site)),
    foreign=lambda world: edge(p := planner_of(world, "rival"), *pair(p, world.foreign_site)),
    typed=typed,
    title="quantity",
    edit=lambda number: f"{number}.75",
)
