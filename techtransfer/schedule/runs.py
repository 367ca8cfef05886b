"""The forward pass over many runs at once: each day a vector, under every rule of the scalar pass.

The memory of a vector is used again when nobody waits for its day any more, so that what is worked on stays small and
near; what drove a day is noted beside it, a byte a run.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from .calendar import Calendar
from .drivers import Drivers, Vector, latest, plain, stretched
from .network import NEVER, In, Network, Rule
from .vectors import Line, VectorCalendar, lagged, placed, vector_calendar, worked

# By position, None where it is the network's: the lengths and the least that they can be, which may be looked at until
# the next is asked for; and the ends of holds.
Lengths = Callable[[int], tuple[Any, int] | None]
Holds = Callable[[int], Any]

SLAB = 4_194_304  # bytes taken at once: of so many the system makes large pages, which are touched sooner
FEW = 300  # nodes, which do not need as much


class Drive(NamedTuple):
    """What drove the start and what drove the finish of a node."""

    start: Drivers
    finish: Drivers


NOTHING = Drive((), ())


@dataclass(slots=True)
class Pass:
    """A network prepared for runs: only what leads to the positions that are asked for is computed."""

    network: Network
    status_date: int
    order: list[int]
    readers: dict[int, int]  # by place: how many wait for that day
    _calendars: dict[int, VectorCalendar] = field(default_factory=dict)
    _lines: dict[int, Line] = field(default_factory=dict)

    @classmethod
    def of(cls, network: Network, status_date: int, wanted: Collection[int]) -> "Pass":
        """Whoever wants a position reads its finish at the end."""
        readers: dict[int, int] = {2 * position + 1: 1 for position in wanted}
        leading, waiting = set(wanted), list(wanted)
        while waiting:
            rule = network.rules[waiting.pop()]
            if rule.done:
                continue
            for links in (rule.begins, rule.ends):
                for link in links:
                    source = link[0]
                    readers[source] = readers.get(source, 0) + 1
                    if (position := source >> 1) not in leading:
                        leading.add(position)
                        waiting.append(position)
        return cls(network, status_date, sorted(leading), readers)

    def calendar(self, calendar: Calendar | None) -> VectorCalendar | None:
        """Its look-ups for vectors."""
        if calendar is None:
            return None
        if (found := self._calendars.get(id(calendar))) is None:
            found = self._calendars[id(calendar)] = vector_calendar(calendar, self.status_date)
        return found

    def line(self, position: int, slots: Sequence[int]) -> Line:
        """The slots of a position, for vectors."""
        if (found := self._lines.get(position)) is None:
            found = self._lines[position] = Line(slots, self.status_date)
        return found

    def since(self, day: int) -> int:
        """A day as the runs count it."""
        return NEVER if day == NEVER else day - self.status_date

    def run(self, n: int, length_of: Lengths, hold_of: Holds) -> "Runs":
        """All days of `n` runs."""
        runs = Runs(self, n)
        for position in self.order:
            floor, sources, lags, length, _, rule = self.network.steps[position]
            if rule is not None and rule.done:
                runs.days[2 * position], runs.days[2 * position + 1] = self.since(floor), self.since(length)
                continue
            given, hold = length_of(position), hold_of(position)
            length, least = (length, length) if given is None else given
            if rule is None and hold is None:
                runs.simple(position, self.since(floor), sources, lags, length, least)
            else:
                rule = self.network.rules[position]
                if hold is None:
                    hold = self.since(rule.hold)
                runs.other(position, rule, length, hold)
        return runs


class Runs:
    """The days of some runs, counted from the status date; a whole number stands for the same day in all of them."""

    __slots__ = ("_begin", "_index", "_left", "_masks", "_n", "_pass", "_room", "_slab", "days", "drives")

    def __init__(self, prepared: Pass, n: int) -> None:
        size = len(prepared.network.ids)
        self._pass, self._n, self._left = prepared, n, prepared.readers.copy()
        self._room: list[Vector] = []  # memory that nobody uses at present
        self._masks: list[Any] = []
        self._slab = SLAB if len(prepared.order) > FEW else 0
        self._begin, self._index = np.empty(n, np.int64), np.empty(n, np.int64)
        self.days: list[Any] = [None] * (2 * size)  # a node's start at 2p, its finish at 2p + 1; None: nobody waits
        self.drives: list[Drive] = [NOTHING] * size

    def simple(
        self,
        position: int,
        floor: int,
        sources: tuple[int, ...],
        lags: tuple[tuple[int, int], ...],
        length: Any,
        least: int,
    ) -> None:
        """What only waits for starts and finishes: the many, so it is written out."""
        days, place = self.days, 2 * position
        waiting, lent, early = [(source, days[source]) for source in sources], [], False
        for source, lag in lags:
            day = days[source]
            early |= lag < 0
            if type(day) is int:
                day += lag
            else:
                day = np.add(day, lag, out=self._fresh())
                lent.append(day)
            waiting.append((source, day))
        begin, waited = latest(floor if floor > 0 else 0, waiting, self._begin, early=early, mask=self._mask)
        self.drives[position] = Drive(waited, waited)
        calendar = self._pass.calendar(self._pass.network.rules[position].calendar)
        start, finish = self._placed(place, begin, length, least, calendar)
        self._room += lent
        for source, _ in waiting:
            self._read(source)
        self._note(place, start, finish)

    def _placed(
        self, place: int, begin: Any, length: Any, least: int, calendar: VectorCalendar | None
    ) -> tuple[Any, Any]:
        """Start and finish, in memory of their own; the start only where somebody waits for it."""
        starts = place in self._left
        if type(begin) is int and type(length) is int:
            return placed(begin, length, calendar)
        if calendar is None:
            finish = np.add(begin, length, out=self._fresh())
            return begin.copy() if starts and type(begin) is not int else begin, finish
        into = None if type(begin) is int else self._index
        index = calendar.from_status.take(begin, out=into, mode="clip")
        start = calendar.starts.take(index, mode="clip") if starts or not least else None
        finish = calendar.ends.take(np.add(index, length, out=self._index), out=self._fresh(), mode="clip")
        if not least:
            np.copyto(finish, start, where=np.asarray(length == 0))
        return start, finish

    def other(self, position: int, rule: Rule, length: Any, hold: Any) -> None:
        """Every rule: what has begun, slots, links to the finish, holds, lags that count work days."""
        base = max(self._pass.since(rule.floor), 0)
        begin, by_begin = latest(base, [self._waited(link) for link in rule.begins])
        end, by_end = latest(NEVER, [self._waited(link) for link in rule.ends])
        calendar = self._pass.calendar(rule.calendar)
        start: Any
        if rule.begun:
            start, ready = self._pass.since(rule.floor), worked(begin, length, calendar)
        elif rule.slots is not None:
            start = self._pass.line(position, rule.slots).next(begin)
            ready = worked(start, length, calendar)
        else:
            start, ready = placed(begin, length, calendar)
        if rule.ends or type(hold) is not int or hold != NEVER:
            start, finish, first, last = stretched(
                rule, calendar, (start, ready, end), length, hold, (by_begin, by_end)
            )
        else:
            finish, first, last = ready, by_begin, by_begin
        self.drives[position] = Drive(() if rule.begun else first, last)
        for source, *_ in _links(rule):
            self._read(source)
        self._note(2 * position, start, finish)

    def _waited(self, link: In) -> tuple[int, Any]:
        source, lag, calendar, _ = link
        day = self.days[source]
        return source, plain(lagged(day, lag, self._pass.calendar(calendar))) if lag else day

    def _read(self, source: int) -> None:
        """Forget a day that nobody else waits for."""
        left = self._left[source] = self._left[source] - 1
        if not left:
            day, self.days[source] = self.days[source], None
            if isinstance(day, np.ndarray):
                self._room.append(day)

    def _fresh(self) -> Vector:
        if not self._room:
            self._room = list(np.empty((self._slab // (8 * self._n) + 1, self._n), np.int64))
        return self._room.pop()

    def _mask(self) -> Any:
        if not self._masks:
            self._masks = list(np.empty((self._slab // self._n + 1, self._n), np.bool_))
        return self._masks.pop()

    def _note(self, place: int, start: Any, finish: Any) -> None:
        if place in self._left:
            self.days[place] = plain(start)
        if place + 1 in self._left:
            self.days[place + 1] = plain(finish)


def _links(rule: Rule) -> tuple[In, ...]:
    return () if rule.done else (*rule.begins, *rule.ends)
