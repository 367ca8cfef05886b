"""What people are told of, and who: whoever owes the next act, and whoever took part; never who did it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, cast

from batches.models import Batch
from batches.services.rules import LIFE as LIFE_OF_A_BATCH
from cdmos.models import Site
from oversight.kernel.access.scope import Actor
from oversight.kernel.clocks.calendar import Unit
from oversight.kernel.clocks.models import Clock
from oversight.kernel.clocks.rules import Side
from oversight.kernel.comments.models import Comment
from oversight.kernel.components.marks import inside
from oversight.kernel.notifications.announcing import announce
from oversight.kernel.notifications.audience import NOBODY, Audience, Circle
from oversight.kernel.notifications.models import Notice
from oversight.kernel.notifications.sentences import tell
from oversight.kernel.outbox import Subscriber, subscribe
from oversight.kernel.outbox.models import Event
from oversight.kernel.trail.models import Record
from oversight.roles import DEVELOPMENT, QUALITY, Role
from oversight.web.catalogue import KINDS
from quality.models import Deviation, ResponseTask
from quality.services.rules import house_rules

from . import dates, warned
from .sentences import SENTENCES

AN_HOUR = timedelta(hours=1)
PLANNERS = DEVELOPMENT | {Role.SUPPLY}  # whose plans rest on a batch

Told = Iterator[tuple[str, Circle]]


def reported(event: Event, record: Record, audience: Audience) -> Told:
    """To the sponsor's quality unit, which accepts the report; to the CDMO, if the sponsor put it on file."""
    deviation = cast(Deviation, record)
    what = "critical" if deviation.severity == Deviation.Severity.CRITICAL else "reported"
    yield what, audience.staff("deviation.accept-report") | audience.partner()


def amended(event: Event, record: Record, audience: Audience) -> Told:
    """One that became critical afterwards, once."""
    deviation = cast(Deviation, record)
    if deviation.severity != Deviation.Severity.CRITICAL or deviation.status in ("CLOSED", "VOID"):
        return
    known = Notice.objects.visible_to(audience.system).filter(kind=event.kind, record_id=event.record_id)
    if not known.filter(what__in=("critical", "critical-now")).exists():
        yield "critical-now", audience.staff("deviation.accept-report") | audience.partner()


def report_accepted(event: Event, record: Record, audience: Audience) -> Told:
    """To those of the CDMO who take part."""
    yield "accepted-report", audience.participants & audience.partners


def answered(event: Event, record: Record, audience: Audience) -> Told:
    """To whoever of the sponsor may review it."""
    yield "answered", audience.staff("deviation.review-root-cause")


def returned(event: Event, record: Record, audience: Audience) -> Told:
    """To whoever of the CDMO may answer again, and to those of it who take part."""
    yield "returned", audience.partner("deviation.submit-root-cause") | audience.participants & audience.partners


def accepted(event: Event, record: Record, audience: Audience) -> Told:
    """To whoever may close it now: not to who sent the root cause."""
    deviation = cast(Deviation, record)
    yield "to-close", audience.staff("deviation.close") - audience.people([deviation.answered_by])
    yield "accepted", audience.participants


def closed(event: Event, record: Record, audience: Audience) -> Told:
    """To everybody who takes part."""
    yield "closed", audience.participants


def voided(event: Event, record: Record, audience: Audience) -> Told:
    """To everybody who takes part."""
    yield "voided", audience.participants


def task_opened(event: Event, record: Record, audience: Audience) -> Told:
    """A planned task came with the report, of which its side has heard; one that a person added is news."""
    task = cast(ResponseTask, record)
    if not task.rule:
        yield "task", audience.partner() if task.side == Side.CDMO else audience.roles(*QUALITY, *DEVELOPMENT)


def record_sent(event: Event, record: Record, audience: Audience) -> Told:
    """To whoever of the sponsor may release it."""
    yield "batch-to-review", audience.staff("batch.release")


def held(event: Event, record: Record, audience: Audience) -> Told:
    """To whoever plans with it, to whoever may release it, and to the CDMO."""
    yield "batch-held", audience.staff("batch.release") | audience.roles(*PLANNERS) | audience.partner()


