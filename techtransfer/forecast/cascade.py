"""The cascade: what happened at one site re-forecasts everything that waits for it, in one transaction.

It recomputes from rows under the lock of the programme: running twice gives the same, and two at once run in turn.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from django.utils import timezone

from oversight.kernel.access.scope import Actor
from oversight.kernel.outbox import publish
from oversight.kernel.trail.change import change
from techtransfer.models import Milestone, Programme, Study
from techtransfer.schedule import CycleError, ScheduleError

from .alerts import alert_of_steps, alert_of_studies
from .chain import shares
from .days import date_of, day_of
from .plan import Plan, read_plan, words_of
from .reasons import Reasons
from .run import Run, run
from .writing import Move, moves_of, write_moves, write_remarks

Moved = list[tuple[Study, date, date]]


def lock_programme(programme: int, *, by: Actor) -> Programme | None:
    """Lock the programme until the transaction ends; None for one that is out of sight, or over.

    No key of it is changed, so that nobody has to wait who only refers to it.
    """
    rows = Programme.objects.visible_to(by).select_for_update(of=("self",), no_key=True).select_related("product")
    return rows.filter(pk=programme, status=Programme.Status.ACTIVE).first()


def recascade(programme: int, *, by: Actor, reasons: Reasons) -> int:
    """Recompute the dates of one programme; answers how many steps moved."""
    with change(by=by, reason=reasons.of(None)):
        locked = lock_programme(programme, by=by)
        if locked is None:
            return 0
        with uncollected():
            return _compute(locked, by, reasons)


def _compute(programme: Programme, by: Actor, reasons: Reasons) -> int:
    plan = read_plan(programme, today=day_of(timezone.now().date()), by=by)
    studies = list(Study.objects.visible_to(by).filter(programme=programme, status=Study.Status.PLANNED).order_by("pk"))
    try:
        found = run(plan, [study.first_patient_in_id for study in studies if study.first_patient_in_id])
    except ScheduleError as error:
        _note(programme, _in_words(error, plan, by))
        return 0
    moves = moves_of(found)
    write_moves(moves, by=by, reasons=reasons)
    write_remarks(found, by=by, reason=reasons.of(None))
    _tell_rivals(plan, moves, by=by)
    moved = _write_studies(studies, found, by=by)
    alert_of_studies(programme, moved, by=by, reasons=reasons)
    alert_of_steps(programme, moves, by=by, reasons=reasons)
    if moves:
        publish("programme.dates_moved", record=programme, by=by)
    _note(programme, "")
    return len(moves)


def _tell_rivals(plan: Plan, moves: list[Move], *, by: Actor) -> None:
    """Programmes that share a fill line learn of each other's wish by an event each, when this one has written.

    The step itself has one, too: of another that moves at this moment neither sees the other before both have written.
    """
    told: set[int] = set()
    lines = {(site, line) for site, line, _ in plan.rivals}
    for move in moves:
        step = move.step
        if step.id in plan.slots and (step.site, step.line) in lines:
            days = {step.forecast_start, move.start} - {None}
            told |= {key for day in days for key, _ in plan.rivals.get((step.site, step.line, day), ())} | {step.id}
    for record in Milestone.objects.visible_to(by).filter(pk__in=told).order_by("pk"):
        publish("milestone.slot_wanted", record=record, by=by)


@contextmanager
def uncollected() -> Iterator[None]:
    """No search for garbage meanwhile: a plan is very many small objects, none of which is any before its end."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()


def _write_studies(studies: list[Study], found: Run, *, by: Actor) -> Moved:
    """The new first days of the studies; answers those that moved."""
    moved = []
    for study in studies:
        step = study.first_patient_in_id
        if step not in found.plan.steps:
            _forget(study)
            continue
        now = date_of(found.end(step))
        known = study.agreed_first_patient_in
        study.slip_days = (now - known).days if known else None
        study.float_days = _next_chain(found)
        study.chain = [share.kept() for share in shares(found, step, baseline=day_of(known) if known else None, by=by)]
        was = study.forecast_first_patient_in
        if was == now:
            Study.objects.visible_to(by).filter(pk=study.pk).update(
                slip_days=study.slip_days, float_days=study.float_days, chain=study.chain
            )
            continue
        study.forecast_before, study.forecast_first_patient_in = was, now
        study.save()
        publish("study.forecast_moved", record=study, by=by, was=was and was.isoformat(), now=now.isoformat())
        if was is not None:
            moved.append((study, was, now))
    return moved


def _forget(study: Study) -> None:
    """What is tied to no step has no forecast."""
    if study.forecast_first_patient_in is None and study.slip_days is None and not study.chain:
        return
    study.forecast_before, study.forecast_first_patient_in = study.forecast_first_patient_in, None
    study.slip_days, study.float_days, study.chain = None, None, []
    study.save()


def _next_chain(found: Run) -> int | None:
    """After how many days another chain than the critical one decides the date."""
    steps, critical = found.plan.steps, found.critical
    others = (days for key, days in found.float.items() if key not in critical and steps[key].actual_end is None)
    return min(others, default=None)


def _note(programme: Programme, problem: str) -> None:
    programme.forecast_at, programme.forecast_problem = timezone.now(), problem
    Programme.objects.filter(pk=programme.pk).update(forecast_at=programme.forecast_at, forecast_problem=problem)


def _in_words(error: ScheduleError, plan: Plan, by: Actor) -> str:
    """Why there are no dates, with the names by which people know the steps."""
    if isinstance(error, CycleError):
        names = [plan.steps[key].number for key in error.cycle]
        return f"These steps wait for each other: {' → '.join([*names, names[0]])}. Void one of the dependencies."[:300]
    step = plan.steps.get(error.key) if isinstance(error.key, int) else None
    named = f"{step.number} {words_of([step.id], by=by)[step.id].title}: " if step else ""
    return f"{named}no date can be found within fifteen years. Check its duration, its line and what it waits for."[
        :300
    ]
