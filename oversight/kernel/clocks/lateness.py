"""Noting what ran out, once, so that it goes to whom the rule names."""

from datetime import UTC, datetime

from django.db import connection

from oversight.kernel.access.scope import Actor
from oversight.kernel.outbox import publish
from oversight.kernel.trail.about import model_of
from oversight.kernel.trail.change import change

from .models import Clock, Status

RAN_OUT = "The time ran out"
AT_ONCE = 200  # what is left over is found a minute later


def tenants_with_late_clocks(at: datetime) -> list[int]:
    """The sponsors with clocks that ran out before `at` and are not noted yet: their keys, and nothing else of them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tenant FROM access.tenants_with_late_clocks(%s)", [at])
        return [tenant for (tenant,) in cursor.fetchall()]


def mark_late(*, by: Actor, at: datetime) -> list[int]:
    """Note each clock of the sponsor that ran out before `at`, and publish `clock.late` about its record.

    A clock that another worker notes at this moment, or that somebody is just answering, is left to them.
    """
    with change(by=by, reason=RAN_OUT):
        late = Clock.objects.visible_to(by).filter(status=Status.RUNNING, late_at=None, due_at__lt=at)
        marked = list(late.select_for_update(skip_locked=True).order_by("due_at", "id")[:AT_ONCE])
        for clock in marked:
            clock.late_at = at
            clock.save()
            record = model_of(clock.kind).objects.visible_to(by).get(pk=clock.record_id)
            due = clock.due_at.astimezone(UTC).isoformat(timespec="seconds")
            publish("clock.late", record=record, by=by, clock=clock.pk, rule=clock.name, side=clock.side, due=due)
    return [clock.pk for clock in marked]
