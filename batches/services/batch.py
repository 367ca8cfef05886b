"""What follows from the moves of a batch: its steps, its days, its clocks, its holds."""

from collections.abc import Iterable
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.utils import timezone

from batches.models import Batch
from batches.models.batch import NOBODY
from oversight.kernel.access.scope import Actor
from oversight.kernel.clocks.services import answer, restart_with, start, stop, stop_all
from techtransfer.causes import Cause
from techtransfer.models import Milestone
from techtransfer.services.plan import join

from . import amounts, holding
from .rules import RECORD, REVIEW

STEPS = ("make_step_id", "release_step_id")
BEGUN = "This step has begun without the batch, or is over. Choose one that still has to begin."


def begin(record: Batch, actor: Actor) -> None:
    """It joins its programme; made in place of another it takes over that one's steps."""
    join(record, actor)
    if record.replaces_id:
        replaced = Batch.objects.visible_to(actor).filter(pk=record.replaces_id).first()
        _demand_rejected(replaced)
        for name in STEPS:
            if replaced and getattr(record, name) is None:
                setattr(record, name, getattr(replaced, name))
    _demand_open_steps(record, STEPS)


def amended(record: Batch, actor: Actor, columns: frozenset[str]) -> None:
    """Corrected days, or another site with its calendar, move the clocks; what went on stays accounted for."""
    _demand_open_steps(record, columns & {*STEPS})
    if columns & {"actual_yield", "unit"}:
        _demand_enough(record)
    if columns & {"site_id", "made_on", "record_sent_on"}:
        if record.made_on:
            sent = _morning(record, record.record_sent_on) if record.record_sent_on else None
            restart_with(record, RECORD.name, from_=_morning(record, record.made_on), answered_at=sent)
        if record.record_sent_on:
            restart_with(record, REVIEW.name, from_=_morning(record, record.record_sent_on))


def begin_making(record: Batch, actor: Actor) -> None:
    """It begins today at the site, unless the person says when it did."""
    record.started_on = record.started_on or record.today


def make(record: Batch, actor: Actor) -> None:
    """It is made today at the site, unless the person says when it was."""
    record.made_on = record.made_on or record.today


def made(record: Batch, actor: Actor, reason: str) -> None:
    """Its record is due."""
    _demand_enough(record)
    if record.made_on:
        start(record, RECORD, from_=_morning(record, record.made_on), by=actor)


def send_record(record: Batch, actor: Actor) -> None:
    """Who sent it, and may not release; today at the site, unless the person says when."""
    record.record_sent_on = record.record_sent_on or record.today
    record.made_by = actor.user or NOBODY


def record_sent(record: Batch, actor: Actor, reason: str) -> None:
    """From the CDMO's clock to the sponsor's."""
    _demand_enough(record)
    if record.record_sent_on:
        sent = _morning(record, record.record_sent_on)
        answer(record, RECORD.name, at=sent)
        start(record, REVIEW, from_=sent, by=actor)


def decide(record: Batch, actor: Actor) -> None:
    """The day of the decision."""
    record.decided_on = record.today


def released(record: Batch, actor: Actor, reason: str) -> None:
    """The sponsor has reviewed the record."""
    answer(record, REVIEW.name, at=timezone.now())


def rejected(record: Batch, actor: Actor, reason: str) -> None:
    """Nothing is due any more, and nothing has to be held."""
    answer(record, REVIEW.name, at=timezone.now())
    stop(record, RECORD.name)
    holding.lift_all(record, by=actor, on=record.today, why=f"{record.number} is rejected.")


def voided(record: Batch, actor: Actor, reason: str) -> None:
    """Nothing is due, and nothing has to be held, of a batch that never was."""
    stop_all(record)
    holding.lift_all(record, by=actor, on=record.today, why=f"{record.number} is void.")


def hold(record: Batch, actor: Actor, reason: str) -> None:
    """The quality unit holds it, for the reason given."""
    holding.hold(record, by=actor, cause=Cause.of(record, reason), since=record.today)


def lift_hold(record: Batch, actor: Actor, reason: str) -> None:
    """The quality unit's own hold ends; what another record holds, it goes on holding."""
    holding.lift(record, by=actor, cause=Cause.of(record, reason), on=record.today)


def _morning(record: Batch, day: date) -> datetime:
    """When the day began at the site: clocks count from the next one."""
    return datetime.combine(day, time(), ZoneInfo(record.site.time_zone))


def _demand_enough(record: Batch) -> None:
    """No more went on than there was."""
    used = amounts.spoken_for(record)
    if record.actual_yield is not None and used > record.actual_yield:
        there = amounts.amount(used, record.unit)
        raise ValidationError({"actual_yield": f"{there} of it went on already. Correct that first."})


def _demand_open_steps(record: Batch, names: Iterable[str]) -> None:
    """What somebody noted as begun or done is not undone by a batch; what a batch did may be done by another."""
    chosen = {name: getattr(record, name) for name in names}
    over = Milestone.objects.filter(pk__in=[pk for pk in chosen.values() if pk], batch_id=0).exclude(status="PLANNED")
    if keys := set(over.values_list("pk", flat=True)) if any(chosen.values()) else set():
        raise ValidationError({name.removesuffix("_id"): BEGUN for name, pk in chosen.items() if pk in keys})


def _demand_rejected(replaced: Batch | None) -> None:
    if replaced and replaced.status != Batch.Status.REJECTED:
        raise ValidationError({"replaces": f"{replaced.number} is not rejected. Only a rejected batch is made again."})
