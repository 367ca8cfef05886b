"""What nodes and links compile to: one rule for each position, in an order in which nothing looks ahead."""

import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from .calendar import Calendar
from .errors import OffCalendar, ScheduleError
from .nodes import CHANGEABLE, Changes, Id, Link, Node, check_links, check_node
from .order import in_order

NEVER = -(1 << 62)  # a day that holds nothing up

# A link as its successor sees it: where the day stands that it waits for, its lag and the calendar of that, and its
# place among the links as given. Days are kept in one list, a start at 2p and its finish at 2p + 1. It is a plain
# tuple because the passes take it apart a hundred thousand times.
In = tuple[int, int, Calendar | None, int]


@dataclass(frozen=True, slots=True)
class Rule:
    """All that decides one node's dates."""

    node: Node
    calendar: Calendar | None
    begins: tuple[In, ...]  # FS and SS: what its start waits for
    ends: tuple[In, ...]  # FF and SF: what its finish waits for
    begun: bool  # its start, at least, is past
    done: bool  # its finish, too
    floor: int  # the start of one that has begun; else what it may not start before
    length: int  # what remains of one that has begun; else all of it
    hold: int  # the finish of one that is done; else what it may not finish before
    slots: Sequence[int] | None

    @classmethod
    def of(cls, node: Node, calendars: Mapping[str, Calendar], begins: tuple[In, ...], ends: tuple[In, ...]) -> "Rule":
        """The rule of a node with these links."""
        calendar = calendar_of(node.calendar, calendars, node.id)
        floor, length, hold = node.not_before, node.duration, node.finish_not_before
        begun, done = node.actual_start is not None, node.actual_finish is not None
        if done:
            floor, hold, begun = _began(node, calendar), node.actual_finish, True
        elif begun:
            floor, length = node.actual_start, length if node.remaining is None else node.remaining
        return cls(
            node, calendar, begins, ends, begun, done,
            NEVER if floor is None else floor, length, NEVER if hold is None else hold, node.slots,
        )  # fmt: skip


# What the passes read of a node: its floor, the days that it waits for without lag, and with one, its length and the
# arrays of its calendar. What that cannot say is left to its rule, which else is None.
Arrays = tuple[int, list[int], list[int]]
Step = tuple[int, tuple[int, ...], tuple[tuple[int, int], ...], int, Arrays | None, Rule | None]


@dataclass(frozen=True, slots=True)
class Network:
    """Every list is by position; a position's predecessors stand before it."""

    ids: list[Id]
    position: dict[Id, int]
    rules: list[Rule]
    steps: list[Step]
    outs: list[list[int]]
    links: Sequence[Link]
    calendars: Mapping[str, Calendar]

    def at(self, key: Id) -> int:
        """The position of a node."""
        try:
            return self.position[key]
        except KeyError:
            raise ScheduleError("unknown_node", f"There is no node {key!r}.", key=key) from None

    def changed(self, changes: Changes) -> dict[int, Rule]:
        """The rules of the nodes whose fields a what-if changes, by position."""
        rules = {}
        for key, values in changes.items():
            position = self.at(key)
            for name in values:
                if name not in CHANGEABLE:
                    raise ScheduleError("unknown_key", f"Node {key!r} has no field {name!r} to change.", key=key)
            old = self.rules[position]
            node = replace(old.node, **values)
            check_node(node)
            rules[position] = Rule.of(node, self.calendars, old.begins, old.ends)
        return rules


def compile_network(
    nodes: Iterable[Node], links: Iterable[Link], calendars: Mapping[str, Calendar] | None = None
) -> Network:
    """The network of these nodes and links; refuses what no dates can come of."""
    with _no_collection():
        return _compiled(nodes, list(links), calendars or {})


@contextmanager
def _no_collection() -> Iterator[None]:
    """Nothing that compiling makes is garbage, and at 100,000 nodes looking for some took two fifths of the time."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _compiled(nodes: Iterable[Node], links: Sequence[Link], calendars: Mapping[str, Calendar]) -> Network:
    given: dict[Id, Node] = {}
    for node in nodes:
        if node.id in given:
            raise ScheduleError("duplicate_id", f"There are two nodes {node.id!r}.", key=node.id)
        check_node(node)
        given[node.id] = node
    check_links(links, given)
    ids = in_order(given, links)
    position = {key: place for place, key in enumerate(ids)}
    waits: list[list[int]] = [[] for _ in ids]  # the numbers of the links to a position
    outs: list[list[int]] = [[] for _ in ids]
    for number, link in enumerate(links):
        waits[position[link.succ]].append(number)
        outs[position[link.pred]].append(position[link.succ])
    rules, steps = [], []
    for key, numbers in zip(ids, waits, strict=True):
        # All that a pass reads of a node is made at once, so that it lies together: at 100,000 nodes that is felt.
        begins: list[In] = []
        ends: list[In] = []
        for number in numbers:
            link = links[number]
            source = 2 * position[link.pred] + (link.type[0] == "F")
            calendar = calendar_of(link.calendar, calendars, f"{link.pred} → {link.succ}")
            (ends if link.type[1] == "F" else begins).append((source, link.lag, calendar, number))
        rule = Rule.of(given[key], calendars, tuple(begins), tuple(ends))
        rules.append(rule)
        steps.append(step_of(rule))
    return Network(ids, position, rules, steps, outs, links, calendars)


def calendar_of(name: str | None, calendars: Mapping[str, Calendar], key: Id) -> Calendar | None:
    """The calendar of that name; None is seven days a week."""
    if name is None:
        return None
    try:
        return calendars[name]
    except KeyError:
        said = f"{key!r} names a calendar {name!r} that is not there."
        raise ScheduleError("unknown_calendar", said, key=key) from None


def step_of(rule: Rule) -> Step:
    """A rule as the passes read it; that of a done node carries its dates in the places of floor and length."""
    if rule.done:
        return rule.floor, (), (), rule.hold, None, rule
    calendar = rule.calendar
    simple = not rule.begun and rule.slots is None and rule.hold == NEVER and not rule.ends
    if not simple or any(lag and lag_calendar for _, lag, lag_calendar, _ in rule.begins):
        return rule.floor, (), (), rule.length, None, rule
    sources = tuple(source for source, lag, _, _ in rule.begins if not lag)
    lagged = tuple((source, lag) for source, lag, _, _ in rule.begins if lag)
    arrays = None if calendar is None else (calendar.first, calendar.before, calendar.days)
    return rule.floor, sources, lagged, rule.length, arrays, None


def _began(node: Node, calendar: Calendar | None) -> int:
    """When a done node began: as told, else its length before its finish."""
    finish, length = node.actual_finish or 0, node.duration
    if node.actual_start is not None:
        return node.actual_start
    try:
        return finish - length if calendar is None else calendar.subtract(finish, length)
    except OffCalendar as trouble:
        raise ScheduleError("horizon", f"Node {node.id!r} cannot be placed: {trouble}.", key=node.id) from None
