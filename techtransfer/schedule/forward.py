"""Early dates: one pass in order."""

from .dates import Dates
from .errors import OffCalendar, ScheduleError
from .network import Network, step_of
from .nodes import Changes
from .rules import evaluate


def forward(network: Network, status_date: int, changes: Changes | None = None) -> Dates:
    """Start, finish and driver of every node; `changes` is a what-if, `{id: {field: value}}`."""
    steps, changed = network.steps, network.changed(changes or {})
    if changed:
        steps = steps.copy()
        for position, new in changed.items():
            steps[position] = step_of(new)
    days: list[int] = []
    add = days.append
    try:
        for floor, sources, lagged, length, arrays, rule in steps:
            if rule is not None:
                start, finish = (floor, length) if rule.done else evaluate(rule, days, status_date)
                add(start)
                add(finish)
                continue
            # `evaluate` written out for the many that only wait for starts and finishes.
            start = status_date if status_date > floor else floor
            for source in sources:
                if days[source] > start:
                    start = days[source]
            for source, lag in lagged:
                if days[source] + lag > start:
                    start = days[source] + lag
            if arrays is None:
                add(start)
                add(start + length)
            else:
                first, before, work_days = arrays
                index = before[start - first] if start > first else 0
                start = work_days[index]
                add(start)
                add(work_days[index + length - 1] + 1 if length else start)
    except (OffCalendar, IndexError) as trouble:
        key = network.ids[len(days) // 2]
        said = str(trouble) if isinstance(trouble, OffCalendar) else "its calendar has no further work day"
        raise ScheduleError("horizon", f"Node {key!r} cannot be placed: {said}.", key=key) from None
    return Dates(network, status_date, days, changed)
