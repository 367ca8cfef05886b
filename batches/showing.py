"""What the page of a batch shows: its stages, what holds it, its steps, its facts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from oversight.kernel.access.scope import Actor
from oversight.kernel.clocks.models import Clock
from oversight.kernel.components.marks import inside
from oversight.kernel.components.steps import Stage
from oversight.kernel.records.addresses import address
from oversight.kernel.records.kind import RecordKind
from techtransfer.models import Milestone
from techtransfer.records import MILESTONE, MILESTONE_STATUS, PROGRAMME
from techtransfer.sight import named

from .models import Batch, BatchHold
from .records import BATCH, CAMPAIGN
from .services.amounts import amount, plain
from .services.rules import RECORD, REVIEW
from .services.steps import expected_until

Status, Basis = Batch.Status, BatchHold.Basis
ORDER = (Status.PLANNED, Status.IN_PROCESS, Status.MADE, Status.UNDER_REVIEW)
LAST = len(ORDER)
DECIDED = (Status.RELEASED, Status.REJECTED)


@dataclass(frozen=True, slots=True)
class HoldLine:
    """One cause that holds the batch, with what is known of how long such causes take."""

    number: str
    href: str
    words: str
    since: str
    takes: str
    until: str


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step of the plan that the batch makes or releases."""

    part: str
    title: str
    number: str
    href: str
    tone: str
    glyph: str
    state: str
    ends: str
    slip: int | None


@dataclass(frozen=True, slots=True)
class About:
    """One fact beside the page."""

    label: str
    words: str
    href: str = ""
    beside: str = ""


def on(day: date | None) -> str:
    """12 Jan, with its year unless that is the present one."""
    if day is None:
        return ""
    words = f"{day:%d %b}".lstrip("0")
    return words if day.year == timezone.now().year else f"{words} {day.year}"


def stages(record: Batch, clocks: Mapping[str, Clock]) -> list[Stage]:
    """Where the batch stands in its life, and since when."""
    reached = ORDER.index(Status(record.status)) if record.status in ORDER else _last(record)
    decided = record.status in DECIDED
    words = ("Planned", "Made", "Record", "Review", "Decided")
    smalls = (
        _span(record.planned_start, record.planned_end) or "no days yet",
        _span(record.started_on, record.made_on) or f"by {record.cdmo}",
        f"sent {on(record.record_sent_on)}"
        if record.record_sent_on
        else _day(clocks.get(RECORD.name)) or "from the CDMO",
        _reviewed(record, clocks.get(REVIEW.name)),
        f"{record.get_status_display()} {on(record.decided_on)}" if decided else "QA signature",
    )
    found = []
    for place, (name, small) in enumerate(zip(words, smalls, strict=True)):
        over = place == LAST if decided else False
        if place < reached or over:
            found.append(Stage(name, small, "done"))
        elif decided:
            found.append(Stage(name, "not reached" if place > reached else small, ""))
        else:
            found.append(Stage(name, small, "current" if place == reached else ""))
    return found


def _last(record: Batch) -> int:
    """How far it had come when it was decided about."""
    return LAST if record.record_sent_on else 2 if record.made_on else 1


def _span(start: date | None, end: date | None) -> str:
    if start and end:
        return on(start) if start == end else f"{on(start)} – {on(end)}"
    return f"since {on(start)}" if start else f"until {on(end)}" if end else ""


def _day(clock: Clock | None) -> str:
    if clock is None:
        return ""
    return f"day {clock.spent(clock.answered_at or timezone.now())} of {clock.limit}"


def _reviewed(record: Batch, clock: Clock | None) -> str:
    if record.record_sent_on and record.decided_on:
        return _days((record.decided_on - record.record_sent_on).days)
    return _day(clock) or "by the sponsor's QA"


def _days(count: int) -> str:
    return "the same day" if count == 0 else "1 day" if count == 1 else f"{count} days"


