"""Milestones: a step at each CDMO of the cast."""

from datetime import date
from typing import Any

from cdmos.models import Site
from oversight.kernel.access.scope import Actor, scope
from oversight.kernel.records.writes import create
from oversight.kernel.trail.change import change
from techtransfer.models import Milestone, Programme
from techtransfer.records import MILESTONE
from tests.cast import World, system

from . import Specimen, planner_of
from .programme import plan


def step(
    by: Actor,
    site: Site | None = None,
    programme: Programme | None = None,
    title: str = "Drug substance manufacture",
    **values: Any,
) -> Milestone:
    """One step, as `by` would plan it; without a site, the sponsor's own."""
    told = {
        "programme": programme or plan(by),
        "title": title,
        "step": "MANUFACTURE",
        "stage": "DS",
        "duration_days": 30,
        "site": site,
        "cdmo": site and site.cdmo,
    }
    with scope(by):
        return create(MILESTONE, by=by, values=told | values)


def put(world: World, record: Any, **values: Any) -> Any:
    """As no person could: past the workflow."""
    sponsor = world.acme if record.tenant_id == world.acme.pk else world.rival
    with change(by=system(sponsor), reason="Put there by the test"):
        type(record).objects.filter(pk=record.pk).update(**values)
        record.refresh_from_db()
    return record


def typed(world: World) -> dict[str, str]:
    return {
        "programme": str(plan(world.omar).pk),
        "cdmo": str(world.lyra.pk),
        "site": str(world.lyra_site.pk),
        "title": "Fill clinical lot 2",
        "step": "FILL_FINISH",
        "stage": "DP",
        "calendar": "SITE",
        "line": "Line 2",
        "duration_days": "5",
        "optimistic_days": "4",
        "pessimistic_days": "9",
        "planned_start": "2027-02-01",
        "planned_end": "2027-02-05",
    }


SPECIMEN = Specimen(
    own=lambda world: step(world.omar, world.lyra_site, title="Lyra's step", planned_end=date(2027, 3, 1)),
    sibling=lambda world: step(world.omar, world.orion_site, title="Orion's step"),
    foreign=lambda world: step(planner_of(world, "rival"), world.foreign_site, title="Rival's step"),
    typed=typed,
    title="title",
    filled=lambda world: {"actual_start": "2026-01-05", "actual_end": "2026-01-14", "partner_end": "2033-03-01"},
)
