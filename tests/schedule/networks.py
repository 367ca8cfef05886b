"""Random plans of every kind that the engine knows."""

from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from techtransfer.schedule import Calendar, Link, Network, Node, compile_network

FROM, HORIZON = -400, 1_600
STATUS = 20


@dataclass(frozen=True, slots=True)
class Plan:
    """Nodes in no particular order, with acyclic links."""

    nodes: list[Node]
    links: list[Link]
    open_days: dict[str, frozenset[int]]

    @property
    def network(self) -> Network:
        """Compiled."""
        calendars = {name: Calendar.of(days, HORIZON) for name, days in self.open_days.items()}
        return compile_network(self.nodes, self.links, calendars)


def work_days(closed: set[int]) -> frozenset[int]:
    """Three weeks of any shape, over and over."""
    return frozenset(day for day in range(FROM, HORIZON) if day % 21 not in closed)


CALENDAR = st.sampled_from((None, "week", "wild"))
DAY = st.integers(0, 45)
KINDS = ("plain", "not_before", "hold", "slots", "slots hold", "begun", "begun hold", "done", "alone")
OPTIONS = st.sampled_from((*["plain"] * 3, *KINDS))
_OF_NODE = st.tuples(st.integers(0, 6), CALENDAR, OPTIONS, DAY, DAY, st.integers(0, 6))
_OF_LINK = st.tuples(
    st.integers(0, 8),
    st.integers(0, 8),
    st.sampled_from(("FS", "FS", "SS", "FF", "SF")),
    st.sampled_from((0, 0, 1, 3, 9, -1, -2, -4)),
    CALENDAR,
)


@st.composite
def plans(draw: Any) -> Plan:
    """Up to nine nodes; any type of link with a lag of either sign on any calendar."""
    size = draw(st.integers(2, 9))
    nodes = [_node(key, *draw(_OF_NODE)) for key in range(size)]
    ends = [
        (a % size, b % size, *rest) for a, b, *rest in draw(st.lists(_OF_LINK, min_size=size - 1, max_size=2 * size))
    ]
    links = [Link(min(a, b), max(a, b), *rest) for a, b, *rest in ends if a != b]
    closed = draw(st.sets(st.integers(0, 20), max_size=16))
    order = draw(st.permutations(nodes)) if size < 6 else nodes[::-1]
    return Plan(list(order), links, {"week": work_days({5, 6, 12, 13, 19, 20}), "wild": work_days(closed)})


def _node(key: int, length: int, calendar: str | None, kind: str, day: int, other: int, left: int) -> Node:
    given: dict[str, Any] = {}
    if kind in {"done", "alone"}:
        given["actual_finish"] = min(day, STATUS)
        if kind == "done":
            given["actual_start"] = min(day, other, STATUS)
    elif "begun" in kind:
        given |= {"actual_start": day // 2, "remaining": None if left == 6 else left}
    elif "slots" in kind:
        given["slots"] = tuple(range(day, 1_200, 5 + other))
    elif kind == "not_before":
        given["not_before"] = day
    if "hold" in kind:
        given["finish_not_before"] = other
    return Node(key, length, calendar, **given)
