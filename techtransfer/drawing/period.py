"""Which days are drawn, and how wide."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from .values import Span

WIDTH = 864  # pixels, of a period that fits the page
LEAST_PER_DAY, WIDEST = 1.2, 4000  # of a longer one, which scrolls
MONTHS = (1, 3, 12, 120, 1200, 12000)  # between two lines
NARROWEST = 24  # pixels between them
ZOOMS = {"3m": 3, "6m": 6, "12m": 12}  # months
LAST_YEAR = 9990  # in which a period may begin
FITS = 400  # days that are still legible when drawn at once


@dataclass(frozen=True, slots=True)
class Period:
    """From the first day to the last; `zoom` is the name of its length, empty when it was chosen to fit."""

    first: date
    last: date
    zoom: str

    @property
    def width(self) -> int:
        """Pixels."""
        return max(WIDTH, min(round(self.days * LEAST_PER_DAY), WIDEST))

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    def at(self, day: date) -> float:
        """Where a day begins, kept inside the drawing."""
        days = min(max((day - self.first).days, 0), self.days)
        return round(days * self.width / self.days, 1)

    def after(self, day: date) -> float:
        """Where a day ends."""
        return self.at(day + timedelta(1)) if day < date.max else float(self.width)

    def has(self, day: date) -> bool:
        """Whether the day is drawn."""
        return self.first <= day <= self.last

    def months(self) -> Iterator[date]:
        """The first of every month in it; of every quarter, year and so on where months would be too narrow."""
        pixels = 30.4 * self.width / self.days
        step = next((step for step in MONTHS if step * pixels >= NARROWEST), MONTHS[-1])
        count = self.first.year * 12 + self.first.month - 1
        for each in range(count + -count % step, self.last.year * 12 + self.last.month, step):
            month = date(each // 12, each % 12 + 1, 1)
            if month >= self.first:
                yield month


def months_later(day: date, months: int) -> date:
    """The first of the month so many months later."""
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    return date(min(max(year, 1), 9999), month + 1, 1)


def choose(zoom: str, since: date | None, *, work: Span | None, everything: Span | None, today: date) -> Period:
    """The period that somebody asked for; else all that is still to be done, or its first year where that is long.

    `work` spans the open steps, `everything` the done ones, too.
    """
    if zoom == "all" and everything:
        return Period(*_padded(everything), "all")
    if zoom in ZOOMS:
        first = since if since and since.year <= LAST_YEAR else _a_little_before(today)
        return Period(first, months_later(first, ZOOMS[zoom]) + timedelta(first.day - 2), zoom)
    first, last = _padded(work) if work else (today, months_later(today, 3))
    first = min(max(first, _a_little_before(today)), _a_little_before(last))
    if (last - first).days > FITS:
        last = first + timedelta(365)
    return Period(first, last, "")


def _a_little_before(day: date) -> date:
    return months_later(max(day, date.min + timedelta(14)) - timedelta(14), 0)


def _padded(span: Span) -> Span:
    """Room before the first bar, and behind the last for its dates."""
    room = timedelta(max((span.end - span.start).days // 10, 7))
    first = max(span.start, date.min + timedelta(3)) - timedelta(3)
    return Span(first, span.end + room if (date.max - span.end) > room else date.max)
