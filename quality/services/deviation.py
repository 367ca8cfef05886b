"""What follows from the moves of a deviation: who is noted, which tasks and clocks begin and end."""

from collections.abc import Callable

from django.utils import timezone

from oversight.kernel.access.scope import Actor
from quality.models import Deviation
from quality.models.deviation import NOBODY

from . import response_task as tasks


def begin(record: Deviation, actor: Actor) -> None:
    """Who reported it; a partner's report is the notification, unless it says that it told the sponsor earlier."""
    record.opened_by = actor.user or NOBODY
    record.reported_by_cdmo = actor.is_partner
    if actor.is_partner and record.notified_at is None:
        record.notified_at = timezone.now()


def begun(record: Deviation, actor: Actor, reason: str) -> None:
    """The response to the event type becomes tasks."""
    tasks.plan(record, actor)


def amended(record: Deviation, actor: Actor, reason: str) -> None:
    """Another event type calls for another response."""
    tasks.plan(record, actor)


def accept_report(record: Deviation, actor: Actor) -> None:
    record.investigation_at = timezone.now()


def report_accepted(record: Deviation, actor: Actor, reason: str) -> None: ...


def ticked(field: str) -> Callable[[Deviation, Actor], None]:
    """A containment action is done now, unless the person says when it was."""

    def tick(record: Deviation, actor: Actor) -> None:
        if getattr(record, field) is None:
            setattr(record, field, timezone.now())

    return tick


def contained(record: Deviation, actor: Actor, reason: str) -> None: ...


def submit_root_cause(record: Deviation, actor: Actor) -> None:
    record.answered_by, record.answered_at = actor.user or NOBODY, timezone.now()


def root_cause_submitted(record: Deviation, actor: Actor, reason: str) -> None: ...


def return_root_cause(record: Deviation, actor: Actor) -> None:
    record.returned_count += 1
    record.answered_by, record.answered_at = NOBODY, None


def root_cause_returned(record: Deviation, actor: Actor, reason: str) -> None: ...


def accept_root_cause(record: Deviation, actor: Actor) -> None:
    record.accepted_by, record.accepted_at = actor.user or NOBODY, timezone.now()


def root_cause_accepted(record: Deviation, actor: Actor, reason: str) -> None: ...


def close(record: Deviation, actor: Actor) -> None:
    record.closed_at = timezone.now()


def over(record: Deviation, actor: Actor, reason: str) -> None: ...


def voided(record: Deviation, actor: Actor, reason: str) -> None:
    """What an event that never was called for is needed no more."""
    tasks.end_all(record, actor)
