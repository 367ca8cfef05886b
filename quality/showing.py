"""What the page of a deviation shows: stages, whys, containment, tasks, facts; times in the zone of the site."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from batches.models import Batch
from batches.records import BATCH
from oversight.kernel.access.scope import Actor
from oversight.kernel.clocks.face import Face, face, span, when
from oversight.kernel.clocks.models import Clock
from oversight.kernel.clocks.rules import Side
from oversight.kernel.components.steps import Stage, Why
from oversight.kernel.components.track import Track, track
from oversight.kernel.records.addresses import address
from oversight.kernel.records.move_pages import Offer

from .models import Deviation, ResponseTask
from .records import RESPONSE_TASK, TASK
from .services.rules import CONTAINMENT, INVESTIGATION, NOTICE, RESPONSES
from .workflows.deviation import TICKS

Status = Deviation.Status
STAGES = (Status.REPORTED, None, Status.INVESTIGATION, Status.ANSWERED, Status.ACCEPTED, Status.CLOSED)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Tick:
    """One containment action: when it was done, or the button that says so."""

    name: str
    words: str
    icon: str
    done: str  # the time in words; empty: not yet
    minutes: str
    offer: Offer | None


@dataclass(frozen=True, slots=True)
class TaskLine:
    """One task of the response, as the table shows it."""

    task: ResponseTask
    href: str
    owner: str
    note: str
    tone: str
    glyph: str
    face: Face | None
    due: str


def stages(record: Deviation, clocks: Mapping[str, Clock], now: datetime) -> list[Stage]:
    """Where the deviation stands in its life, and since when."""
    zone = record.site.time_zone
    present = STAGES.index(record.status) if record.status in STAGES else -1
    containment, inquiry = clocks.get(CONTAINMENT.name), clocks.get(INVESTIGATION.name)
    ticked = len(record.CONTAINMENT) - len(record.missing_containment)
    told = record.notified_at or record.aware_at
    if record.contained_at and containment:
        length = max(record.contained_at - record.aware_at, MINUTE)
        contained = f"{span(length)} of {containment.limit_words}"
    else:
        contained = f"{ticked} of {len(record.CONTAINMENT)} actions"
    smalls = (
        _short(told, zone),
        contained,
        f"day {inquiry.spent(inquiry.answered_at or record.answered_at or now)} of {inquiry.limit}" if inquiry else "",
        _short(record.answered_at, zone) if record.answered_at else _returned(record) or "from the CDMO",
        _short(record.accepted_at, zone) if record.accepted_at else "by the sponsor's QA",
        _short(record.closed_at, zone) if record.closed_at else "QA signature",
    )
    words = ("Reported", "Contained", "Investigation", "Root cause sent", "Root cause accepted", "Closed")
    stages = []
    for place, (name, small) in enumerate(zip(words, smalls, strict=True)):
        done = place < present or (place == present and record.status == Status.CLOSED)
        if place == 1:
            done = record.contained_at is not None
        current = place == present and not done
        stages.append(Stage(name, small, "done" if done else "current" if current else ""))
    return stages


def ticks(record: Deviation, offers: tuple[Offer, ...]) -> list[Tick]:
    """The five steps of containment: done with their minute, or offered."""
    offering = {offer.transition.name: offer for offer in offers}
    ticks = []
    for name, label, field, icon in TICKS:
        at = getattr(record, field)
        done = _clock_time(at, record.site.time_zone) if at else ""
        words = record.words_of(field) if at else label
        minutes = span(max(at - record.aware_at, MINUTE)) if at else ""
        ticks.append(Tick(name, words[:1].upper() + words[1:], icon, done, minutes, offering.get(name)))
    return ticks


def drawing(record: Deviation, clock: Clock | None) -> Track | None:
    """The first hour as a line with what was done on it; None while nothing was."""
    done = []
    for _, _, field, _ in TICKS:
        if at := getattr(record, field):
            words = record.words_of(field)
            done.append(("Records pulled" if field == "records_pulled_at" else words[:1].upper() + words[1:], at))
    return track(record.aware_at, _time_to_contain(clock), done)


def contained(record: Deviation, clock: Clock | None) -> dict[str, str]:
    """The containment in one line: how far it came, how long it took."""
    total, missing = len(record.CONTAINMENT), len(record.missing_containment)
    if not record.contained_at:
        return {"tone": "warn" if missing < total else "neutral", "glyph": "progress" if missing < total else "open",
                "words": f"{total - missing} of {total} actions"}  # fmt: skip
    length = max(record.contained_at - record.aware_at, MINUTE)
    late = length > _time_to_contain(clock)
    tone, glyph = ("warn", "late") if late else ("ok", "ok")
    return {"tone": tone, "glyph": glyph, "words": f"{total} of {total} actions in {span(length)}"}


def period(record: Deviation) -> str:
    """From when to when it was contained, at the site: 28 Oct 14:06 to 14:58 CET."""
    if not record.contained_at:
        return ""
    zone = record.site.time_zone
    begins, ends = _short(record.aware_at, zone), _clock_time(max(record.contained_at, record.aware_at), zone)
    day = f"{begins.rpartition(' ')[0]} "  # said once where both are on it
    return f"{begins} to {ends.removeprefix(day)}"


def _time_to_contain(clock: Clock | None) -> timedelta:
    """What the clock was given, by whichever rule; the default for a record that never had one."""
    return clock.due_at - clock.started_at if clock else timedelta(minutes=CONTAINMENT.limit)


def whys(record: Deviation) -> list[Why]:
    """The chain of questions and answers, as far as it goes."""
    said = [
        (getattr(record, f"why_{step}"), getattr(record, f"because_{step}"), f"because_{step}")
        for step in range(1, 6)
        if getattr(record, f"why_{step}") or getattr(record, f"because_{step}")
    ]
    last = len(said) - 1
    category = record.get_root_cause_category_display() if record.root_cause_category else ""
    return [
        Why(question, answer, bool(record.root_cause) and place == last, category, name)
        for place, (question, answer, name) in enumerate(said)
    ]


def returns(record: Deviation) -> list[dict[str, Any]]:
    """Each return of the root cause with its reason and its answer, newest first, as the history tells."""
    if not record.returned_count:
        return []
    first: dict[int, Any] = {}
    answered: dict[int, datetime] = {}
    for version in record.history.filter(returned_count__gt=0).order_by("history_id"):
        first.setdefault(version.returned_count, version)
        if version.answered_at:
            answered.setdefault(version.returned_count, version.answered_at)
    return [
        {
            "count": count,
            "reason": version.history_change_reason,
            "org": version.history_org,
            "at": version.history_date,
            "answered_at": answered.get(count),
            "tone": "info" if count in answered else "warn",
            "glyph": "info" if count in answered else "warn",
        }
        for count, version in sorted(first.items(), reverse=True)
    ]


def tasks(record: Deviation, actor: Actor, now: datetime) -> list[TaskLine]:
    """The tasks in the actor's sight, each with its clock."""
    found = list(ResponseTask.objects.visible_to(actor).filter(deviation=record).order_by("id"))
    rows = Clock.objects.visible_to(actor).filter(kind=ResponseTask._meta.db_table, record_id__in=[t.pk for t in found])
    clocks = {clock.record_id: clock for clock in rows.order_by("id")}
    lines = []
    for task in found:
        tone, glyph = TASK[task.status]
        clock = clocks.get(task.pk)
        side = str(record.cdmo) if task.side == Side.CDMO else actor.sponsor_name
        known = not actor.is_partner or task.side == Side.CDMO  # a partner reads its own people's names and notes
        lines.append(
            TaskLine(
                task=task,
                href=address(RESPONSE_TASK, "detail", actor, task.pk),
                owner=task.owner_name if known and task.owner_name else side,
                note=task.note if known else "",
                tone=tone,
                glyph=glyph,
                face=face(clock, now) if clock else None,
                due=when(clock.due_at, clock.zone, now) if clock else "",
            )
        )
    return lines


