"""What the plan asks of the apps above it. Filled once, in `apps.py` of whoever answers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from oversight.kernel.access.scope import Actor

from .forecast.reasons import Reasons
from .models import Milestone


@dataclass(frozen=True, slots=True)
class Overdue:
    """What takes longer than 80 of 100 such things took: its number, the days so far, and from how many cases."""

    number: str
    days: int
    p80: int
    cases: int
    whose: str = ""  # past ones of this partner's


class HoldTimes(NamedTuple):
    """Since when a step is held, as the engine counts days, and how many days half and four in five such holds took."""

    since: int
    p50: int
    p80: int


@dataclass(slots=True)
class Ports:
    """Who answers for the apps above."""

    # How long such holds took before, in a sentence; nothing where nobody knows.
    hold_takes: Callable[[Milestone, Actor], str] = lambda step, actor: ""
    # The same as numbers, by step, for all steps of a programme at once.
    hold_times: Callable[[int, Actor], dict[int, HoldTimes]] = lambda programme, actor: {}
    # What of the steps of a programme is another tomorrow than today, before its dates are computed.
    a_day_passed: Callable[[int, Actor, Reasons], None] = lambda programme, actor, reasons: None
    # Of these batches, by key: whose record is awaited for longer than usual, and whose investigation takes longer.
    late_records: Callable[[Sequence[int], Actor], dict[int, Overdue]] = lambda batches, actor: {}
    old_investigations: Callable[[Sequence[int], Actor], dict[int, Overdue]] = lambda batches, actor: {}


PORTS = Ports()
