"""On which weeks the runs end, drawn: attributes and classes only, so that it passes the content policy and prints."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from techtransfer.simulation.reading import Odds, Week

WIDTH, HEIGHT, BASE, TOP = 640, 200, 170, 34  # the drawing, its ground line, and the room above the bars
LEFT, RIGHT = 8, 632
MOST_BARS = 60
LABELS = 4
NEAR_THE_END = 0.75  # of the width: words from there on stand before their place


@dataclass(frozen=True, slots=True)
class Bar:
    """Some weeks, and how many runs end in them."""

    x: float
    y: float
    width: float
    height: float
    monday: date
    until: date
    runs: int
    cumulated: int


@dataclass(frozen=True, slots=True)
class Line:
    """A day that is marked, and where its words stand."""

    x: float
    words: str
    anchor: str
    y: int


@dataclass(frozen=True, slots=True)
class Label:
    """A Monday under the drawing."""

    x: float
    words: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Histogram:
    """The whole drawing, and the weeks that each bar stands for."""

    bars: tuple[Bar, ...]
    lines: tuple[Line, ...]
    labels: tuple[Label, ...]
    weeks: int  # of one bar
    words: str
    view: str = f"0 0 {WIDTH} {HEIGHT}"
    base: int = BASE
    left: int = LEFT
    right: int = RIGHT


def histogram(odds: Odds) -> Histogram | None:
    """The drawing of one study; None where no run has a date."""
    if not odds.weeks:
        return None
    size = -(-len(odds.weeks) // MOST_BARS)
    groups = [odds.weeks[place : place + size] for place in range(0, len(odds.weeks), size)]
    first = odds.weeks[0].monday
    scale = (RIGHT - LEFT) / (len(groups) * size * 7)

    def place(day: date) -> float:
        return round(LEFT + (day - first).days * scale, 1)

    return Histogram(
        _bars(groups, size, place(first + timedelta(7 * size)) - LEFT),
        _lines(odds, first, first + timedelta(7 * size * len(groups)), place),
        _labels(groups, place),
        size,
        f"{odds.code}: half of the runs by {_on(odds.p50)}, four in five by {_on(odds.p80)}.",
    )


def _bars(groups: list[tuple[Week, ...]], size: int, step: float) -> tuple[Bar, ...]:
    most = max(sum(week.runs for week in group) for group in groups)
    found, cumulated = [], 0
    for number, group in enumerate(groups):
        runs = sum(week.runs for week in group)
        cumulated += runs
        height = round(runs / most * (BASE - TOP - 8), 1)
        x = round(LEFT + number * step, 1)
        until = group[0].monday + timedelta(7 * size - 1)
        found.append(
            Bar(
                x,
                round(BASE - height, 1),
                round(max(step - 1.5, 1), 1),
                height,
                group[0].monday,
                until,
                runs,
                cumulated,
            )
        )
    return tuple(found)


def _lines(odds: Odds, first: date, end: date, place: Callable[[date], float]) -> tuple[Line, ...]:
    days = [("P50", odds.p50), ("P80", odds.p80)]
    found = []
    for number, (name, day) in enumerate(days):
        if day is not None and first <= day < end:
            x = place(day)
            found.append(
                Line(x, f"{name} {_on(day)}", "end" if x > WIDTH * NEAR_THE_END else "start", 14 + 18 * number)
            )
    return tuple(found)


def _labels(groups: list[tuple[Week, ...]], place: Callable[[date], float]) -> tuple[Label, ...]:
    every = -(-len(groups) // LABELS)
    found = []
    for group in groups[::every]:
        x = place(group[0].monday)
        anchor = "end" if x > WIDTH * NEAR_THE_END else "start"
        found.append(Label(x, _on(group[0].monday), anchor))
    return tuple(found)


def _on(day: date | None) -> str:
    return f"{day.day} {day:%b %Y}" if day else "no day"