def about(record: Deviation, actor: Actor, now: datetime) -> list[tuple[str, str]]:
    """The facts beside the page, times in the zone of the site."""
    zone, limit = record.site.time_zone, NOTICE[Deviation.Severity(record.severity)]
    told = "Not yet"
    if record.notified_at and record.latency is not None:
        told = f"{_dated(record.notified_at, zone, now)}, after {span(record.latency)}"
        told += f" ({limit.limit} h allowed)" if record.latency > timedelta(hours=limit.limit) else ""
    facts = [
        ("Event", record.get_event_type_display()),
        ("Risk", RESPONSES[record.event_type].risk.capitalize()),
        ("Occurred", _dated(record.occurred_at, zone, now)),
        ("Became aware", _dated(record.aware_at, zone, now)),
        ("Told the sponsor" if actor.is_partner else "Told us", told),
        ("Reported by", str(record.cdmo) if record.reported_by_cdmo else actor.sponsor_name),
    ]
    if record.returned_count:
        facts.append(("Root cause", _returned(record).capitalize()))
    return facts


def touched(record: Deviation, actor: Actor) -> dict[str, str] | None:
    """The batch that it names, and what that means for it."""
    if record.batch is None:
        return None
    batch, critical = record.batch, record.severity == Deviation.Severity.CRITICAL
    told = {"number": batch.number, "href": address(BATCH, "detail", actor, batch.pk), "words": ""}
    if batch.status == Batch.Status.RELEASED and critical and record.status not in (Status.CLOSED, Status.VOID):
        decided = f" on {batch.decided_on:%d %b %Y}".replace(" 0", " ") if batch.decided_on else ""
        told["words"] = f"was released{decided}, so nothing holds it. Decide whether it has to be recalled."
    elif batch.on_hold and (batch.hold_kind, batch.hold_id) == (record._meta.db_table, record.pk):
        told["words"] = "is on hold until this is closed."
    return told


def _returned(record: Deviation) -> str:
    if not record.returned_count:
        return ""
    return "returned once" if record.returned_count == 1 else f"returned {record.returned_count} times"


def task_url(record: Deviation, actor: Actor) -> str:
    """Where the sponsor adds a task, while the deviation is open."""
    if record.status in (Status.CLOSED, Status.VOID) or not RESPONSE_TASK.may_write(actor, "create"):
        return ""
    return f"{address(RESPONSE_TASK, 'create', actor)}?deviation={record.pk}"


def _short(moment: datetime, zone: str) -> str:
    """28 Oct 15:02, at the site."""
    return when(moment, zone, moment).partition(" ")[2].rpartition(" ")[0]


def _clock_time(moment: datetime, zone: str) -> str:
    return when(moment, zone, moment).partition(" ")[2]


def _dated(moment: datetime, zone: str, now: datetime) -> str:
    """28 Oct 14:06 CET, with its year unless that is the present one."""
    return when(moment, zone, now).partition(" ")[2]
