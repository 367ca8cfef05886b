"""What follows from the moves of a deviation: who is noted, which tasks and clocks begin and end."""

from collections.abc import Callable
from datetime import datetime
from typing import cast

from django.utils import timezone

from oversight.kernel.access.scope import Actor
from oversight.kernel.clocks.services import answer, restart_with, start, stop, stop_all
from quality.models import Deviation
from quality.models.deviation import NOBODY

from . import holds
from . import response_task as tasks
from .rules import ACCEPTANCE, CLOSURE, CONTAINMENT, CORRECTION, INVESTIGATION, NOTICE, REVIEW


def begin(record: Deviation, actor: Actor) -> None:
    """Who reported it; a partner's report is the notification, unless it says that it told the sponsor earlier."""
    record.opened_by = actor.user or NOBODY
    record.reported_by_cdmo = actor.is_partner
    if actor.is_partner and record.notified_at is None:
        record.notified_at = timezone.now()


def begun(record: Deviation, actor: Actor, reason: str) -> None:
    """The clocks of the event run from when somebody became aware; the response to it becomes tasks."""
    start(
        record,
        NOTICE[Deviation.Severity(record.severity)],
        from_=record.aware_at,
        by=actor,
        answered_at=record.notified_at,
    )
    start(record, CONTAINMENT, from_=record.aware_at, by=actor)
    start(record, INVESTIGATION, from_=record.aware_at, by=actor)
    start(record, ACCEPTANCE, from_=record.notified_at or timezone.now(), by=actor)
    tasks.plan(record, actor)
    holds.follow(record, actor)


def amended(record: Deviation, actor: Actor, columns: frozenset[str]) -> None:
    """Corrected times move the clocks, another class or type calls for another notice or response.

    What is critical now holds its batch; what no longer is, or names another batch, lets it go.
    """
    moved = "site_id" in columns  # with its calendar
    if moved or columns & {"severity", "aware_at", "notified_at"}:
        _give_notice(record, actor)
    if moved or "aware_at" in columns:
        contained = max(record.contained_at, record.aware_at) if record.contained_at else None
        restart_with(record, CONTAINMENT.name, from_=record.aware_at, answered_at=contained)
        restart_with(record, INVESTIGATION.name, from_=record.aware_at)
    if record.notified_at and (moved or "notified_at" in columns):
        # Whoever accepted the report knew of it by then.
        known = min(record.notified_at, record.investigation_at or record.notified_at)
        restart_with(record, ACCEPTANCE.name, from_=known)
    if moved:
        for name in (REVIEW.name, CORRECTION.name, CLOSURE.name):
            restart_with(record, name)
        tasks.follow_site(record)
    if "event_type" in columns:  # only then: what somebody declared not needed would come back
        tasks.plan(record, actor)
    if columns & holds.COLUMNS:
        holds.follow(record, actor)


def _give_notice(record: Deviation, actor: Actor) -> None:
    """The notice that the class calls for runs, or keeps how long it took; a notice of another class does not run."""
    for severity, rule in NOTICE.items():
        if severity == record.severity:
            start(record, rule, from_=record.aware_at, by=actor, answered_at=record.notified_at)
            restart_with(record, rule.name, from_=record.aware_at, answered_at=record.notified_at)
        else:
            stop(record, rule.name)


def accept_report(record: Deviation, actor: Actor) -> None:
    """Since when it is investigated."""
    record.investigation_at = timezone.now()


def report_accepted(record: Deviation, actor: Actor, reason: str) -> None:
    """The sponsor has answered the report."""
    answer(record, ACCEPTANCE.name, at=record.investigation_at)


def ticked(field: str) -> Callable[[Deviation, Actor], None]:
    """A containment action is done now, unless the person says when it was."""

    def tick(record: Deviation, actor: Actor) -> None:
        if getattr(record, field) is None:
            setattr(record, field, timezone.now())

    return tick


def contained(record: Deviation, actor: Actor, reason: str) -> None:
    """The fifth action ends the containment; one that was done before anybody was aware took no time."""
    if record.contained_at:
        answer(record, CONTAINMENT.name, at=max(record.contained_at, record.aware_at))


def submit_root_cause(record: Deviation, actor: Actor) -> None:
    """Who answers for the root cause, and since when it waits for the sponsor."""
    record.answered_by, record.answered_at = actor.user or NOBODY, timezone.now()


def root_cause_submitted(record: Deviation, actor: Actor, reason: str) -> None:
    """From the CDMO's clock to the sponsor's."""
    answer(record, INVESTIGATION.name, at=record.answered_at)
    answer(record, CORRECTION.name, at=record.answered_at)
    start(record, REVIEW, from_=cast(datetime, record.answered_at), by=actor)


def return_root_cause(record: Deviation, actor: Actor) -> None:
    """Each return counts; nobody has answered any more."""
    record.returned_count += 1
    record.answered_by, record.answered_at = NOBODY, None


def root_cause_returned(record: Deviation, actor: Actor, reason: str) -> None:
    """From the sponsor's clock to the CDMO's."""
    now = timezone.now()
    answer(record, REVIEW.name, at=now)
    start(record, CORRECTION, from_=now, by=actor)


def accept_root_cause(record: Deviation, actor: Actor) -> None:
    """Who has reviewed, and may not close."""
    record.accepted_by, record.accepted_at = actor.user or NOBODY, timezone.now()


def root_cause_accepted(record: Deviation, actor: Actor, reason: str) -> None:
    """What is left is the sponsor's: to close."""
    answer(record, REVIEW.name, at=record.accepted_at)
    start(record, CLOSURE, from_=cast(datetime, record.accepted_at), by=actor)


def close(record: Deviation, actor: Actor) -> None:
    """Since when it is over."""
    record.closed_at = timezone.now()


def over(record: Deviation, actor: Actor, reason: str) -> None:
    """Nothing is due any more."""
    answer(record, CLOSURE.name, at=record.closed_at)
    stop_all(record)
    holds.follow(record, actor)


def voided(record: Deviation, actor: Actor, reason: str) -> None:
    """What an event called for that never was is needed no more."""
    stop_all(record)
    tasks.end_all(record, actor)
    holds.follow(record, actor)