def holds(record: Batch, actor: Actor) -> list[HoldLine]:
    """Every open cause, the oldest first, with the record that set it as far as it is in sight."""
    if not record.on_hold:
        return []
    rows = BatchHold.objects.visible_to(actor).filter(batch=record, lifted_on=None).order_by("since_on", "id")
    found, own, today = list(rows), record._meta.db_table, timezone.now().date()
    links = named([(row.cause_kind, row.cause_id) for row in found if row.cause_kind != own], actor)
    lines = []
    for row in found:
        link = links.get((row.cause_kind, row.cause_id))
        lines.append(
            HoldLine(
                number="" if row.cause_kind == own else row.cause_number,
                href=link.href if link else "",
                words=row.cause,
                since=on(row.since_on),
                takes=takes(row, str(record.cdmo), actor),
                until=on(expected_until(row, today)) if row.days_p50 else "",
            )
        )
    return lines


def takes(hold: BatchHold, partner: str, actor: Actor) -> str:
    """How long investigations took before; a partner is not told of the others of the network."""
    took = f"took no longer than {hold.days_p50} days, four in five no longer than {hold.days_p80}."
    match hold.basis:
        case Basis.PARTNER:
            return f"Half of {partner}’s {hold.cases} investigations {took}"
        case Basis.NETWORK if not actor.is_partner:
            few = f"{partner} has had too few investigations to count"
            return f"{few}; half of the {hold.cases} of your network {took}"
        case Basis.DEFAULT if not actor.is_partner:
            return f"No investigation was closed yet: {hold.days_p50} days are assumed."
    return ""


def steps(record: Batch, actor: Actor) -> list[StepLine]:
    """The steps of the plan that follow this batch, as far as the actor sees them."""
    parts = {record.make_step_id: "Makes it", record.release_step_id: "Releases it"}
    seen = Milestone.objects.visible_to(actor).in_bulk([pk for pk in parts if pk])
    lines = []
    for pk, part in parts.items():
        if not pk or (step := seen.get(pk)) is None:
            continue
        tone, glyph = MILESTONE_STATUS[step.status]
        ends = f"Ended {on(step.actual_end)}" if step.actual_end else on(step.forecast_end) or "No forecast yet"
        slip = None if actor.is_partner else step.slip_days
        href = address(MILESTONE, "detail", actor, step.pk)
        state = step.get_status_display()
        lines.append(StepLine(part, step.title, step.number, href, tone, glyph, state, ends, slip))
    return lines


def about(record: Batch, actor: Actor) -> list[About]:
    """The facts beside the page."""
    facts = [
        About("Yield", yielded(record), beside=_target(record)),
        About("Expiry", on(record.expires_on) or "Not set"),
        About("Purpose", record.get_purpose_display()),
    ]
    if record.location:
        facts.append(About("Location", record.location))
    if record.campaign_id:
        facts.append(_leading("Campaign", CAMPAIGN, record.campaign, actor))
    if not actor.is_partner:
        facts.append(_leading("Programme", PROGRAMME, record.programme, actor))
        if record.replaces_id:
            facts.append(_leading("Made in place of", BATCH, record.replaces, actor))
        again = Batch.objects.visible_to(actor).filter(replaces=record).exclude(status=Status.VOID)
        facts += [_leading("Made again as", BATCH, one, actor) for one in again]
    return facts


def _leading(label: str, kind: RecordKind, record: Any, actor: Actor) -> About:
    return About(label, str(record), address(kind, "detail", actor, record.pk))


def took(record: Batch, actor: Actor) -> list[About]:
    """Whose days they were: the partner's until the record came, the sponsor's from then on."""
    if not record.made_on or not record.record_sent_on:
        return []
    ours = ((record.decided_on or record.today) - record.record_sent_on).days
    sponsor = actor.sponsor_name if actor.is_partner else "We"
    partner = "You" if actor.is_partner else str(record.cdmo)
    theirs = f"{_days((record.record_sent_on - record.made_on).days)} to send the record"
    return [
        About(f"{partner} took", theirs),
        About(f"{sponsor} took", _days(ours) + ("" if record.decided_on else " so far")),
    ]


def yielded(record: Batch) -> str:
    """How much there was."""
    return amount(record.actual_yield, record.unit) if record.actual_yield is not None else "Not known yet"


def _target(record: Batch) -> str:
    return f"target {plain(record.target_yield)}" if record.target_yield is not None else ""


def in_a_line(record: Batch) -> str:
    """ACM-101 drug substance, 2,000 L, Lyra Biologics, Lyra Basel."""
    what = f"{record.product_code} {inside(record.get_stage_display())}".strip()
    return ", ".join(word for word in (what, record.scale, str(record.cdmo), str(record.site)) if word)
