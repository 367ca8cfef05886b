"""What the arithmetic is asked about: open steps, finished ones and what was said of either, a table at a time."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Q

from oversight.kernel.access.scope import Actor
from techtransfer.forecast.calendars import calendars_of, name_of
from techtransfer.forecast.days import DayNumber, date_of
from techtransfer.models import CheckIn, Milestone, Programme
from techtransfer.schedule import Calendar

from .learning import Experience, Finished, Reading, learn

MEMORY = 4 * 365  # days: what was finished before teaches nothing any more, and calendars reach no farther back
MOST = 4000  # finished steps, the newest
_DAYS = (
    "actual_start", "actual_end", "planned_end", "baseline_end", "partner_end", "forecast_start", "forecast_end",
    "held_since", "held_until",
)  # fmt: skip
_TEXT = ("number", "title", "product_code", "step", "line", "status", "calendar", "batch_number")
_KEYS = ("pk", "programme_id", "cdmo_id", "site_id", "owner_id", "batch_id")
_LENGTHS = ("duration_days", "optimistic_days", "pessimistic_days", "stopped_days")
_COLUMNS = (*_KEYS, *_TEXT, *_LENGTHS, *(DayNumber(name) for name in _DAYS), "cdmo__name")


class Step(NamedTuple):
    """One open step; days as the engine counts them, ends are last days."""

    id: int
    programme: int
    cdmo: int | None
    site: int | None
    owner: int
    batch: int
    number: str
    title: str
    product_code: str
    kind: str
    line: str
    status: str
    calendar: str
    batch_number: str
    plan: int
    optimistic: int | None
    pessimistic: int | None
    stopped: int
    actual_start: int | None
    actual_end: int | None
    planned_end: int | None
    baseline_end: int | None
    partner_end: int | None
    forecast_start: int | None
    forecast_end: int | None
    held_since: int | None
    held_until: int | None
    partner: str | None

    @property
    def agreed(self) -> int | None:
        """Against which it is late: what the baseline says, or the plan until there is one."""
        return self.planned_end if self.baseline_end is None else self.baseline_end

    @property
    def is_under_way(self) -> bool:
        """Whether work on it has begun and goes on."""
        return self.status == Milestone.Status.IN_PROGRESS and self.actual_start is not None


class Said(NamedTuple):
    """One check-in."""

    id: int
    step: int
    day: int
    percent: int


@dataclass(frozen=True, slots=True)
class Known:
    """All of it, as it stood at one moment."""

    today: int
    steps: tuple[Step, ...]
    said: Mapping[int, tuple[Said, ...]]  # by step, in the order of their days
    experience: Experience
    calendars: Mapping[str, Calendar]

    def worked(self, step: Step, day: int) -> int:
        """Days of work on the step up to `day`, that day included; days on which it stood still are none."""
        start = step.actual_start or day
        end = day + 1 if step.held_since is None else min(day + 1, step.held_since)
        return max(_count(self.calendars, step, start, end) - step.stopped, 0)

    def room(self, step: Step) -> int:
        """Days of work that it has up to its agreed end, those left out on which it stands still."""
        end, start = (step.agreed or 0) + 1, step.actual_start or 0
        held = 0
        if step.held_since is not None:
            until = max(step.held_until or 0, self.today + 1)
            held = _count(self.calendars, step, max(step.held_since, start), min(until, end))
        return _count(self.calendars, step, start, end) - step.stopped - held

    def readings(self, step: Step) -> list[Reading]:
        """What was said of it, as the arithmetic takes it."""
        return [Reading(self.worked(step, said.day), said.percent) for said in self.said.get(step.id, ())]


def read(programmes: Collection[int] | None, *, today: int, by: Actor) -> Known:
    """Read the open steps of these programmes (None: of every active one) and everything that teaches about them."""
    rows = Milestone.objects.visible_to(by).filter(status__in=Milestone.OPEN)
    rows = rows.filter(programme__status=Programme.Status.ACTIVE) if programmes is None else rows.filter(
        programme_id__in=programmes
    )  # fmt: skip
    steps = tuple(map(Step._make, rows.order_by("pk").values_list(*_COLUMNS)))
    past = _finished(today, by)
    sites = {step.site for step in (*steps, *past) if step.site is not None}
    calendars = calendars_of(sites, today=today, by=by)
    said = _said(by)
    taught = [found for step in past if (found := _lesson(step, said.get(step.id, ()), calendars)) is not None]
    own = {step.id for step in steps}
    return Known(today, steps, {key: told for key, told in said.items() if key in own}, learn(taught), calendars)


def _finished(today: int, by: Actor) -> list[Step]:
    rows = Milestone.objects.visible_to(by).filter(status=Milestone.Status.DONE, duration_days__gt=0)
    rows = rows.filter(actual_end__gt=date_of(today - MEMORY))
    return [Step._make(row) for row in rows.order_by("-actual_end", "-pk").values_list(*_COLUMNS)[:MOST]]


def _said(by: Actor) -> dict[int, tuple[Said, ...]]:
    rows = CheckIn.objects.visible_to(by).filter(
        Q(milestone__status=Milestone.Status.IN_PROGRESS) | Q(milestone__status=Milestone.Status.DONE),
        status=CheckIn.Status.NOTED,
    )
    found: dict[int, list[Said]] = {}
    for row in rows.order_by("as_of", "pk").values_list("pk", "milestone_id", DayNumber("as_of"), "percent"):
        said = Said(*row)
        found.setdefault(said.step, []).append(said)
    return {key: tuple(each) for key, each in found.items()}


def _lesson(step: Step, said: Iterable[Said], calendars: Mapping[str, Calendar]) -> Finished | None:
    """A finished step as it teaches: days of work that it took, without those on which it stood still."""
    if step.actual_start is None or step.actual_end is None:
        return None
    total = _count(calendars, step, step.actual_start, step.actual_end + 1) - step.stopped
    readings = tuple(
        Reading(max(_count(calendars, step, step.actual_start, each.day + 1) - step.stopped, 0), each.percent)
        for each in said
        if each.day < step.actual_end
    )
    return Finished(step.kind, step.cdmo or 0, step.plan, max(total, 1), readings)


def _count(calendars: Mapping[str, Calendar], step: Step, start: int, end: int) -> int:
    if end <= start:
        return 0
    if step.calendar == Milestone.Calendar.EVERY_DAY:
        return end - start
    calendar = calendars[name_of(step.site)]
    return calendar.count(start, min(end, calendar.horizon))
