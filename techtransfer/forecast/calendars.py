"""The calendars of a programme's sites: their working weeks without their closures."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from functools import lru_cache

from django.db.models import F

from cdmos.models import Site
from oversight.kernel.access.scope import Actor
from techtransfer.models import Closure, Milestone
from techtransfer.schedule import Calendar

from .days import EPOCH, DayNumber, day_of

WEEKDAYS = "weekdays"  # of a step without a site
MONDAY = 1  # date.toordinal() of a Monday, modulo seven
BEHIND, AHEAD = 5 * 366, 15 * 366  # days around the present that a calendar knows


def calendars_of(sites: Collection[int], *, today: int, by: Actor) -> dict[str, Calendar]:
    """By name: one for each site, and the weekdays of whoever works at none."""
    # Whole years, so that a calendar made today serves for a while.
    first, horizon = (today - BEHIND) // 366 * 366, (today + AHEAD) // 366 * 366
    found = {WEEKDAYS: _calendar(Site.WORKING_DAYS["MON_FRI"], (), first, horizon)}
    closed: dict[int, list[tuple[int, int]]] = {}
    rows = Closure.objects.visible_to(by).filter(site_id__in=sites, status=Closure.Status.ACTIVE)
    for site, start, end in rows.values_list("site_id", DayNumber("starts_on"), DayNumber("ends_on")).order_by("id"):
        closed.setdefault(site, []).append((start, end))
    weeks: Mapping[int, str] = dict(
        Site.objects.visible_to(by).filter(pk__in=sites).values_list("pk", F("working_week"))
    )
    for site, week in weeks.items():
        found[name_of(site)] = _calendar(Site.WORKING_DAYS[week], tuple(closed.get(site, ())), first, horizon)
    return found


def working_days(milestone: Milestone, spans: Iterable[tuple[date, date]], *, by: Actor) -> int:
    """How many working days of the step lie in the spans [first, end), each counted once."""
    days = {day for first, end in spans for day in range(day_of(first), day_of(end))}
    if not days or milestone.calendar == Milestone.Calendar.EVERY_DAY:
        return len(days)
    sites = {milestone.site_id} - {None}
    calendar = calendars_of(sites, today=max(days), by=by)[name_of(milestone.site_id)]
    return sum(calendar.count(day, day + 1) for day in days)


def name_of(site: int | None) -> str:
    """The name of a site's calendar."""
    return WEEKDAYS if site is None else f"site {site}"


@lru_cache(maxsize=256)
def _calendar(week: frozenset[int], closed: tuple[tuple[int, int], ...], first: int, horizon: int) -> Calendar:
    shut = {day for start, end in closed for day in range(start, end + 1)}
    return Calendar.of(
        [day for day in range(first, horizon) if (day + EPOCH - MONDAY) % 7 in week and day not in shut], horizon
    )
