"""What grants on single CDMOs cost the reader of a list page, over the same page without (P13)."""

from collections.abc import Iterator

from .crowd import CDMOS, Crowd
from .race import milliseconds, race_to
from .report import Row
from .visits import visitor

GOAL = 1.15
TURNS, SECONDS = 80, 8.0
PATHS = {"": "deviations/", "filtered": "deviations/?status=open&severity=MAJOR"}


def figures(crowd: dict[str, Crowd]) -> Iterator[Row]:
    """Two members of the same role: one sees every CDMO, to the other half of them are granted; both pages are full."""
    for each in (crowd["thousand"], crowd["million"]):
        granted, free = visitor(each.narrowed), visitor(each.staff)
        for name, path in PATHS.items():
            times = race_to(
                GOAL, TURNS, "granted", "free", warm_up=3, seconds=SECONDS,
                granted=lambda turn, visit=granted, path=path: visit(path),
                free=lambda turn, visit=free, path=path: visit(path),
            )  # fmt: skip
            shown = f"list page{f', {name}' if name else ''} at {each.rows:,} rows"
            what = f"{shown}, {CDMOS // 2} of {CDMOS} CDMOs granted / all"
            row = f"P13.{each.rows}" + (f".{name}" if name else "")
            yield Row(row, what, times["granted"] / times["free"], goal=GOAL, beside=milliseconds(times))
