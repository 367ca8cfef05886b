"""Where each bar is drawn."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .period import Period
from .values import AXIS, LANE, Bar, Lane, row_height


@dataclass(frozen=True, slots=True)
class Place:
    """From left to right, and from the top of its row; left of the drawing for a step without dates."""

    bar: Bar
    left: float
    right: float
    top: float
    low: float  # the border below its row
    bar_top: float
    bar_low: float

    @property
    def is_drawn(self) -> bool:
        """Whether it has any dates."""
        return self.left >= 0


def places(lanes: Sequence[Lane], period: Period) -> dict[int, Place]:
    """The place of every bar, by step: the bars of a folded lane share the row of its head."""
    return {place.bar.id: place for place in _each(lanes, period)}


def _each(lanes: Sequence[Lane], period: Period) -> Iterator[Place]:
    row, top = row_height(lanes), float(AXIS)
    for lane in lanes:
        if lane.is_folded:
            for bar in lane.bars:
                yield Place(bar, *_ends(bar, period), top, top + LANE, top + 9, top + 19)
        top += LANE
        for bar in lane.shown:
            yield Place(bar, *_ends(bar, period), top, top + row, top + 6, top + 23)
            top += row


def _ends(bar: Bar, period: Period) -> tuple[float, float]:
    span = bar.span or bar.baseline
    if span is None:
        return -1.0, -1.0
    left = period.at(span.start)
    return left, left if bar.is_moment else period.after(span.end)
