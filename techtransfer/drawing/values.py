"""What is drawn: lanes of bars, and the arrows between them. Every end is the last day of the work."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

LANE, ROW, DENSE_ROW = 28, 48, 36  # pixels; static/css/charts.css has the same for the labels beside them
AXIS = 40
MANY = 30  # rows beyond which they are drawn closer together, and lanes are folded unless somebody opens them


class Span(NamedTuple):
    """First and last day."""

    start: date
    end: date


@dataclass(frozen=True, slots=True)
class Imagined:
    """Where a what-if puts a step, or in a word what becomes of it."""

    span: Span | None
    word: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """One step of the plan."""

    id: int
    title: str
    href: str
    note: str  # what is said beneath its title
    shape: tuple[str, str]  # tone and glyph of how it stands
    span: Span | None  # forecast, or what happened
    baseline: Span | None
    is_moment: bool
    is_done: bool
    is_critical: bool
    slip: int
    imagined: Imagined | None = None

    def days(self) -> Iterator[date]:
        """Every day on which something of it is drawn begins or ends."""
        for span in (self.span, self.baseline, self.imagined and self.imagined.span):
            if span:
                yield from span

    def lies_in(self, first: date, last: date) -> bool:
        """Whether anything of it is to be seen from `first` to `last`; what has no date is."""
        spans = [span for span in (self.span, self.baseline, self.imagined and self.imagined.span) if span]
        return not spans or any(span.start <= last and span.end >= first for span in spans)


@dataclass(frozen=True, slots=True)
class Lane:
    """The steps of one stage at one place; folded, they share the one row of its head."""

    key: str
    title: str
    place: str
    bars: Sequence[Bar]
    is_folded: bool
    toggle: str  # the address at which it is folded, or opened

    @property
    def shown(self) -> Sequence[Bar]:
        """The bars that have a row of their own."""
        return () if self.is_folded else self.bars


class Arrow(NamedTuple):
    """One dependency: FS, SS, FF or SF."""

    before: int
    after: int
    link: str


def row_height(lanes: Sequence[Lane]) -> int:
    """Rows stand closer where there are many; a what-if needs its room."""
    bars = [bar for lane in lanes for bar in lane.shown]
    return DENSE_ROW if len(bars) > MANY and not any(bar.imagined for bar in bars) else ROW
