"""The dates of a plan found the slow way: walking day by day, over and over until nothing changes; shares no code."""

from collections.abc import Mapping, Sequence

from techtransfer.schedule import Link, Node

Open = Mapping[str, frozenset[int]]  # the work days of each calendar
Found = dict[object, tuple[int, int]]


def is_open(day: int, calendar: str | None, open_days: Open) -> bool:
    return calendar is None or day in open_days[calendar]


def walk(day: int, count: int, calendar: str | None, open_days: Open) -> int:
    """Forward or back from a midnight over so many work days."""
    while count > 0:
        count -= is_open(day, calendar, open_days)
        day += 1
    while count < 0:
        day -= 1
        count += is_open(day, calendar, open_days)
    return day


def slow_dates(nodes: Sequence[Node], links: Sequence[Link], open_days: Open, status_date: int) -> Found:
    found = {node.id: first_guess(node, open_days) for node in nodes}
    while True:
        before = dict(found)
        for node in nodes:
            found[node.id] = settle(
                node, [link for link in links if link.succ == node.id], found, open_days, status_date
            )
        if found == before:
            return found


def first_guess(node: Node, open_days: Open) -> tuple[int, int]:
    return -150, -150


def settle(node: Node, links: Sequence[Link], found: Found, open_days: Open, status_date: int) -> tuple[int, int]:
    def given(link: Link) -> int:
        return walk(found[link.pred][link.type[0] == "F"], link.lag, link.calendar, open_days)

    if node.actual_finish is not None:
        if node.actual_start is not None:
            return node.actual_start, node.actual_finish
        return walk(node.actual_finish, -node.duration, node.calendar, open_days), node.actual_finish
    to_start = [given(link) for link in links if link.type[1] == "S"]
    to_finish = [given(link) for link in links if link.type[1] == "F"]
    hold = [] if node.finish_not_before is None else [node.finish_not_before]
    if node.actual_start is not None:
        remaining = node.duration if node.remaining is None else node.remaining
        resumed = max([status_date, node.actual_start, *to_start])
        return node.actual_start, max([walk(resumed, remaining, node.calendar, open_days), *to_finish, *hold])
    own = [] if node.not_before is None else [node.not_before]
    day = max([status_date, *own, *to_start])
    if node.slots is not None:
        day = min(slot for slot in node.slots if slot >= day)
        return day, max([walk(day, node.duration, node.calendar, open_days), *to_finish, *hold])
    while True:
        finish = walk(day, node.duration, node.calendar, open_days)
        if is_open(day, node.calendar, open_days) and finish >= max([finish, *to_finish]):
            return day, max([finish, *hold])
        day += 1
