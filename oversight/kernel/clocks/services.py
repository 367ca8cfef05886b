"""Setting, answering, pausing and stopping clocks, inside the `change` that is the cause of it.

Each of these is safe to repeat. Where no such clock is open there is nothing to do, and the answer is None: whether
something had to be done first is for the workflow to say, not for its clock.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.db.models import Case, IntegerField, Value, When
from django.utils import timezone

from oversight.kernel.access.scope import Actor, current_actor
from oversight.kernel.trail.about import key_of
from oversight.kernel.trail.change import require_change
from oversight.kernel.trail.models import Record

from .calendar import Unit
from .models import OPEN, Clock, DefaultLimit, Due, Status
from .rules import PORTS, Limit, Rule

SPONSORS_DEFAULT = "The default of the sponsor"
BEFORE_START = "This is before the clock started."
OUT_OF_ORDER = "This is before what the clock did last."


def limit_for(rule: Rule, *, on: Record, by: Actor | None = None) -> Limit:
    """What holds on this record: the clause of an agreement, else the sponsor's default, else the rule's own."""
    if clause := PORTS.clause_for(on, rule):
        return clause
    if own := DefaultLimit.objects.visible_to(by or current_actor()).filter(name=rule.name).first():
        return Limit(own.limit, Unit(own.unit), SPONSORS_DEFAULT, own.escalates_to or rule.escalates_to)
    return Limit(rule.limit, rule.unit, rule.cites, rule.escalates_to)


def start(
    record: Record, rule: Rule, *, from_: datetime, by: Actor | None = None, answered_at: datetime | None = None
) -> Clock:
    """Set the clock of `rule` running since `from_`; one that is open already goes on as it is.

    `answered_at`: what is due has been done by now; the clock then only keeps how long it took.
    """
    require_change(creating=True)
    latest = _clocks(record, rule.name).first()
    if latest and latest.is_open:
        return cast(Clock, answer(record, rule.name, at=answered_at) if answered_at else latest)
    if latest and answered_at and (latest.started_at, latest.answered_at) == (from_, answered_at):
        return cast(Clock, latest)
    clock = Clock.on(record, name=rule.name, label=rule.label, side=rule.side, status=Status.RUNNING, started_at=from_)
    clock.set_by(limit_for(rule, on=record, by=by))
    clock.follow(PORTS.calendar_of(record))
    if answered_at:
        _end(clock, Status.ANSWERED, answered_at)
    # Two who start it at the same moment: the database lets one in, and the other gets that one.
    Clock.objects.bulk_create([clock], ignore_conflicts=True)
    refresh_due(record)
    return cast(Clock, _clocks(record, rule.name)[0])


def answer(record: Record, name: str, *, at: datetime | None = None) -> Clock | None:
    """What was due has been done."""
    return _act(record, name, lambda clock: _end(clock, Status.ANSWERED, at or timezone.now()))


def stop(record: Record, name: str, *, at: datetime | None = None) -> Clock | None:
    """It is no longer due; the reason of the change says why."""
    return _act(record, name, lambda clock: _end(clock, Status.STOPPED, at or timezone.now()))


def stop_all(record: Record, *, at: datetime | None = None) -> tuple[Clock, ...]:
    """Nothing is due any more: the record is closed or void."""
    names = [clock.name for clock in _clocks(record) if clock.is_open]
    return tuple(clock for name in names if (clock := stop(record, name, at=at)))


def pause(record: Record, name: str, *, at: datetime | None = None) -> Clock | None:
    """It stands still: somebody else has to do something first."""

    def stand_still(clock: Clock) -> None:
        if clock.status == Status.RUNNING:
            _turn(clock, at or timezone.now())
            clock.status = Status.PAUSED

    return _act(record, name, stand_still)


def resume(record: Record, name: str, *, at: datetime | None = None) -> Clock | None:
    """It goes on, and is due later by what it stood still."""

    def go_on(clock: Clock) -> None:
        if clock.status == Status.PAUSED:
            _turn(clock, at or timezone.now())
            clock.status = Status.RUNNING
            clock.compute()

    return _act(record, name, go_on)


def restart_with(
    record: Record,
    name: str,
    *,
    limit: Limit | None = None,
    from_: datetime | None = None,
    answered_at: datetime | None = None,
) -> Clock | None:
    """Compute the newest clock of that name anew: an extension was granted, or a time it rests on was corrected.

    Also for one that is answered, since whether it was in time may change; not for one that was stopped.
    """

    def reckon(clock: Clock) -> None:
        if limit:
            clock.set_by(limit)
        if from_:
            if clock.pauses and clock.pauses[0] < from_:
                raise ValidationError(OUT_OF_ORDER)
            clock.started_at = from_
        clock.follow(PORTS.calendar_of(record))
        if answered_at:
            _end(clock, Status.ANSWERED, answered_at)
        elif clock.answered_at and clock.answered_at < clock.started_at:
            raise ValidationError(BEFORE_START)

    return _act(record, name, reckon, among=(*OPEN, Status.ANSWERED))


def clocks_of(record: Record, actor: Actor) -> tuple[Clock, ...]:
    """Every clock of the record: those that run, the next one first, then those that stand still, then the rest."""
    rank = Case(
        When(status=Status.RUNNING, then=Value(0)),
        When(status=Status.PAUSED, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    return tuple(Clock.objects.visible_to(actor).filter(**key_of(record)).order_by(rank, "due_at", "id"))


def refresh_due(record: Record) -> None:
    """Copy the next running clock onto a record that keeps it (`Due`)."""
    if not isinstance(record, Due):
        return
    present = Clock.objects.visible_to(current_actor()).filter(**key_of(record), status=Status.RUNNING)
    following = present.order_by("due_at", "id").first()
    copy: dict[str, Any] = {
        "due_at": following and following.due_at,
        "due_label": following.label if following else "",
        "due_side": following.side if following else "",
    }
    type(record).objects.filter(pk=record.pk).update(**copy)
    for field, value in copy.items():  # so that a later save of this object puts nothing old in its place
        setattr(record, field, value)


def _clocks(record: Record, name: str | None = None) -> Any:
    """Newest first, locked: who comes second sees what the first one did."""
    rows = Clock.objects.visible_to(current_actor()).filter(**key_of(record)).order_by("-id")
    return rows.select_for_update() if name is None else rows.filter(name=name).select_for_update()


def _act(record: Record, name: str, do: Callable[[Clock], None], *, among: tuple[Status, ...] = OPEN) -> Clock | None:
    found = _clocks(record, name).first()
    if found is None or found.status not in among:
        return None
    clock = cast(Clock, found)
    do(clock)
    clock.save()
    refresh_due(record)
    return clock


def _turn(clock: Clock, at: datetime) -> None:
    """From running to standing still, or back."""
    if at < clock.started_at:
        raise ValidationError(BEFORE_START)
    if clock.pauses and at < clock.pauses[-1]:
        raise ValidationError(OUT_OF_ORDER)
    clock.pauses = [*clock.pauses, at]


def _end(clock: Clock, status: Status, at: datetime) -> None:
    if at < clock.started_at:
        raise ValidationError(BEFORE_START)
    if clock.paused_at:
        _turn(clock, at)
        clock.compute()
    clock.status = status
    if status == Status.ANSWERED:
        clock.answered_at = at
    else:
        clock.stopped_at = at
