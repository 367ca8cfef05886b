"""How one node's dates follow from those it waits for, and beside it the exact way back.

Every rule is a monotone function of whole days: a later input never gives an earlier date. So each has an adjoint, the
latest input for which its outcome is not after a bound, and the late dates are exact under calendars, lags and slots.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from typing import NamedTuple, Protocol

from .calendar import Calendar
from .errors import ScheduleError
from .network import NEVER, In, Rule


class Days(Protocol):
    """Starts and finishes by place: a node's start at 2p, its finish at 2p + 1."""

    def __getitem__(self, place: int, /) -> int: ...


# A link moves a day by its lag.


def lagged(day: int, lag: int, calendar: Calendar | None) -> int:
    """The day that `lag` days after `day` begins; before it when negative."""
    if calendar is None or not lag:
        return day + lag
    return calendar.add(day, lag) if lag > 0 else calendar.subtract(day, -lag)


def latest_to_lag(bound: int, lag: int, calendar: Calendar | None) -> int:
    """The latest day that the lag moves no further than `bound`."""
    if calendar is None or not lag:
        return bound - lag
    return calendar.subtract(bound, lag) if lag > 0 else calendar.latest_to_subtract(bound, -lag)


# A length of work moves a start to a finish.


def worked(day: int, length: int, calendar: Calendar | None) -> int:
    """Where work of that length ends that may begin on `day`."""
    return day + length if calendar is None else calendar.add(day, length)


def latest_to_work(bound: int, length: int, calendar: Calendar | None) -> int:
    """The latest day to begin it so that it ends not after `bound`."""
    return bound - length if calendar is None else calendar.subtract(bound, length)


# What has not begun starts on a work day.


def placed(day: int, length: int, calendar: Calendar | None) -> tuple[int, int]:
    """Start and finish of a whole activity that may begin on `day`."""
    return (day, day + length) if calendar is None else calendar.place(day, length)


def start_to_reach(finish: int, length: int, calendar: Calendar | None) -> int:
    """The first start of one that is to end at `finish` or later; its way back is `worked`."""
    return finish - length if calendar is None else calendar.start_to_reach(finish, length)


def latest_to_place(bound: int, length: int, calendar: Calendar | None) -> int:
    """The latest start of one that is to end not after `bound`."""
    return bound - length if calendar is None else calendar.latest_to_place(bound, length)


# A slot moves a start to the next day that the line has promised.


def next_slot(rule: Rule, day: int) -> int:
    """The first slot not before `day`."""
    slots = rule.slots or ()
    place = bisect_left(slots, day)
    if place == len(slots):
        key = rule.node.id
        raise ScheduleError("no_slot", f"Node {key!r} has no slot left on day {day} or later.", key=key)
    return slots[place]


def last_slot(rule: Rule, bound: int) -> int:
    """The latest slot not after `bound`; `bound` itself where none is, which is then late already."""
    slots = rule.slots or ()
    place = bisect_right(slots, bound)
    return slots[place - 1] if place else bound


# The dates of a node.


def evaluate(rule: Rule, days: Days, status_date: int) -> tuple[int, int]:
    """Start and finish of a node, given the days of all that it waits for."""
    if rule.done:
        return rule.floor, rule.hold
    calendar, length = rule.calendar, rule.length
    begin = rule.floor
    if begin < status_date:
        begin = status_date
    for source, lag, lag_calendar, _ in rule.begins:
        day = days[source]
        if lag:
            day = day + lag if lag_calendar is None else lagged(day, lag, lag_calendar)
        if day > begin:
            begin = day
    if rule.begun:
        # Retained logic: what is left waits as the whole would have; the start is past.
        start, finish = rule.floor, worked(begin, length, calendar)
    elif rule.slots is not None:
        # A promised day is taken whatever the calendar says, and kept: a link to the finish stretches it.
        start = next_slot(rule, begin)
        finish = worked(start, length, calendar)
    else:
        start, finish = (begin, begin + length) if calendar is None else calendar.place(begin, length)
    for source, lag, lag_calendar, _ in rule.ends:
        day = days[source]
        if lag:
            day = day + lag if lag_calendar is None else lagged(day, lag, lag_calendar)
        if day > finish:
            if rule.begun or rule.slots is not None:
                finish = day  # a start that is past or promised stays
            else:  # the whole activity moves, whose length stays
                start, finish = placed(start_to_reach(day, length, calendar), length, calendar)
    return start, finish if finish > rule.hold else rule.hold


