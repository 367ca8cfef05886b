"""What a figure measured, held against its goal, as one line of text."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One measured figure; without a goal it is printed and judges nothing."""

    id: str
    figure: str
    value: float
    unit: str = "×"  # × of a ratio, nothing of a count
    goal: float | None = None
    beside: str = ""  # what the figure was made of, for the reader
    at_least: bool = False  # the goal is the least, and not the most
    is_built: bool = True  # what the goals name and the product does not have yet is printed, and judges nothing
    curve: tuple[tuple[int, float], ...] = ()  # size and seconds, of a figure that is about growing

    @property
    def met(self) -> bool | None:
        """Whether the goal is met, judged on the number as it is printed; None without a goal."""
        if self.goal is None or not self.is_built:
            return None
        return round(self.value, 2) >= self.goal if self.at_least else round(self.value, 2) <= self.goal

    def __str__(self) -> str:
        goal = "–" if self.goal is None else f"{'≥' if self.at_least else '≤'} {_number(self.goal)}{self.unit}"
        if not self.is_built:
            return " | ".join((self.id, self.figure, "not built yet", goal, "–"))
        measured = f"{_number(self.value)}{self.unit}" + (f" ({self.beside})" if self.beside else "")
        verdict = {True: "met", False: "missed", None: "–"}[self.met]
        return " | ".join((self.id, self.figure, measured, goal, verdict))


HEAD = "id | figure | measured | goal | met/missed"


def report(rows: Iterable[Row], *, note: Callable[[Row], None] = lambda row: None) -> int:
    """Print and note each row once it is measured; answer 1 when one misses its goal or none was judged, else 0."""
    print(HEAD, flush=True)
    verdicts = []
    for row in rows:
        print(row, flush=True)
        note(row)
        if row.met is not None:
            verdicts.append(row.met)
    return 0 if verdicts and all(verdicts) else 1


def _number(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) or value >= 1000 else f"{value:.2f}"
