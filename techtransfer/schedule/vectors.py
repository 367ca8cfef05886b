"""The rules of the engine with each day a vector: column k is run k. It shares their meaning, not their code.

Days are int64, counted from the status date. A day that does not exist in a run (no slot left, or beyond the horizon of
a calendar) is LOST or more, later than any day; what waits for it is lost in that run, too. `tests/simulation` holds
every column to the scalar engine.
"""

from array import array
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .calendar import Calendar

Days = NDArray[np.int64]  # of shape (n,), or a whole number where all runs agree
LOST = 1 << 40
LINE = 1 << 39  # from here on a day is no day
MOST_KEPT = 64  # calendars, each of a quarter of a megabyte


class VectorCalendar:
    """The look-ups of a calendar for vectors of days; what the scalar one refuses is LOST."""

    __slots__ = ("_before", "_days", "_first", "ends", "from_status", "starts")

    def __init__(self, calendar: Calendar, status_date: int) -> None:
        self._first = calendar.first - status_date
        days = np.frombuffer(array("q", calendar.days), np.int64) - status_date
        # As the scalar one has it; counted anew, for a list of days is turned into an array in half of the time.
        before = np.zeros(calendar.horizon - calendar.first + 2, np.int64)
        before[days - self._first + 1] = 1
        np.cumsum(before, out=before)
        before[-1] = LOST  # beyond the horizon
        self._before = before
        self._days = np.full(len(days) + 2, LOST)  # the k-th work day at k + 1
        self._days[1:-1] = days
        self.starts = self._days[1:]  # the k-th work day
        self.ends = self._days + 1  # where k work days end
        # For days not before the status date, which is all that work ever begins on.
        if self._first <= 0 <= calendar.horizon - status_date:
            self.from_status = before[-self._first : -1]
        else:
            there = np.arange(max(calendar.horizon - status_date, 0) + 1) - self._first
            self.from_status = before.take(there, mode="clip") if status_date <= calendar.horizon else before[-1:]

    def add(self, day: Any, length: Any) -> Any:
        """Where `length` work days end that begin not before `day`; `day` itself for none."""
        return _unless_none(length, day, self.ends.take(self._count(day) + length, mode="clip"))

    def subtract(self, day: Any, length: Any) -> Any:
        """The work day that begins the last `length` work days before `day`; `day` itself for none."""
        return _unless_none(length, day, self._days.take(self._count(day) - length + 1, mode="clip"))

    def place(self, day: Any, length: Any) -> tuple[Any, Any]:
        """Start and finish of `length` work days that begin not before `day`, the status date or later."""
        index = self.from_status.take(day, mode="clip")
        start = self.starts.take(index, mode="clip")
        return start, _unless_none(length, start, self.ends.take(index + length, mode="clip"))

    def start_to_reach(self, finish: Any, length: Any) -> Any:
        """The first work day from which `length` work days end at `finish` or later."""
        reach = np.maximum(self._count(finish - 1) - length + 1, 0)
        return self.starts.take(np.where(length == 0, self._count(finish), reach), mode="clip")

    def _count(self, day: Any) -> Any:
        """How many work days lie before each day."""
        return self._before.take(day - self._first, mode="clip")


def _unless_none(length: Any, without: Any, found: Any) -> Any:
    """What was found, but where the length is none: that moves nothing."""
    if isinstance(length, int):
        return found if length else without
    return found if length.min() else np.where(length == 0, without, found)


_KEPT: "OrderedDict[tuple[int, int], tuple[Calendar, VectorCalendar]]" = OrderedDict()


def vector_calendar(calendar: Calendar, status_date: int) -> VectorCalendar:
    """The look-ups of a calendar, kept from the last time: a plan's calendars serve it for a while."""
    key = id(calendar), status_date
    kept = _KEPT.pop(key, None)
    # A kept calendar cannot be another than the one whose id it has: it is held here.
    found = kept or (calendar, VectorCalendar(calendar, status_date))
    _KEPT[key] = found
    if len(_KEPT) > MOST_KEPT:
        _KEPT.popitem(last=False)
    return found[1]


class Line:
    """The slots of a step, for vectors of days."""

    __slots__ = ("_next",)

    def __init__(self, slots: Sequence[int], status_date: int) -> None:
        to_come = np.array([slot - status_date for slot in slots if slot >= status_date], np.int64)
        self._next = np.append(np.repeat(to_come, np.diff(to_come, prepend=-1)), LOST)  # by day from the status date

    def next(self, day: Any) -> Any:
        """The first slot not before each day, the status date or later; LOST after the last."""
        return self._next.take(day, mode="clip")


def lagged(day: Any, lag: int, calendar: VectorCalendar | None) -> Any:
    """The days that `lag` days after `day` begin; before it when negative."""
    if calendar is None or not lag:
        return day + lag
    return calendar.add(day, lag) if lag > 0 else calendar.subtract(day, -lag)


def worked(day: Any, length: Any, calendar: VectorCalendar | None) -> Any:
    """Where work of that length ends that may begin on `day`."""
    return day + length if calendar is None else calendar.add(day, length)


def placed(day: Any, length: Any, calendar: VectorCalendar | None) -> tuple[Any, Any]:
    """Start and finish of a whole activity that may begin on `day`."""
    return (day, day + length) if calendar is None else calendar.place(day, length)


def start_to_reach(finish: Any, length: Any, calendar: VectorCalendar | None) -> Any:
    """The first start of one that is to end at `finish` or later."""
    return finish - length if calendar is None else calendar.start_to_reach(finish, length)
