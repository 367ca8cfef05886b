"""Dependencies: two of Acme's, one of Rival's; no partner sees any."""

from typing import Any

from cdmos.models import Site
from oversight.kernel.access.scope import Actor, scope
from oversight.kernel.records.writes import create
from techtransfer.models import Dependency, Milestone
from techtransfer.records import DEPENDENCY
from tests.cast import World

from . import Specimen, planner_of
from .milestone import step
from .programme import plan


def link(by: Actor, before: Milestone, after: Milestone, **values: Any) -> Dependency:
    """One dependency, as `by` would draw it."""
    with scope(by):
        return create(DEPENDENCY, by=by, values={"predecessor": before, "successor": after} | values)


def pair(by: Actor, site: Site) -> tuple[Milestone, Milestone]:
    """Two steps of a programme of their own, both at `site`, with its company's first name in their titles."""
    programme, whose = plan(by), site.name.split()[0]
    return step(by, site, programme, f"{whose}'s make"), step(by, site, programme, f"{whose}'s fill")


def typed(world: World) -> dict[str, str]:
    before, after = pair(world.omar, world.lyra_site)
    return {
        "predecessor": str(before.pk),
        "successor": str(after.pk),
        "link": "FS",
        "lag_days": "3",
        "lag_unit": "WORKING",
        "note": "Shipment",
    }


SPECIMEN = Specimen(
    own=lambda world: link(world.omar, *pair(world.omar, world.lyra_site)),
    sibling=lambda world: link(world.omar, *pair(world.omar, world.orion_site)),
    foreign=lambda world: link(p := planner_of(world, "rival"), *pair(p, world.foreign_site)),
    typed=typed,
    title="lag_days",
    edit=lambda number: number + 10,
)
