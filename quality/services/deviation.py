"""What follows from the moves of a deviation: who is noted, which tasks and clocks begin and end."""

from collections.abc import Callable
from datetime import datetime
from typing import cast

from django.utils import timezone

from oversight.kernel.access.scope import Actor
from oversight.kernel.clocks.models import Status
from oversight.kernel.clocks.services import answer, clocks_of, restart_with, start, stop, stop_all
from quality.models import Deviation
from quality.models.deviation import NOBODY

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


def amended(record: Deviation, actor: Actor, reason: str) -> None:
    """Corrected times move the clocks, another class or type calls for another notice or response."""
    clocks = {clock.name: clock for clock in reversed(clocks_of(record, actor))}
    due = NOTICE[Deviation.Severity(record.severity)]
    for rule in NOTICE.values():
        if rule != due:
            stop(record, rule.name)
    notice = clocks.get(due.name)
    if notice is None or notice.status == Status.STOPPED:
        start(record, due, from_=record.aware_at, by=actor, answered_at=record.notified_at)
    elif (notice.started_at, notice.answered_at) != (record.aware_at, record.notified_at):
        restart_with(record, due.name, from_=record.aware_at, answered_at=record.notified_at)
    contained = max(record.contained_at, record.aware_at) if record.contained_at else None
    for rule, answered in ((CONTAINMENT, contained), (INVESTIGATION, None)):
        if (clock := clocks.get(rule.name)) and clock.started_at != record.aware_at:
            restart_with(record, rule.name, from_=record.aware_at, answered_at=answered)
    acceptance = clocks.get(ACCEPTANCE.name)
    if record.notified_at and acceptance and acceptance.is_open and acceptance.started_at != record.notified_at:
        restart_with(record, ACCEPTANCE.name, from_=record.notified_at)
    # Only then: what somebody declared not needed does not come back with every amendment.
    if _event_type_before(record) != record.event_type:
        tasks.plan(record, actor)


def _event_type_before(record: Deviation) -> str:
    """What it was before this amendment, whose version is the newest."""
    versions = record.history.filter(id=record.pk).order_by("-history_id")
    return str(versions.values_list("event_type", flat=True)[1])


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


def voided(record: Deviation, actor: Actor, reason: str) -> None:
    """What an event called for that never was is needed no more."""
    stop_all(record)
    tasks.end_all(record, actor)
