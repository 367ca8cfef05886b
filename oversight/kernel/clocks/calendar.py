"""By when something is due: plain arithmetic over a site's calendar, without a database and without the present time.

Minutes and hours run by the wall clock of nobody: an hour is 60 minutes also in the night when the clocks change.
Days are counted as Regulation (EEC, Euratom) No 1182/71 art. 3(1) counts them, without the day on which the period
begins, and end at the close of business where the work is done: a time that people know by heart, and earlier than the
midnight of art. 3(2). For the same reason a period of days is not stretched over a weekend (art. 3(4)); one of working
days never ends on one. Since a period ends at a close of business, what begins later never ends earlier.

A pause stops minutes and hours. A day counts unless the clock stood still at its close.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

CLOSE_OF_BUSINESS = time(17)
MOST = 10_000  # of any unit

Pauses = tuple[tuple[datetime, datetime], ...]  # in order, apart from each other


class Unit(StrEnum):
    """What a limit counts."""

    MINUTES = "MINUTES"
    HOURS = "HOURS"
    DAYS = "DAYS"
    WORKING_DAYS = "WORKING_DAYS"

    @property
    def label(self) -> str:
        """Several of them, in words: working days."""
        return self.value.replace("_", " ").lower()

    def words(self, count: int) -> str:
        """So many of them, as on screen: 60 min, 24 h, 30 days, 1 working day."""
        if self in _SYMBOL:
            return f"{count} {_SYMBOL[self]}"
        return f"{count} {self.label.removesuffix('s') if count == 1 else self.label}"


_SYMBOL = {Unit.MINUTES: "min", Unit.HOURS: "h"}
_STEP = {Unit.MINUTES: timedelta(minutes=1), Unit.HOURS: timedelta(hours=1)}


@dataclass(frozen=True, slots=True)
class Calendar:
    """When a site works: its zone, the days of its week (Monday is 0), and the days on which it is closed."""

    zone: str = "UTC"
    working_week: frozenset[int] = frozenset(range(5))
    closures: frozenset[date] = field(default_factory=frozenset)

    def __post_init__(self) -> None:
        if not self.working_week or not self.working_week <= set(range(7)):
            raise ValueError("A working week has at least one day, of Monday (0) to Sunday (6).")

    def works_on(self, day: date) -> bool:
        """Whether `day` is a working day."""
        return day.weekday() in self.working_week and day not in self.closures

    def day_of(self, moment: datetime) -> date:
        """The day that it is at the site."""
        return moment.astimezone(ZoneInfo(self.zone)).date()

    def close_of(self, day: date) -> datetime:
        """The close of business of `day`, in UTC."""
        return datetime.combine(day, CLOSE_OF_BUSINESS, ZoneInfo(self.zone)).astimezone(UTC)

    def closes(self, start: datetime, unit: Unit, pauses: Pauses) -> Iterator[datetime]:
        """The close of each day that counts after the day of `start`, without end."""
        day = self.day_of(start)
        while True:
            day += timedelta(days=1)
            close = self.close_of(day)
            if (unit is Unit.DAYS or self.works_on(day)) and not any(since < close <= to for since, to in pauses):
                yield close


def due(start: datetime, limit: int, unit: Unit, calendar: Calendar, pauses: Pauses = ()) -> datetime:
    """When `limit` units have run since `start`, in UTC."""
    if not 1 <= limit <= MOST:
        raise ValueError(f"A limit is between 1 and {MOST:,} {unit.label}.")
    if unit in _STEP:
        end = start.astimezone(UTC) + limit * _STEP[unit]
        for since, to in pauses:
            if since < end:
                end += to - max(since, start)
        return end
    for count, close in enumerate(calendar.closes(start, unit, pauses), 1):
        if count == limit:
            return close
    raise AssertionError("days never end")


def spent(start: datetime, end: datetime, unit: Unit, calendar: Calendar, pauses: Pauses = ()) -> int:
    """How many units had begun by `end`: no more than the limit exactly when `end` is not after what is due.

    Counted no further than any limit goes.
    """
    if unit in _STEP:
        still = sum((min(to, end) - max(since, start) for since, to in pauses if since < end), timedelta())
        return min(math.ceil((end - start - still) / _STEP[unit]), MOST + 1)
    if calendar.day_of(end) <= calendar.day_of(start):
        return 0
    for count, close in enumerate(calendar.closes(start, unit, pauses), 1):
        if end <= close or count > MOST:
            return count
    raise AssertionError("days never end")
