"""A plan as large as one likes that looks like the plans of technology transfers."""

import random
from collections.abc import Iterator

from techtransfer.schedule import Calendar, Link, Node

STEPS = 200  # of a programme
HORIZON = 4_000
SITES = 24


def realistic(n: int, seed: int) -> tuple[list[Node], list[Link], dict[str, Calendar]]:
    """About `n` milestones of programmes of 200 steps at 24 sites, and one launch that waits for every study.

    Seven in ten steps follow the calendar of their site (five days a week, holidays, one shutdown a year). A quarter is
    done and one in a hundred is under way; one in fifty is a fill with slots, one in thirty has a not-before, one in
    two hundred an open hold. Of the links 84 in 100 are finish-to-start without lag.
    """
    pick = random.Random(seed)  # noqa: S311 - a plan, not a secret
    calendars = {f"site {number}": _calendar(pick) for number in range(SITES)}
    sites = list(calendars)
    nodes: list[Node] = []
    links: list[Link] = []
    ends: list[int] = []
    while len(nodes) < n - 1:
        first, size = len(nodes), min(STEPS, n - 1 - len(nodes))
        here = pick.sample(sites, 5)
        for step in range(size):
            key = first + step
            nodes.append(_step(pick, key, here[step * 5 // size], step / size))
            for pred in _preds(pick, first, key):
                links.append(_link(pick, pred, key, here))
        ends.append(len(nodes) - 1)
    nodes.append(Node(len(nodes), 0))
    links.extend(Link(end, len(nodes) - 1) for end in ends)
    return nodes, links, calendars


def _calendar(pick: random.Random) -> Calendar:
    shut = {day for year in range(0, HORIZON, 365) for day in _break(pick, year)}
    return Calendar.of([day for day in range(HORIZON) if day % 7 < 5 and day not in shut], HORIZON)


def _break(pick: random.Random, year: int) -> Iterator[int]:
    begin = year + pick.randrange(340)
    yield from range(begin, begin + 14)
    yield from (year + pick.randrange(365) for _ in range(8))


def _preds(pick: random.Random, first: int, key: int) -> set[int]:
    """One or two steps shortly before, now and then one from far back; the first few wait for nothing."""
    if key - first < 4:
        return set()
    near = {key - 1 - min(int(pick.expovariate(0.25)), key - first - 1) for _ in range(pick.choice((1, 1, 2, 2, 3)))}
    return near | ({pick.randrange(first, key)} if pick.random() < 0.1 else set())


def _step(pick: random.Random, key: int, site: str, along: float) -> Node:
    length = pick.choice((0, 1, 2, 3, 5, 5, 8, 10, 15, 20))
    calendar = site if pick.random() < 0.7 else None
    if along < 0.25:
        start = int(along * 400)
        return Node(key, length, calendar, actual_start=start, actual_finish=start + length)
    chance = pick.random()
    if chance < 0.010:
        return Node(key, length, calendar, actual_start=95, remaining=length)
    if chance < 0.030:
        return Node(key, length, calendar, slots=tuple(range(pick.randrange(28), HORIZON, 28)))
    if chance < 0.063:
        return Node(key, length, calendar, not_before=pick.randrange(100, 500))
    if chance < 0.068:
        return Node(key, length, calendar, finish_not_before=pick.randrange(100, 500))
    return Node(key, length, calendar)


def _link(pick: random.Random, pred: int, succ: int, here: list[str]) -> Link:
    chance = pick.random()
    if chance < 0.84:
        return Link(pred, succ)
    if chance < 0.92:
        return Link(pred, succ, "FS", pick.choice((2, 3, 7, 14)), pick.choice(here) if chance < 0.86 else None)
    return Link(pred, succ, "SS" if chance < 0.96 else "FF" if chance < 0.995 else "SF", pick.randrange(-3, 8))
