"""What a figure measured, held against its goal, as one line of text."""

from collections.abc import Iterable
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

    @property
    def met(self) -> bool | None:
        """Whether the goal is met, judged on the number as it is printed; None without a goal."""
        return None if self.goal is None else round(self.value, 2) <= self.goal

    def __str__(self) -> str:
        measured = f"{_number(self.value)}{self.unit}" + (f" ({self.beside})" if self.beside else "")
        goal = "–" if self.goal is None else f"≤ {_number(self.goal)}{self.unit}"
        verdict = {True: "met", False: "missed", None: "–"}[self.met]
        return " | ".join((self.id, self.figure, measured, goal, verdict))


HEAD = "id | figure | measured | goal | met/missed"


def report(rows: Iterable[Row]) -> int:
    """Print each row as soon as it is measured; answer 1 when one misses its goal or none was judged, else 0."""
    print(HEAD, flush=True)
    verdicts = []
    for row in rows:
        print(row, flush=True)
        if row.met is not None:
            verdicts.append(row.met)
    return 0 if verdicts and all(verdicts) else 1


def _number(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) or value >= 1000 else f"{value:.2f}"
