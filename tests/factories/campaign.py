"""Campaigns: one at each CDMO of the cast."""

from typing import Any

from batches.models import Campaign
from batches.records import CAMPAIGN
from cdmos.models import Site
from oversight.kernel.access.scope import Actor, scope
from oversight.kernel.records.writes import create
from tests.cast import World

from . import Specimen, planner_of
from .programme import plan


def campaign(by: Actor, site: Site, title: str = "Drug substance, autumn", **values: Any) -> Campaign:
    """One campaign, as `by` would plan it."""
    told = {"programme": values.get("programme") or plan(by), "cdmo": site.cdmo, "site": site, "title": title}
    with scope(by):
        return create(CAMPAIGN, by=by, values=told | values)


def typed(world: World) -> dict[str, str]:
    return {
        "programme": str(plan(world.omar).pk),
        "cdmo": str(world.lyra.pk),
        "site": str(world.lyra_site.pk),
        "title": "Drug substance, spring",
        "starts_on": "2027-03-01",
        "ends_on": "2027-04-30",
    }


SPECIMEN = Specimen(
    own=lambda world: campaign(world.omar, world.lyra_site, "Lyra's campaign"),
    sibling=lambda world: campaign(world.omar, world.orion_site, "Orion's campaign"),
    foreign=lambda world: campaign(planner_of(world, "rival"), world.foreign_site, "Rival's campaign"),
    typed=typed,
    title="title",
)
