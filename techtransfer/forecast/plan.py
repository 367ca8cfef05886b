"""A programme's plan as it stands in the database, and the network that it makes."""

from collections.abc import Collection
from dataclasses import dataclass, fields, replace
from typing import Any, NamedTuple

from oversight.kernel.access.scope import Actor
from techtransfer.models import Dependency, Milestone, Programme, Slot
from techtransfer.schedule import Calendar, Link, Network, Node, ScheduleError, compile_network
from techtransfer.schedule.errors import OffCalendar

from .calendars import calendars_of, name_of
from .days import DayNumber, finish_of

Status = Milestone.Status
_COLUMNS = (
    "pk", "number", "cdmo_id", "site_id", "calendar", "line", "status", "duration_days",
    *(
        DayNumber(name)
        for name in (
            "earliest_start", "again_from", "actual_start", "actual_end", "partner_end", "confirmed_on", "need_by",
            "held_since", "held_until", "baseline_start", "baseline_end", "forecast_start", "forecast_end",
        )
    ),
    "stopped_days",
    "driver", "driver_id", "driver_link", "hold_days", "slip_days", "float_days", "is_critical", "warning",
)  # fmt: skip


Place = tuple[int | None, str, int]  # a site, a fill line and a day


class Step(NamedTuple):  # which is made of a row in a tenth of the time that a dataclass takes
    """One milestone's row, days as the engine counts them; ends are last days still."""

    id: int
    number: str
    cdmo: int | None
    site: int | None
    calendar: str
    line: str
    status: str
    duration: int
    earliest_start: int | None
    again_from: int | None
    actual_start: int | None
    actual_end: int | None
    partner_end: int | None
    confirmed_on: int | None
    need_by: int | None
    held_since: int | None
    held_until: int | None
    baseline_start: int | None
    baseline_end: int | None
    forecast_start: int | None
    forecast_end: int | None
    stopped: int
    driver: str
    driver_id: int
    driver_link: str
    hold_days: int
    slip: int | None
    float: int | None
    is_critical: bool
    warning: str


class SlotDay(NamedTuple):
    """One slot of a fill line that is open or booked, and the step for which it is."""

    id: int
    number: str
    site: int
    line: str
    day: int
    step: int | None


@dataclass(frozen=True, slots=True)
class Words:
    """What people call one of the few steps about which something is said, and what fixed its dates."""

    title: str
    hold_kind: str
    hold_id: int
    hold_number: str
    hold_cause: str
    fact_kind: str
    fact_id: int
    fact_number: str
    fact: str


@dataclass(frozen=True, slots=True)
class Plan:
    """The steps by key, what links them, and what they wait for."""

    today: int
    steps: dict[int, Step]
    links: list[Link]
    calendars: dict[str, Calendar]
    slots: dict[int, tuple[int, ...]]  # the days on which a step of a fill line may begin
    slots_on: dict[Place, tuple[int, str]]  # key and number of the slot
    rivals: dict[Place, list[tuple[int, str]]]  # keys and numbers of other programmes' steps that want it

    def network(self, *, unslotted: frozenset[int] = frozenset()) -> Network:
        """The network of the plan; the steps `unslotted` begin whenever they can."""
        nodes = []
        for step in self.steps.values():
            try:
                node = node_of(step, self.calendars.get(calendar_of(step) or ""), self.today)
            except OffCalendar as trouble:
                raise ScheduleError("horizon", str(trouble), key=step.id) from None
            if step.id in self.slots and step.id not in unslotted and step.actual_start is None:
                node = replace(node, slots=self.slots[step.id])
            nodes.append(node)
        return compile_network(nodes, self.links, self.calendars)


def read_plan(programme: Programme, *, today: int, by: Actor) -> Plan:
    """Read the whole plan, in six statements."""
    rows = Milestone.objects.visible_to(by).filter(programme=programme).exclude(status=Status.VOID).order_by("pk")
    steps = {step.id: step for step in map(Step._make, rows.values_list(*_COLUMNS))}
    calendars = calendars_of({step.site for step in steps.values() if step.site}, today=today, by=by)
    slots, rivals = _slots(steps, today, by), _rivals(programme, steps, by)
    return Plan(today, steps, _links(programme, steps, by), calendars, *slots, rivals)


def words_of(keys: Collection[int], *, by: Actor) -> dict[int, Words]:
    """The words of some steps, by key: read only of those about which there is something to say."""
    names = tuple(field.name for field in fields(Words))
    rows = Milestone.objects.visible_to(by).filter(pk__in=keys).order_by()
    return {key: Words(*words) for key, *words in rows.values_list("pk", *names)} if keys else {}


def node_of(step: Step, calendar: Calendar | None, today: int) -> Node:
    """The step as the engine takes it."""
    name, length = calendar_of(step), step.duration
    if step.status == Status.DONE and step.actual_start is not None and step.actual_end is not None:
        finish = finish_of(step.actual_end, length)
        return Node(step.id, length, name, actual_start=min(step.actual_start, finish), actual_finish=finish)
    begun = step.actual_start if step.status == Status.IN_PROGRESS else None
    left = _left(step, calendar, today) if begun is not None else length
    freed = _freed(step, calendar, today, left)
    if begun is not None:
        return Node(step.id, length, name, finish_not_before=freed, actual_start=begun, remaining=left)
    floors = [day for day in (step.earliest_start, step.again_from, _promised(step, calendar)) if day is not None]
    return Node(step.id, length, name, not_before=max(floors, default=None), finish_not_before=freed)


