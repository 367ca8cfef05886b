"""The latest of the days that a node waits for, for many runs at once, and which of them it was in each."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .network import Rule
from .vectors import VectorCalendar, placed, start_to_reach

Vector = NDArray[np.int64]
# What a day waited for: places, and in which runs each was it (True: in all); in a run the first of them counts.
Drivers = tuple[tuple[int, Any], ...]


def latest(
    base: int,
    waiting: list[tuple[int, Any]],
    out: Vector | None = None,
    *,
    early: bool = True,
    mask: Callable[[], Any] = lambda: None,
) -> tuple[Any, Drivers]:
    """The latest of a day and of what is waited for, and what that was: of equals the first, and before the day.

    Unless one may be `early`, no vector lies before the status date, so that there a link drives every run.
    """
    found: Any = None
    for _, day in waiting:
        if type(day) is int:
            base = max(base, day)
        else:
            found = day if found is None else np.maximum(found, day, out=out)
    if found is None:
        return base, tuple((source, True) for source, day in waiting if day == base)[:1]
    if base > 0 or early:
        found = np.maximum(found, base, out=out)
        return found, tuple([(source, np.equal(day, found, out=mask())) for source, day in waiting])
    # Where it was none of the others, it was the last.
    return found, (
        *[(source, np.equal(day, found, out=mask())) for source, day in waiting[:-1]],
        (waiting[-1][0], True),
    )


def stretched(
    rule: Rule,
    calendar: VectorCalendar | None,
    days: tuple[Any, Any, Any],
    length: Any,
    hold: Any,
    drivers: tuple[Drivers, Drivers],
) -> tuple[Any, Any, Drivers, Drivers]:
    """Start and finish under a hold and links to the finish, and what drove either of them."""
    (start, ready, end), (by_begin, by_end) = days, drivers
    moved: Any = np.False_  # where a link to the finish moved the whole
    if rule.ends and not rule.begun and rule.slots is None:
        later = end > ready
        moved = later | ((end == ready) & ~_any(by_begin))  # of equals a link explains more than a date
        if np.any(later):
            reached = placed(start_to_reach(end, length, calendar), length, calendar)
            start, ready = np.where(later, reached[0], start), np.where(later, reached[1], ready)
    finish = np.maximum(np.maximum(ready, end), hold)
    late = finish > ready  # neither its start nor its length says why
    first = (*_only(by_end, moved), *_only(by_begin, ~moved))
    by_link = (moved & ~late) | (late & (end == finish))
    return start, finish, first, (*_only(by_end, by_link), *_only(by_begin, ~(moved | late)))


def plain(day: Any) -> Any:
    """A day that is the same in all runs is a whole number of Python's."""
    return day if isinstance(day, np.ndarray) and day.ndim else int(day)


def _any(drivers: Drivers) -> Any:
    """Where any of them drove."""
    found: Any = np.False_
    for _, runs in drivers:
        found = found | runs
    return found


def _only(drivers: Drivers, where: Any) -> Drivers:
    """Those drivers, in the runs of `where`."""
    return tuple((source, runs & where) for source, runs in drivers)
