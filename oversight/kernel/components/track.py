"""The containment actions along the minutes since somebody became aware: where each stands in the drawing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

LEFT, WIDTH = 20.0, 600.0  # of the rail, in the units of the drawing
MOST_TICKS = 8
STEPS = (1, 2, 5, 10, 20, 30, 60, 120, 240, 480, 720, 1440)  # minutes between the marks of the scale
LETTER = 6.0  # as wide as one of the words' letters, about
ROWS = (42, 27, 12)


@dataclass(frozen=True, slots=True)
class Dot:
    """One action that was done."""

    x: float
    words: str
    row: int  # where its words stand
    anchor: str

    @property
    def stem(self) -> int:
        """Where the line from the words to the rail begins."""
        return self.row + 4


@dataclass(frozen=True, slots=True)
class Mark:
    """One number of the scale."""

    x: float
    words: str


@dataclass(frozen=True, slots=True)
class Track:
    """The whole drawing."""

    dots: tuple[Dot, ...]
    marks: tuple[Mark, ...]
    limit: Mark
    run: float  # how far the last action reaches
    late: bool
    end: float = LEFT + WIDTH


def track(start: datetime, limit: timedelta, done: Iterable[tuple[str, datetime]]) -> Track | None:
    """The drawing of the actions `done`; None where nothing is done yet."""
    moments = sorted(((max(at - start, timedelta()), words) for words, at in done), key=lambda pair: pair[0])
    if not moments:
        return None
    longest = max(moments[-1][0], limit)
    scale = WIDTH / (longest / timedelta(minutes=1))

    def place(length: timedelta) -> float:
        return round(LEFT + length / timedelta(minutes=1) * scale, 1)

    dots: list[Dot] = []
    ends = [0.0] * len(ROWS)  # how far each row is written
    for length, words in moments:
        x, wide = place(length), len(words) * LETTER
        anchor = "start" if x < LEFT + wide / 2 else "end" if x > LEFT + WIDTH - wide / 2 else "middle"
        begins = x - {"start": 0, "middle": wide / 2, "end": wide}[anchor]
        row = next((row for row, end in enumerate(ends) if begins > end), None)
        if row is None:  # no room: the list below says it
            dots.append(Dot(x, "", ROWS[0], anchor))
        else:
            ends[row] = begins + wide + LETTER
            dots.append(Dot(x, words, ROWS[row], anchor))
    minutes = int(longest / timedelta(minutes=1))
    step = next((step for step in STEPS if minutes // step <= MOST_TICKS), STEPS[-1])
    marks = tuple(Mark(place(timedelta(minutes=at)), str(at)) for at in range(0, minutes + 1, step))
    stop = Mark(place(limit), f"limit {int(limit / timedelta(minutes=1))}")
    return Track(tuple(dots), marks, stop, dots[-1].x, moments[-1][0] > limit)
