"""Work days as two look-up arrays: how many lie before a day, and which day is the k-th."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate

from .errors import OffCalendar, ScheduleError

LONGEST = 1_000_000  # days between the first work day and the horizon: some 2,700 years


@dataclass(frozen=True, slots=True)
class Calendar:
    """The work days before `horizon`; what lies before the first is closed, what lies beyond the horizon unknown."""

    first: int
    horizon: int
    before: list[int]  # before[d - first]: how many work days lie before day d, for first <= d <= horizon
    days: list[int]  # days[k]: the k-th work day, counted from 0

    @classmethod
    def of(cls, work_days: Iterable[int], horizon: int) -> "Calendar":
        """The calendar of these absolute day numbers; those at the horizon or later are not used."""
        days = sorted({day for day in work_days if day < horizon})
        first = days[0] if days else horizon
        if horizon - first > LONGEST:
            raise ScheduleError("invalid", f"A calendar of more than {LONGEST:,} days is not kept.")
        open_on = bytearray(horizon - first)
        for day in days:
            open_on[day - first] = 1
        return cls(first, horizon, list(accumulate(open_on, initial=0)), days)

    def __repr__(self) -> str:
        return f"Calendar({len(self.days)} work days from {self.first}, horizon {self.horizon})"

    def count(self, start: int, end: int) -> int:
        """How many work days lie in [start, end)."""
        return self._before(end) - self._before(start)

    # Forward: each of these never falls when its day rises.

    def snap(self, day: int) -> int:
        """The first work day not before `day`."""
        return self._day(self._before(day))

    def add(self, day: int, length: int) -> int:
        """Where `length` work days end that begin not before `day`: the day after the last; `day` itself for none."""
        if not length:
            return day
        try:
            return self.days[(self.before[day - self.first] if day > self.first else 0) + length - 1] + 1
        except IndexError:
            raise self._beyond() from None

    def place(self, day: int, length: int) -> tuple[int, int]:
        """Start and finish of `length` work days that begin not before `day`: `snap` and `add` in one."""
        try:
            index = self.before[day - self.first] if day > self.first else 0
            start = self.days[index]
            return start, self.days[index + length - 1] + 1 if length else start
        except IndexError:
            raise self._beyond() from None

    def subtract(self, day: int, length: int) -> int:
        """The work day that begins the last `length` work days before `day`; `day` itself for none."""
        return self._day(self._before(day) - length) if length else day

    def start_to_reach(self, finish: int, length: int) -> int:
        """The first work day from which `length` work days end at `finish` or later."""
        if not length:
            return self.snap(finish)
        return self._day(max(0, self._before(finish - 1) - length + 1))

    # Backward: the latest day for which a rule above still gives no more than `bound`. That of `add` is `subtract`,
    # and that of `start_to_reach` is `add`.

    def latest_to_snap(self, bound: int) -> int:
        """The latest day whose `snap` is not after `bound`: the last work day up to then."""
        return self._day(self._before(bound + 1) - 1)

    def latest_to_subtract(self, bound: int, length: int) -> int:
        """The latest day from which `length` work days back is not after `bound`."""
        return self._day(self._before(bound + 1) + length - 1) if length else bound

    def latest_to_place(self, bound: int, length: int) -> int:
        """The latest work day to start on so that `length` work days end not after `bound`."""
        return self.subtract(bound, length) if length else self.latest_to_snap(bound)

    def _before(self, day: int) -> int:
        if day <= self.first:
            return 0
        if day > self.horizon:
            raise self._beyond()
        return self.before[day - self.first]

    def _day(self, index: int) -> int:
        if index < 0:
            raise OffCalendar(f"it would lie before the first work day {self.first} of its calendar")
        if index >= len(self.days):
            raise self._beyond()
        return self.days[index]

    def _beyond(self) -> OffCalendar:
        return OffCalendar(f"it would lie beyond the last work day before the horizon {self.horizon} of its calendar")
