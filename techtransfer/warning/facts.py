"""Facts that stand beside the number, each with its figures: what was missed, moved, or takes longer than usual."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection

from oversight.kernel.access.scope import Actor
from oversight.kernel.records.words import day_in_words
from techtransfer.forecast.days import date_of
from techtransfer.models import Milestone, Slot
from techtransfer.ports import PORTS, Overdue

from .asking import GRACE, asked_on
from .reading import Known, Step

MISSED, RECORD, MOVED, INVESTIGATION, SLOT = "check_in_missed", "record_late", "date_moved", "investigation", "slot"
SLOT_BY = 60  # days before its start, by which a step of a fill line has its slot
TWICE = 2
_MOVED = """
SELECT id, count(*), min(known), max(partner_end) FROM (
  SELECT id, partner_end,
         coalesce(lag(partner_end) OVER versions, planned_end) AS before,
         first_value(coalesce(partner_end, planned_end)) OVER versions AS known
    FROM techtransfer_historicalmilestone
   WHERE tenant_id = %s AND id = ANY(%s)
  WINDOW versions AS (PARTITION BY id ORDER BY history_id)
) v WHERE partner_end > before GROUP BY id HAVING count(*) >= %s
"""


@dataclass(frozen=True, slots=True)
class Fact:
    """One rule that holds: its name, the sentence, and the figures in it."""

    rule: str
    says: str
    figures: Mapping[str, Any]

    def stored(self) -> dict[str, Any]:
        """As a warning keeps it."""
        return {"rule": self.rule, "says": self.says, **self.figures}


def facts_of(known: Known, *, by: Actor) -> dict[int, list[Fact]]:
    """The facts of each open step, in a number of statements that does not depend on how many there are."""
    found: dict[int, list[Fact]] = {}
    steps = {step.id: step for step in known.steps}
    for key, fact in (*_missed(known), *_records(known, by), *_moved(steps, by), *_held(known, by), *_slots(known, by)):
        found.setdefault(key, []).append(fact)
    return found


def _missed(known: Known) -> Iterable[tuple[int, Fact]]:
    """Of partners alone: nobody asks the sponsor's own people."""
    for step in known.steps:
        if step.cdmo is None or not step.is_under_way or step.actual_start is None:
            continue
        said = known.said.get(step.id, ())
        asked = asked_on(step.actual_start, said[-1].day if said else None)
        late = known.today - asked
        if late > GRACE:
            last = f"the last one is of {_day(said[-1].day)}" if said else "there is none yet"
            words = f"Check-in missed: it was asked for on {_day(asked)}; {last}."
            yield step.id, Fact(MISSED, words, {"asked_on": _iso(asked), "days": late, "check_ins": len(said)})


def _records(known: Known, by: Actor) -> Iterable[tuple[int, Fact]]:
    late = PORTS.late_records(sorted({step.batch for step in known.steps if step.batch}), by)
    for step in known.steps:
        if (found := late.get(step.batch)) is not None and step.kind == Milestone.Step.RELEASE:
            since = _day(known.today - found.days)
            words = (
                f"Record of {found.number} is awaited since {since}; {step.partner or 'its maker'} sent 80 % of "
                f"{found.cases} within {found.p80} days."
            )
            yield step.id, Fact(RECORD, words, _figures(found))


def _held(known: Known, by: Actor) -> Iterable[tuple[int, Fact]]:
    held = [step for step in known.steps if step.held_since is not None and step.batch]
    old = PORTS.old_investigations(sorted({step.batch for step in held}), by)
    for step in held:
        if (found := old.get(step.batch)) is not None:
            since = _day(known.today - found.days)
            words = (
                f"Investigation {found.number} goes on since {since}; 80 % of {found.cases} {found.whose} were over "
                f"within {found.p80} days."
            )
            yield step.id, Fact(INVESTIGATION, words, _figures(found))


def _moved(steps: Mapping[int, Step], by: Actor) -> Iterable[tuple[int, Fact]]:
    told = sorted(key for key, step in steps.items() if step.partner_end is not None)
    if not told:
        return
    with connection.cursor() as cursor:
        cursor.execute(_MOVED, [by.tenant, told, TWICE])
        rows = cursor.fetchall()
    for key, times, first, last in rows:
        often = "twice" if times == TWICE else f"{times} times"
        since = f", from {day_in_words(first)} to {day_in_words(last)}" if first and first < last else ""
        figures = {"times": times, "first": first and first.isoformat(), "last": last.isoformat()}
        yield key, Fact(MOVED, f"Its date was moved later {often}{since}.", figures)


def _slots(known: Known, by: Actor) -> Iterable[tuple[int, Fact]]:
    waiting = {
        step.id: step
        for step in known.steps
        if step.line and step.status == Milestone.Status.PLANNED and step.forecast_start is not None
        if step.forecast_start - known.today <= SLOT_BY
    }
    if not waiting:
        return
    rows = Slot.objects.visible_to(by).filter(status=Slot.Status.BOOKED, milestone_id__in=sorted(waiting))
    booked = set(rows.filter(starts_on__gte=date_of(known.today)).values_list("milestone_id", flat=True))
    for key, step in waiting.items():
        if key not in booked:
            days = max((step.forecast_start or 0) - known.today, 0)
            words = f"No slot of {step.line} is booked; by the plan it begins on {_day(known.today + days)}."
            yield key, Fact(SLOT, words, {"line": step.line, "days": days})


def _figures(found: Overdue) -> dict[str, Any]:
    return {"number": found.number, "days": found.days, "p80": found.p80, "cases": found.cases}


def _day(day: int) -> str:
    return day_in_words(date_of(day))


def _iso(day: int) -> str:
    return date_of(day).isoformat()
