"""Fill-line slots: one at each CDMO of the cast."""

from datetime import date, timedelta
from typing import Any

from cdmos.models import Site
from oversight.kernel.access.scope import Actor, scope
from oversight.kernel.records.writes import create
from techtransfer.models import Slot
from techtransfer.records import SLOT
from tests.cast import World

from . import Specimen, planner_of
from .milestone import step

FIRST = date(2027, 2, 1)


def slot(by: Actor, site: Site, line: str = "Line 2", **values: Any) -> Slot:
    """One open slot, four weeks after the last of the site's, as `by` would offer it; after a hundred, in between."""
    with scope(by):
        number = Slot.objects.visible_to(by).filter(site=site).count()
        starts_on = FIRST + timedelta(28 * (number % 100) + 7 * (number // 100))
        told: dict[str, Any] = {"site": site, "line": line, "starts_on": starts_on, "days": 3}
        told |= {} if by.is_partner else {"cdmo": site.cdmo}
        return create(SLOT, by=by, values=told | values)


def booked(record: Slot, state: str, world: World) -> dict[str, Any]:
    """A slot is booked for a step of its line."""
    if state != "BOOKED" or record.milestone_id:
        return {}
    return {"milestone": step(planner_of(world), record.site, title="Fill", line=record.line)}


SPECIMEN = Specimen(
    own=lambda world: slot(world.paul, world.lyra_site, "Lyra's line"),
    sibling=lambda world: slot(world.olga, world.orion_site, "Orion's line"),
    foreign=lambda world: slot(planner_of(world, "rival"), world.foreign_site, "Rival's line"),
    typed=lambda world: {
        "cdmo": str(world.lyra.pk),
        "site": str(world.lyra_site.pk),
        "line": "Line 4",
        "starts_on": "2028-03-06",
        "days": "2",
    },
    title="line",
    has_in=booked,
    filled=lambda world: {"milestone": step(world.omar, world.lyra_site, title="Lyra's fill", line="Lyra's line").pk},
)
