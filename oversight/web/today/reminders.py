"""Reminding a partner of what it owes: a shared comment, and an event for whoever delivers notices."""

from datetime import UTC, datetime
from typing import Any

from django.db.models import Exists, OuterRef

from oversight.kernel.access.scope import Actor
from oversight.kernel.clocks.face import when
from oversight.kernel.clocks.models import Clock, Status
from oversight.kernel.clocks.rules import Side
from oversight.kernel.comments.saying import say
from oversight.kernel.components.marks import inside
from oversight.kernel.outbox import publish
from oversight.kernel.records.kind import RecordKind
from oversight.kernel.trail.about import key_of
from oversight.kernel.trail.change import change
from oversight.kernel.workflow.models import Case
from oversight.kernel.workflow.refusals import NotAllowed, Refused

from .models import Reminder
from .queue import tables

NOT_THEIRS = "This waits for no partner any more, so there is nothing to remind of."
ONCE_A_DAY = "The partner was reminded of {number} today. One reminder a day is enough: write a comment instead."


def may_remind(actor: Actor, kind: RecordKind) -> bool:
    """Whether the actor may write to the partner about records of this kind."""
    return not actor.is_partner and kind.partner_sees is not None and kind.may(actor, "comment")


def with_reminders(actor: Actor, rows: Any, *, now: datetime) -> Any:
    """The clocks, each knowing whether the partner was reminded of its record today (`reminded`)."""
    today = Reminder.objects.visible_to(actor).filter(day=now.astimezone(UTC).date())
    return rows.annotate(reminded=Exists(today.filter(kind=OuterRef("kind"), record_id=OuterRef("record_id"))))


def remind(actor: Actor, clock_id: int, *, now: datetime) -> Case:
    """Remind the partner of what this clock asks of it.

    Raises Clock.DoesNotExist (out of sight), NotAllowed, or Refused (ended meanwhile, or reminded today already).
    """
    clock = Clock.objects.visible_to(actor).get(pk=clock_id)
    kind = next((kind for table, kind, _ in tables(actor) if table == clock.kind), None)
    if kind is None:
        raise Clock.DoesNotExist
    if not may_remind(actor, kind):
        raise NotAllowed(f"{kind.capability}.comment")
    record = kind.model.objects.visible_to(actor).get(pk=clock.record_id)
    if clock.status != Status.RUNNING or clock.side != Side.CDMO:
        raise Refused(NOT_THEIRS)
    said = Reminder.on(record, clock_id=clock.pk, day=now.astimezone(UTC).date(), by_name=actor.name, at=now)
    # Two who remind at the same moment: the database lets one in.
    Reminder.objects.bulk_create([said], ignore_conflicts=True)
    kept = Reminder.objects.visible_to(actor).filter(**key_of(record), day=said.day)
    if not kept.filter(by_name=actor.name, at=now, clock_id=clock.pk).exists():
        raise Refused(ONCE_A_DAY.format(number=record.number))
    due = when(clock.due_at, clock.zone, now)
    was = "was" if clock.due_at < now else "is"
    with change(by=actor):
        say(record, text=f"Reminder: {inside(clock.label)} {was} due {due}.", by=actor, shared=True,
            view=f"{kind.capability}.view", at=now)  # fmt: skip
        publish("work.reminded", record=record, by=actor, clock=clock.pk, rule=clock.name)
    return record