def free_finish(step: Step, calendar: Calendar | None, today: int) -> int | None:
    """When a step in progress would end had its work gone on instead of standing still; None where nothing stands."""
    if step.held_since is None or step.status != Status.IN_PROGRESS or knew_of_hold(step):
        return None
    since, left = min(today, step.held_since), _left(step, calendar, today)
    return calendar.add(since, left) if calendar else since + left


def calendar_of(step: Step) -> str | None:
    """The name of the calendar by which the step's days are counted; None: every day."""
    return None if step.calendar == Milestone.Calendar.EVERY_DAY else name_of(step.site)


def _left(step: Step, calendar: Calendar | None, today: int) -> int:
    """Days of work that are left: by the partner's date, else what its duration leaves. Something always is."""
    since = min(today, step.held_since) if step.held_since is not None else today
    if step.partner_end is not None:
        left = _count(calendar, today if knew_of_hold(step) else since, finish_of(step.partner_end, step.duration))
    else:
        left = step.duration - _count(calendar, step.actual_start or today, since) + step.stopped
    return max(left, 1) if step.duration else 0


def _freed(step: Step, calendar: Calendar | None, today: int, left: int) -> int | None:
    """The earliest finish under a hold: work stands still, and what is left of it follows when the hold is over."""
    if step.held_until is None:
        return None
    until = max(step.held_until, today + 1)  # an open hold is never over already
    after = 1 if knew_of_hold(step) else left  # a date that was given in knowledge of the hold has reckoned with it
    return calendar.add(until, after) if calendar else until + after


def knew_of_hold(step: Step) -> bool:
    """Whether the partner has given its date since the hold began."""
    if step.partner_end is None or step.held_since is None or step.confirmed_on is None:
        return False
    return step.confirmed_on > step.held_since


def _promised(step: Step, calendar: Calendar | None) -> int | None:
    """When a step that has not begun must begin to end on the partner's date; None: longer ago than calendars know."""
    if step.partner_end is None:
        return None
    finish = finish_of(step.partner_end, step.duration)
    if calendar is None:
        return finish - step.duration
    if finish <= calendar.horizon and calendar.count(calendar.first, finish) < step.duration:
        return None
    return calendar.subtract(finish, step.duration)


def _count(calendar: Calendar | None, start: int, end: int) -> int:
    if end <= start:
        return 0
    return calendar.count(start, end) if calendar else end - start


def _links(programme: Programme, steps: dict[int, Step], by: Actor) -> list[Link]:
    rows = Dependency.objects.visible_to(by).filter(programme=programme, status=Dependency.Status.ACTIVE)
    found = rows.order_by("pk").values_list("predecessor_id", "successor_id", "link", "lag_days", "lag_unit")
    working = Dependency.LagUnit.WORKING
    return [
        Link(before, after, link, lag, calendar_of(steps[after]) if unit == working else None)
        for before, after, link, lag, unit in found
        if before in steps and after in steps
    ]


def _rivals(programme: Programme, steps: dict[int, Step], by: Actor) -> dict[Place, list[tuple[int, str]]]:
    """By site, line and day of its forecast, what other programmes begin on the lines for which this one waits."""
    lines = {(step.site, step.line) for step in steps.values() if _waits_for_line(step)}
    if not lines:
        return {}
    rows = Milestone.objects.visible_to(by).filter(status=Status.PLANNED, programme__status=Programme.Status.ACTIVE)
    rows = rows.filter(site_id__in={site for site, _ in lines}, line__in={line for _, line in lines})
    rows = rows.exclude(programme=programme).exclude(forecast_start=None).order_by("pk")
    found: dict[Place, list[tuple[int, str]]] = {}
    for key, number, *place in rows.values_list("pk", "number", "site_id", "line", DayNumber("forecast_start")):
        found.setdefault((place[0], place[1], place[2]), []).append((key, number))
    return found


def _waits_for_line(step: Step) -> bool:
    return bool(step.line) and step.status == Status.PLANNED


def _slots(
    steps: dict[int, Step], today: int, by: Actor
) -> tuple[dict[int, tuple[int, ...]], dict[Place, tuple[int, str]]]:
    """For each step of a fill line that has not begun, the days on which it may: its own slot, and those still free."""
    waiting = [step for step in steps.values() if _waits_for_line(step)]
    if not waiting:
        return {}, {}
    rows = Slot.objects.visible_to(by).filter(site_id__in={step.site for step in waiting}).order_by("starts_on")
    rows = rows.filter(status__in=(Slot.Status.OPEN, Slot.Status.BOOKED))
    columns = ("pk", "number", "site_id", "line", DayNumber("starts_on"), "milestone_id")
    found = [SlotDay(*row) for row in rows.values_list(*columns)]
    return allotted(waiting, found, today), {(slot.site, slot.line, slot.day): (slot.id, slot.number) for slot in found}


def allotted(waiting: Collection[Step], slots: Collection[SlotDay], today: int) -> dict[int, tuple[int, ...]]:
    """For each step that waits for a line, the days that are its to begin on, of `slots` in the order of their days."""
    free: dict[tuple[Any, str], list[int]] = {}
    own: dict[int, int] = {}
    places = {step.id: (step.site, step.line) for step in waiting}
    for slot in slots:
        place = slot.site, slot.line
        if slot.step is None:
            free.setdefault(place, []).append(slot.day)
        elif slot.day >= today and place == places.get(slot.step):  # the step may wait for another line by now
            own.setdefault(slot.step, slot.day)
    found = {}
    for step in waiting:
        booked = own.get(step.id)
        later = [day for day in free.get((step.site, step.line), ()) if booked is None or day > booked]
        found[step.id] = tuple(later if booked is None else [booked, *later])
    return found


__all__ = ["Plan", "SlotDay", "Step", "Words", "allotted", "node_of", "read_plan", "words_of"]
