"""How pages grow with their tables (P11): the list, the audit trail and Today, each as a whole request."""

from collections.abc import Iterator

from .crowd import Crowd
from .exponent import Curve, exponent, in_words
from .race import race
from .report import Row
from .visits import Visit, visitor

TURNS, SECONDS, TRIES = 40, 8.0, 3
LIST_GOAL, DASHBOARD_GOAL = 0.05, 0.10
PAGES = {
    "list": ("deviations/", "the list of deviations", ("thousand", "ten-thousand", "million"), LIST_GOAL),
    "trail": ("audit-trail/", "the audit trail", ("ten-thousand", "million"), LIST_GOAL),
    "dashboard": ("", "Today, whatever waits", ("thousand", "ten-thousand", "million"), DASHBOARD_GOAL),
}


def figures(crowd: dict[str, Crowd]) -> Iterator[Row]:
    """One row for each page; each is judged."""
    visits = {name: visitor(each.staff) for name, each in crowd.items()}
    for name, (path, what, sponsors, goal) in PAGES.items():
        curve = _curve({crowd[each].rows: visits[each] for each in sponsors}, path, goal)
        sizes = f"{curve[0][0]:,} to {curve[-1][0]:,}"
        yield Row(f"P11.{name}", f"growth of {what}, {sizes} deviations", exponent(curve), "", goal,
                  in_words(curve), curve=curve)  # fmt: skip


def _curve(visits: dict[int, Visit], path: str, goal: float) -> Curve:
    """The least of all turns; what seems to miss is measured again: a busy moment only adds."""
    least: dict[str, float] = {}
    runners = {str(size): (lambda turn, visit=visit: visit(path)) for size, visit in visits.items()}
    for _ in range(TRIES):
        times = race(TURNS, warm_up=2, seconds=SECONDS, **runners)
        least = {size: min(seconds, least.get(size, seconds)) for size, seconds in times.items()}
        curve = tuple((int(size), seconds) for size, seconds in sorted(least.items(), key=lambda each: int(each[0])))
        if exponent(curve) <= goal:
            break
    return curve
