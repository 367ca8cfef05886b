"""What happens to a batch is what happens to the steps of the plan that make and release it.

Done by the system after the event: the step that releases a batch may be another partner's, whom the one that made it
does not see.
"""

from datetime import date, timedelta

from django.utils import timezone

from batches.models import Batch, BatchHold
from batches.models.batch import GIVEN_UP
from oversight.kernel.access.scope import Actor
from oversight.kernel.trail.change import change
from techtransfer.forecast import Reasons, working_days
from techtransfer.models import Milestone

from .estimates import estimate

Status, Step = Batch.Status, Milestone.Status
MADE = (Status.MADE, Status.UNDER_REVIEW, Status.RELEASED)
BATCH = Batch._meta.db_table


def follow(batch: Batch, *, by: Actor, reasons: Reasons) -> None:
    """Bring the steps of the batch up to what the batch says; the programme is locked. Safe to repeat."""
    with change(by=by, reason=reasons.of(batch.cdmo_id)):
        every = list(BatchHold.objects.visible_to(by).filter(batch=batch).order_by("since_on", "id"))
        holds = [hold for hold in every if hold.lifted_on is None]
        for hold in holds:
            _judge(hold, by)
        over = [
            (max(hold.since_on, batch.started_on or hold.since_on), hold.lifted_on)
            for hold in every
            if hold.lifted_on and hold.held_in == Status.IN_PROCESS
        ]
        keys = {"make": batch.make_step_id, "release": batch.release_step_id}
        rows = Milestone.objects.visible_to(by).select_for_update(of=("self",)).order_by("pk")
        steps = {step.pk: step for step in rows.filter(pk__in=[key for key in keys.values() if key])}
        for part, key in keys.items():
            if (step := steps.get(key or 0)) is not None and _governs(batch, step, by):
                before = _values(step)
                _say(batch, step, part, holds)
                if part == "make" and batch.is_undecided:
                    _stopped(step, every, working_days(step, over, by=by))
                if _values(step) != before:
                    with change(by=by, reason=reasons.of(step.cdmo_id)):
                        step.save()
        for step in rows.filter(batch_id=batch.pk).exclude(pk__in=steps):
            with change(by=by, reason=reasons.of(step.cdmo_id)):
                _let_go(step)  # the batch is of another step now


def expected_until(hold: BatchHold, today: date) -> date:
    """When a hold is expected to be over: after the median, then the 80th percentile, of past investigations.

    One that has outlasted both is expected to end on the next day: that is never a promise, and the page says so.
    """
    for days in (hold.days_p50, hold.days_p80):
        if days and (until := hold.since_on + timedelta(days=days)) > today:
            return until
    return today + timedelta(days=1)


def _judge(hold: BatchHold, by: Actor) -> None:
    """How long such causes have taken so far, anew each time: more is known every day."""
    found = estimate(hold.cdmo_id, by=by)
    known = (hold.days_p50, hold.days_p80, hold.cases, hold.basis)
    if known != (found.days_p50, found.days_p80, found.cases, found.basis):
        hold.days_p50, hold.days_p80 = found.days_p50, found.days_p80
        hold.cases, hold.basis = found.cases, found.basis
        hold.save(update_fields=["days_p50", "days_p80", "cases", "basis"])  # whether it is lifted, others decide


def _governs(batch: Batch, step: Milestone, by: Actor) -> bool:
    """Whether the step follows this batch, and not one that took its place; a void one follows nothing."""
    if step.status == Step.VOID:
        return False
    if step.batch_id in (0, batch.pk, batch.replaces_id):
        return True
    # Planned anew without naming the one that was given up.
    former = Batch.objects.visible_to(by).filter(pk=step.batch_id, status__in=GIVEN_UP)
    return batch.status not in GIVEN_UP and former.exists()


def _say(batch: Batch, step: Milestone, part: str, holds: list[BatchHold]) -> None:
    step.batch_id, step.batch_number = batch.pk, batch.number
    if batch.status == Status.VOID:
        step.batch_id, step.batch_number = 0, ""
    if batch.status == Status.REJECTED:
        _again(batch, step)
    elif part == "make":
        _made(batch, step)
    else:
        _released(batch, step)
    _held(batch, step, part, holds)


def _made(batch: Batch, step: Milestone) -> None:
    step.actual_start = batch.started_on
    step.actual_end = batch.made_on if batch.status in MADE else None
    step.status = _status(step)


def _released(batch: Batch, step: Milestone) -> None:
    """Testing and review begin when the batch is made, and end with its release."""
    step.actual_start = batch.made_on if batch.status in MADE else None
    step.actual_end = batch.decided_on if batch.status == Status.RELEASED else None
    step.status = _status(step)


def _status(step: Milestone) -> str:
    return Step.DONE if step.actual_end else Step.IN_PROGRESS if step.actual_start else Step.PLANNED


def _again(batch: Batch, step: Milestone) -> None:
    """A rejected batch is made again: nothing of what was done counts, and it begins no earlier than today."""
    step.status, step.actual_start, step.actual_end, step.partner_end = Step.PLANNED, None, None, None
    step.again_from = batch.decided_on
    step.fact_kind, step.fact_id, step.fact_number = BATCH, batch.pk, batch.number
    step.fact = f"{batch.number} was rejected: it has to be made again"


def _held(batch: Batch, step: Milestone, part: str, holds: list[BatchHold]) -> None:
    """The hold that is expected to last longest; work stands still in whichever step the batch is."""
    here = "make" if batch.status in (Status.PLANNED, Status.IN_PROCESS) else "release"
    if part != here or not batch.is_undecided or not holds:
        _unheld(step)
        return
    today = timezone.now().date()
    hold = max(holds, key=lambda each: (expected_until(each, today), -each.pk))
    step.held_since, step.held_until = hold.since_on, expected_until(hold, today)
    step.hold_kind, step.hold_id, step.hold_number = hold.cause_kind, hold.cause_id, hold.cause_number
    step.hold_cause = hold.cause


def _stopped(step: Milestone, every: list[BatchHold], days: int) -> None:
    """Days that it stood still stay the account of what held it, when that is over."""
    if days == step.stopped_days:
        return
    step.stopped_days = days
    if last := max(
        (hold for hold in every if hold.lifted_on), key=lambda hold: (hold.lifted_on, hold.pk), default=None
    ):
        step.fact_kind, step.fact_id, step.fact_number = last.cause_kind, last.cause_id, last.cause_number
        step.fact = f"it held {step.batch_number} for {days} working {'day' if days == 1 else 'days'}"


def _let_go(step: Milestone) -> None:
    """Nothing of what the batch did was done here: the step has still to be done."""
    step.batch_id, step.batch_number = 0, ""
    step.status, step.actual_start, step.actual_end, step.stopped_days = Step.PLANNED, None, None, 0
    _unheld(step)
    step.save()


def _unheld(step: Milestone) -> None:
    step.held_since = step.held_until = None
    step.hold_kind, step.hold_id, step.hold_number, step.hold_cause = "", 0, "", ""


def _values(step: Milestone) -> dict[str, object]:
    return {field.attname: getattr(step, field.attname) for field in step._meta.concrete_fields}