def freed(event: Event, record: Record, audience: Audience) -> Told:
    """To the same, when the last cause is gone; one that was decided about is told of by that."""
    if event.facts.get("free") and cast(Batch, record).is_undecided:
        yield "batch-freed", audience.staff("batch.release") | audience.roles(*PLANNERS) | audience.partner()


def released(event: Event, record: Record, audience: Audience) -> Told:
    """To whoever plans with it, to the CDMO, and to everybody who takes part."""
    yield "batch-released", audience.roles(*PLANNERS) | audience.partner() | audience.participants


def rejected(event: Event, record: Record, audience: Audience) -> Told:
    """To the same."""
    yield "batch-rejected", audience.roles(*PLANNERS) | audience.partner() | audience.participants


def late(event: Event, record: Record, audience: Audience) -> Told:
    """To the side that owes it, to the owner if it has one, and to the sponsor's QA director, to whom it escalates."""
    clock = Clock.objects.visible_to(audience.system).filter(pk=event.facts.get("clock")).first()
    if clock is None or not clock.is_open:
        return  # answered before anybody could be told
    owner = audience.people([record.taken_by]) if isinstance(record, ResponseTask) and record.taken_by else NOBODY
    owing = audience.partner() if clock.side == Side.CDMO else owner or audience.roles(*QUALITY)
    what = "late-at-once" if _length(clock) <= AN_HOUR else "late"
    yield what, owing | owner | audience.roles(Role.QA_DIRECTOR)


def said(event: Event, record: Record, audience: Audience) -> Told:
    """To whom it calls, to those who take part, and to the other side where nobody of it takes part yet."""
    comment = Comment.objects.visible_to(audience.system).filter(pk=event.facts.get("comment")).first()
    if comment is None:
        return
    yield "mentioned", audience.of(comment.mentions)
    yield "said", audience.participants
    if comment.shared:
        others = audience.sponsors if comment.from_partner else audience.partners
        if not audience.participants & others:
            yield "said", audience.roles(*QUALITY) if comment.from_partner else audience.partner()


def reminded(event: Event, record: Record, audience: Audience) -> Told:
    """The sponsor reminds the CDMO."""
    yield "reminded", audience.partner()


def given_up(event: Event, record: Record, audience: Audience) -> Told:
    """To whoever looks after webhooks."""
    yield "webhook", audience.staff("webhook.manage")


RULES = {
    "deviation.opened": reported,
    "deviation.amended": amended,
    "deviation.accept_report": report_accepted,
    "deviation.submit_root_cause": answered,
    "deviation.return_root_cause": returned,
    "deviation.accept_root_cause": accepted,
    "deviation.close": closed,
    "deviation.void": voided,
    "response_task.opened": task_opened,
    "batch.send_record": record_sent,
    "batch.held": held,
    "batch.freed": freed,
    "batch.release": released,
    "batch.reject": rejected,
    "impact_alert.raised": dates.moved,
    "impact_alert.moved_on": dates.moved,
    "early_warning.raised": warned.warned,
    "early_warning.level": warned.warned,
    "clock.late": late,
    "comment.said": said,
    "work.reminded": reminded,
    "webhook.given_up": given_up,
}


def zones_of(cdmo: int, actor: Actor) -> tuple[str, ...]:
    """The time zones of the CDMO's sites that are in use, the first site's first."""
    rows = Site.objects.visible_to(actor).filter(cdmo_id=cdmo).exclude(status="VOID").order_by("id")
    return tuple(dict.fromkeys(rows.values_list("time_zone", flat=True)))


def begin() -> None:
    """Say all of this, and hear of the events; called when the process is ready."""
    words = {rule.name: f"{inside(rule.label)} due" for rule in (*house_rules(), *LIFE_OF_A_BATCH)}
    tell(SENTENCES, RULES, kinds=KINDS, zones_of=zones_of, due_words=words)
    subscribe(Subscriber("notices", frozenset(RULES), announce))


def _length(clock: Clock) -> timedelta:
    unit: dict[str, Any] = {Unit.MINUTES: timedelta(minutes=1), Unit.HOURS: timedelta(hours=1)}
    return clock.limit * unit.get(clock.unit, timedelta(days=1))
