"""What a change moves, and nothing else: from the changed nodes along their links, ending where nothing moves."""

from collections.abc import Iterable
from heapq import heapify, heappop, heappush

from .dates import Dates, Driver, driver_of
from .errors import OffCalendar, ScheduleError
from .network import Network
from .nodes import Changes, Id
from .rules import evaluate, explain


class Over(dict[int, int]):
    """Days by place: the moved ones kept here, the others read from the base."""

    __slots__ = ("base",)

    def __init__(self, base: list[int]) -> None:
        super().__init__()
        self.base = base

    def __missing__(self, place: int) -> int:
        return self.base[place]


def propagate(
    network: Network, base: Dates, changes: Changes | None = None, *, changed: Iterable[Id] = ()
) -> dict[Id, tuple[int, int, Driver]]:
    """The new start, finish and driver of every node that a what-if moves.

    `changed` names nodes whose rules are no longer those that the base was made with: the base was kept, and the
    network compiled anew.
    """
    rules = network.changed(changes or {})
    waiting = list(rules.keys() | {network.at(key) for key in changed})
    heapify(waiting)
    queued = set(waiting)
    days = Over(base.days)
    moved: dict[Id, tuple[int, int, Driver]] = {}
    while waiting:
        position = heappop(waiting)
        rule = rules.get(position) or base.rule(position)
        try:
            start, finish = evaluate(rule, days, base.status_date)
        except OffCalendar as trouble:
            key = network.ids[position]
            raise ScheduleError("horizon", f"Node {key!r} cannot be placed: {trouble}.", key=key) from None
        if start == base.days[2 * position] and finish == base.days[2 * position + 1]:
            continue
        days[2 * position], days[2 * position + 1] = start, finish
        _, cause = explain(rule, days, (start, finish), base.status_date)
        moved[network.ids[position]] = start, finish, driver_of(network, cause)
        for succ in network.outs[position]:
            if succ not in queued:
                queued.add(succ)
                heappush(waiting, succ)
    return moved