# What fixed each date.


class Cause(NamedTuple):
    """A kind of driver and, if a link lies behind it, where the day stands that it waited for, and its number."""

    kind: str
    source: int | None = None
    link: int | None = None


STATUS, NOT_BEFORE, HOLD, ACTUAL = (Cause(kind) for kind in ("status", "not_before", "hold", "actual"))


def explain(rule: Rule, days: Days, dates: tuple[int, int], status_date: int) -> tuple[Cause, Cause]:
    """What fixed the start and what the finish; of equals a link explains more than a date, and the first wins."""
    if rule.done:
        return ACTUAL, ACTUAL
    calendar, length = rule.calendar, rule.length
    start, finish = dates
    begin, cause = status_date, STATUS
    if rule.floor > begin:
        begin, cause = rule.floor, ACTUAL if rule.begun else NOT_BEFORE
    day, by_begin = _latest(rule.begins, days)
    if by_begin is not None and day >= begin:
        begin, cause = day, by_begin
    end, by_end = _latest(rule.ends, days)
    by_start = cause
    if rule.begun:
        by_start, reached = ACTUAL, worked(begin, length, calendar)
    elif rule.slots is not None:
        if start > begin:
            by_start = cause = Cause("slot", cause.source, cause.link)
        reached = worked(start, length, calendar)
    else:
        _, reached = placed(begin, length, calendar)
        if by_end is not None and (end > reached or (end == reached and cause.link is None)):
            by_start = cause = by_end
        reached = worked(start, length, calendar)
    if finish > reached:
        cause = by_end if by_end is not None and end == finish else HOLD
    return by_start, cause


def _latest(links: Iterable[In], days: Days) -> tuple[int, Cause | None]:
    """The latest of the days that these links give, and the first link that gives it."""
    latest_day, cause = NEVER, None
    for source, lag, calendar, number in links:
        day = lagged(days[source], lag, calendar)
        if day > latest_day:
            latest_day, cause = day, Cause("link", source, number)
    return latest_day, cause


# The way back.

FAR = 1 << 62  # the bound of what nothing bounds


def latest(rule: Rule, start: int, finish: int, by_start: int, by_finish: int) -> tuple[int, int, int, int]:
    """The way back through `evaluate`: its start may not be after `by_start`, nor its finish after `by_finish`.

    Gives the late start and finish, and the latest days that what it waits for may give to its start and its finish.
    """
    calendar, length = rule.calendar, rule.length
    if rule.begun:
        # Its float is what is left between its finish and the latest one: its start cannot move.
        spare = min(by_start - start, by_finish - finish)  # beyond all measure on a side that nothing waits for
        told, last = start + spare, by_finish if by_finish != FAR else finish + spare
        if rule.done:  # it could have been so much later, and so could what was done before it
            return told, finish + spare, told, finish + spare
        return told, last, FAR if by_finish == FAR else latest_to_work(by_finish, length, calendar), by_finish
    if rule.slots is not None:
        by_work = FAR if by_finish == FAR else latest_to_work(by_finish, length, calendar)
        first = last_slot(rule, min(by_start, by_work))
        last, end = worked(first, length, calendar), by_finish  # a link to its finish only stretches it
    else:
        by_work = FAR if by_finish == FAR else latest_to_place(by_finish, length, calendar)
        first = by_work if by_work <= by_start else latest_to_place(by_start, 0, calendar)
        last = end = worked(first, length, calendar)  # a link to its finish moves it all
    told = first
    if finish > by_finish and first >= start:
        # A hold or a link makes the finish late though the start is not. An earlier start would not mend that, so
        # what the start waits for is not called late; the node itself is, by as many days.
        told = start - (finish - by_finish)
    return told, by_finish if by_work <= by_start else last, first, end
