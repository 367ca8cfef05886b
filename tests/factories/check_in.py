"""Check-ins: one of a step under way at each CDMO of the cast."""

from datetime import date
from typing import Any

from cdmos.models import Site
from oversight.kernel.access.scope import Actor, scope
from oversight.kernel.records.writes import create
from techtransfer.models import CheckIn, Milestone
from techtransfer.records import CHECK_IN
from tests.cast import World

from . import Specimen, planner_of
from .milestone import put, step

BEGAN = date(2026, 8, 3)


def begun(world: World, by: Actor, site: Site, title: str, **values: Any) -> Milestone:
    """A step under way since August."""
    return put(world, step(by, site, title=title, **values), status="IN_PROGRESS", actual_start=BEGAN)


def note(by: Actor, of: Milestone, percent: int = 40, **values: Any) -> CheckIn:
    """One check-in, as `by` would note it."""
    told: dict[str, Any] = {"milestone": of, "percent": percent, "as_of": date(2026, 9, 1)}
    with scope(by):
        return create(CHECK_IN, by=by, values=told | values)


def _foreign(world: World) -> CheckIn:
    planner = planner_of(world, "rival")
    return note(planner, begun(world, planner, world.foreign_site, "Rival's step"), remark="Petra said so")


SPECIMEN = Specimen(
    own=lambda world: note(world.paul, begun(world, world.omar, world.lyra_site, "Lyra's step")),
    sibling=lambda world: note(world.olga, begun(world, world.omar, world.orion_site, "Orion's step")),
    foreign=_foreign,
    typed=lambda world: {
        "milestone": str(begun(world, world.omar, world.lyra_site, "Another step").pk),
        "percent": "55",
        "as_of": "2026-09-15",
        "remark": "Paul said so on the phone",
    },
    title="percent",
    edit=lambda number: 50 + number % 40,
)
