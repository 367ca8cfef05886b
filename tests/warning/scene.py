"""Steps of the cast with a past: finished ones to learn from, one under way, and what is said of it."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from cdmos.models import CDMO, Site
from oversight.kernel.access.scope import Actor, scope
from oversight.kernel.trail.change import change
from techtransfer.models import CheckIn, EarlyWarning, Milestone, Programme
from techtransfer.warning.looking import look
from tests.cast import World, system
from tests.factories.check_in import note
from tests.factories.milestone import put, step
from tests.factories.programme import plan

PLAN = 35
TOOK = (28, 33, 36, 41, 30, 35, 45, 38, 33, 50, 36, 31, 40, 37)  # fourteen finished steps, of 35 days each


def today() -> date:
    return timezone.now().date()


def ago(days: int) -> date:
    return today() - timedelta(days)


def finished(
    world: World, took: Sequence[int] = TOOK, *, cdmo: CDMO | None = None, site: Site | None = None, **values: Any
) -> Programme:
    """So many finished steps of Lyra's, each planned for 35 days of the week, and how many it took."""
    programme = plan(world.omar, "The past")
    with change(by=system(world.acme)):
        for place, days in enumerate(took):
            start = ago(400 - place)
            told = {
                "tenant_id": world.acme.pk, "programme": programme, "product_code": "ACM-101", "status": "DONE",
                "title": f"Past make {place + 1}", "step": "MANUFACTURE", "stage": "DS", "cdmo": cdmo or world.lyra,
                "site": site or world.lyra_site, "calendar": "EVERY_DAY", "duration_days": PLAN,
                "planned_end": start + timedelta(PLAN - 1), "actual_start": start,
                "actual_end": start + timedelta(days - 1),
            }  # fmt: skip
            Milestone.objects.create(**told | values)
    return programme


def under_way(world: World, began: int, site: Site | None = None, **values: Any) -> Milestone:
    """A step of 35 days that began so many days ago, that day included, and is to end after 35."""
    start = ago(began - 1)
    told = {"duration_days": PLAN, "calendar": "EVERY_DAY", "planned_end": start + timedelta(PLAN - 1)} | values
    found = step(world.omar, site or world.lyra_site, title="Make the substance", **told)
    return put(world, found, status="IN_PROGRESS", actual_start=start)


def say(by: Actor, of: Milestone, percent: int, days: int, **values: Any) -> CheckIn:
    """A check-in after so many days of work."""
    assert of.actual_start
    return note(by, of, percent, as_of=of.actual_start + timedelta(days - 1), **values)


def slow(world: World, of: Milestone) -> list[CheckIn]:
    """Three check-ins: the first makes it amber, the two after it red."""
    return [say(world.paul, of, percent, days) for percent, days in ((20, 16), (28, 23), (40, 30))]


def look_at(world: World, of: Milestone) -> int:
    """As the task of the day does it."""
    with scope(system(world.acme)) as by:
        return look([of.programme_id], by=by)


def warning_of(world: World, of: Milestone) -> EarlyWarning | None:
    """The newest warning of the step."""
    with scope(system(world.acme)):
        found: EarlyWarning | None = EarlyWarning.objects.filter(milestone=of).order_by("-pk").first()
        return found


def versions(world: World, record: Any) -> int:
    with scope(system(world.acme)):
        return int(type(record).history.filter(id=record.pk).count())
