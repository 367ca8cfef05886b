"""Writes what a run found: of what moved one version each with its cause, of all else only what is derived from it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection

from oversight.kernel.access.scope import Actor
from oversight.kernel.trail.change import change
from techtransfer.models import Milestone

from .days import FIRST
from .plan import Step
from .reasons import Reasons
from .run import Run

_MOVE = f"""
UPDATE techtransfer_milestone m
   SET forecast_before = m.forecast_end,
       forecast_start = DATE '{FIRST}' + v.start, forecast_end = DATE '{FIRST}' + v.end,
       moved_because = v.because, cause_kind = %(kind)s, cause_id = %(id)s, cause_number = %(number)s
  FROM unnest(%(ids)s::bigint[], %(starts)s::int[], %(ends)s::int[], %(because)s::text[]) v (id, start, "end", because)
 WHERE m.id = v.id AND m.tenant_id = %(tenant)s
"""
_REMARK = """
UPDATE techtransfer_milestone m
   SET driver = v.driver, driver_id = v.driver_id, driver_link = v.driver_link, hold_days = v.hold_days,
       slip_days = v.slip, float_days = v.float, is_critical = v.critical, warning = v.warning
  FROM unnest(%(ids)s::bigint[], %(drivers)s::text[], %(driver_ids)s::bigint[], %(links)s::text[], %(holds)s::int[],
              %(slips)s::int[], %(floats)s::int[], %(criticals)s::bool[], %(warnings)s::text[])
       v (id, driver, driver_id, driver_link, hold_days, slip, float, critical, warning)
 WHERE m.id = v.id AND m.tenant_id = %(tenant)s
"""
ACTUAL = ("actual", 0, "")


@dataclass(frozen=True, slots=True)
class Move:
    """One step whose dates moved; days as the engine counts them, an end is a last day."""

    step: Step
    start: int
    end: int
    because: str

    @property
    def days(self) -> int:
        """How much later it ends now; 0 for one that had no forecast."""
        return 0 if self.step.forecast_end is None else self.end - self.step.forecast_end


def moves_of(run: Run) -> list[Move]:
    """The steps whose first or last day is another than before."""
    found = []
    for step in run.plan.steps.values():
        start, end = run.start(step.id), run.end(step.id)
        if (start, end) != (step.forecast_start, step.forecast_end):
            found.append(Move(step, start, end, _because(run, step)))
    return found


def write_moves(moves: Iterable[Move], *, by: Actor, reasons: Reasons) -> None:
    """One statement for each reason; the database writes one version of each step."""
    grouped: dict[str, list[Move]] = {}
    for move in moves:
        grouped.setdefault(reasons.of(move.step.cdmo), []).append(move)
    for reason, some in grouped.items():
        values = {
            "tenant": by.tenant,
            "kind": reasons.cause.kind,
            "id": reasons.cause.id,
            "number": reasons.cause.number,
            "ids": [move.step.id for move in some],
            "starts": [move.start for move in some],
            "ends": [move.end for move in some],
            "because": [move.because for move in some],
        }
        with change(by=by, reason=reason), connection.cursor() as cursor:
            cursor.execute(_MOVE, values)


def write_remarks(run: Run, *, by: Actor, reason: str) -> None:
    """Slip, float, criticality, driver and warnings, of the steps where any of them is another than before."""
    changed = []
    for step in run.plan.steps.values():
        found = (
            *_driver(run, step),
            run.hold_days.get(step.id, 0),
            None if step.baseline_end is None else run.end(step.id) - step.baseline_end,
            run.float.get(step.id),
            step.id in run.critical,
            run.warnings.get(step.id, ""),
        )
        stored = (
            step.driver, step.driver_id, step.driver_link, step.hold_days, step.slip, step.float, step.is_critical,
            step.warning,
        )  # fmt: skip
        if found != stored:
            changed.append((step.id, *found))
    if not changed:
        return
    names = ("ids", "drivers", "driver_ids", "links", "holds", "slips", "floats", "criticals", "warnings")
    values = dict(zip(names, map(list, zip(*changed, strict=True)), strict=True))
    with change(by=by, reason=reason), connection.cursor() as cursor:
        cursor.execute(_REMARK, values | {"tenant": by.tenant})


def _driver(run: Run, step: Step) -> tuple[str, int, str]:
    """What drives the step: the kind, the step before, and the type of the link to it."""
    if step.actual_end is not None:
        return ACTUAL
    driver = run.dates.driver[step.id]
    return (
        (driver.kind, driver.pred, run.plan.links[driver.link].type)
        if driver.link is not None
        else (driver.kind, 0, "")
    )


def _because(run: Run, step: Step) -> str:
    kind, before, link = _driver(run, step)
    return f"{link} {run.plan.steps[before].number}" if before else str(Milestone.Driver(kind).label)
