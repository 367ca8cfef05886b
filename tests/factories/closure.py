"""Site closures: one at each CDMO of the cast."""

from datetime import date
from typing import Any

from cdmos.models import Site
from oversight.kernel.access.scope import Actor, scope
from oversight.kernel.records.writes import create
from techtransfer.models import Closure
from techtransfer.records import CLOSURE

from . import Specimen, planner_of


def close(by: Actor, site: Site, **values: Any) -> Closure:
    """One closure, as `by` would enter it; a partner names no CDMO."""
    told = {
        "site": site,
        "title": "Winter shutdown",
        "why": "SHUTDOWN",
        "starts_on": date(2026, 12, 24),
        "ends_on": date(2027, 1, 3),
    } | ({} if by.is_partner else {"cdmo": site.cdmo})
    with scope(by):
        return create(CLOSURE, by=by, values=told | values)


SPECIMEN = Specimen(
    own=lambda world: close(world.paul, world.lyra_site, title="Lyra's shutdown"),
    sibling=lambda world: close(world.olga, world.orion_site, title="Orion's shutdown"),
    foreign=lambda world: close(planner_of(world, "rival"), world.foreign_site, title="Rival's shutdown"),
    typed=lambda world: {
        "cdmo": str(world.lyra.pk),
        "site": str(world.lyra_site.pk),
        "title": "Summer maintenance",
        "why": "MAINTENANCE",
        "starts_on": "2027-07-26",
        "ends_on": "2027-08-06",
    },
    title="title",
)
