"""The dates that a pass gives: lists by position inside, mappings by id outside."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from .errors import ScheduleError
from .network import Network, Rule
from .nodes import Id
from .rules import Cause, explain

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Driver:
    """What fixed a node's finish: `pred` is the node behind it, `link` the place of that link among those given."""

    kind: str  # link, not_before, hold, slot, status or actual
    pred: Id | None = None
    link: int | None = None


class ByNode(Mapping[Id, T], Generic[T]):
    """A view by id of what is kept, or found, by position."""

    __slots__ = ("_at", "_network")

    def __init__(self, network: Network, at: Callable[[int], T]) -> None:
        self._network, self._at = network, at

    def __getitem__(self, key: Id) -> T:
        return self._at(self._network.position[key])

    def __iter__(self) -> Iterator[Id]:
        return iter(self._network.ids)

    def __len__(self) -> int:
        return len(self._network.ids)


@dataclass(frozen=True, slots=True)
class Dates:
    """Start, finish and driver of every node at a status date; `changed` are the rules of a what-if."""

    network: Network
    status_date: int
    days: list[int]  # a node's start at 2p, its finish at 2p + 1
    changed: Mapping[int, Rule] = field(default_factory=dict)

    @classmethod
    def of(cls, network: Network, status_date: int, start: Mapping[Any, int], finish: Mapping[Any, int]) -> "Dates":
        """Dates that were kept elsewhere, by id."""
        try:
            return cls(network, status_date, [day for key in network.ids for day in (start[key], finish[key])])
        except KeyError as missing:
            key = missing.args[0]
            raise ScheduleError("unknown_node", f"There are no dates of node {key!r}.", key=key) from None

    @property
    def start(self) -> Mapping[Id, int]:
        """The start of every node."""
        return ByNode(self.network, lambda position: self.days[2 * position])

    @property
    def finish(self) -> Mapping[Id, int]:
        """The finish of every node: the day after its last, but of a milestone its day."""
        return ByNode(self.network, lambda position: self.days[2 * position + 1])

    @property
    def driver(self) -> Mapping[Id, Driver]:
        """What fixed each finish; found from the days when asked for, so that no pass has to carry it."""
        return ByNode(self.network, lambda position: driver_of(self.network, self.causes(position)[1]))

    def rule(self, position: int) -> Rule:
        """What decides the dates at a position, the what-if included."""
        return self.changed.get(position) or self.network.rules[position]

    def causes(self, position: int) -> tuple[Cause, Cause]:
        """What fixed the start at a position, and what the finish."""
        dates = self.days[2 * position], self.days[2 * position + 1]
        return explain(self.rule(position), self.days, dates, self.status_date)


def driver_of(network: Network, cause: Cause) -> Driver:
    """A cause as the outside reads it."""
    if cause.source is None:
        return Driver(cause.kind)
    return Driver(cause.kind, network.ids[cause.source // 2], cause.link)
