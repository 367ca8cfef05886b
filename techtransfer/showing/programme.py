"""What the page of a programme shows around its steps: figures, slots, baselines, links and alerts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F
from django.utils import timezone

from oversight.kernel.access.scope import Actor
from oversight.kernel.components.marks import slip
from oversight.kernel.records.addresses import address
from oversight.kernel.records.facts import Fact, facts
from oversight.kernel.records.kind import Item, RecordKind
from oversight.kernel.records.move_pages import Offer, offered
from techtransfer.forecast.impact import Impact, StudyImpact
from techtransfer.models import Baseline, Closure, Dependency, ImpactAlert, Milestone, Programme, Slot, Study

from .steps import is_held
from .words import AFTER, UNSEEN_STEP, link_words, on

FEW = 12
ALERTS = 4


@dataclass(frozen=True, slots=True)
class Line:
    """One record that belongs to the programme."""

    title: str
    href: str
    facts: Sequence[Fact]


@dataclass(frozen=True, slots=True)
class StudyLine:
    """One study of the programme."""

    study: StudyImpact
    href: str
    status: str
    tone: str
    glyph: str


@dataclass(frozen=True, slots=True)
class Belonging:
    """The first records of one kind, the list of all, and where one more is added."""

    kind: RecordKind
    lines: Sequence[Line | StudyLine]
    all: str
    add: str


@dataclass(frozen=True, slots=True)
class Figure:
    """One number above the page, with the place that it leads to."""

    label: str
    value: str
    small: Any
    href: str
    tone: str = ""
    glyph: str = ""


@dataclass(frozen=True, slots=True)
class AlertLine:
    """One alert that nobody has seen, and the button that says so."""

    alert: ImpactAlert
    href: str
    was: str
    now: str
    cause: str
    offer: Offer | None


@dataclass(frozen=True, slots=True)
class LinkLine:
    """One dependency in words."""

    href: str
    before: str
    after: str
    words: str
    note: str


def figures(
    impact: Impact, steps: Sequence[Milestone], kinds: dict[str, RecordKind], programme: Programme, actor: Actor
) -> list[Figure]:
    """First patient in, float, holds, and how far it is."""
    found = []
    if impact.studies:
        first = impact.studies[0]
        moved = first.slip_days or 0
        tone, glyph = ("danger", "warn") if moved >= 14 else ("warn", "warn") if moved > 0 else ("", "")
        label = "First patient in" if len(impact.studies) == 1 else f"First patient in, {first.code}"
        small = slip(first.slip_days) if first.slip_days is not None else "no baseline"
        href = address(kinds["study"], "detail", actor, first.id)
        found.append(Figure(label, on(first.forecast) or "No date yet", small, href, tone, glyph))
        if first.float_days is not None:
            small = "until another chain decides"
            found.append(Figure("Float beside the critical path", f"{first.float_days} d", small, "#h-dates"))
    held = [step for step in steps if is_held(step)]
    numbers = dict.fromkeys(step.hold_number for step in held[:2]) if actor.cdmos is None else ()
    small = ", ".join(numbers) if held else "nothing stands still"
    tone, glyph = ("warn", "hold") if held else ("", "")
    found.append(Figure("Steps on hold", str(len(held)), small, "#h-dates", tone, glyph))
    done = sum(step.status == Milestone.Status.DONE for step in steps)
    href = f"{address(kinds['milestone'], 'list', actor)}?programme={programme.pk}&status=DONE"
    found.append(Figure("Steps done", str(done), f"of {len(steps)}", href))
    return found


def links_of(programme: Programme, actor: Actor) -> list[Dependency]:
    """What waits for what, in the actor's sight."""
    rows = Dependency.objects.visible_to(actor).filter(programme=programme, status=Dependency.Status.ACTIVE)
    return list(rows.order_by("pk"))


def dependencies(
    kind: RecordKind, links: Sequence[Dependency], steps: Sequence[Milestone], actor: Actor
) -> list[LinkLine]:
    """A few of the links, first what still waits: the steps by name, as far as they are in sight."""
    titles, waiting = {step.pk: step.title for step in steps}, {step.pk for step in steps if step.is_open}
    return [
        LinkLine(
            href=address(kind, "detail", actor, link.pk),
            before=f"{AFTER[link.link]} {titles.get(link.predecessor_id, UNSEEN_STEP)}",
            after=titles.get(link.successor_id, UNSEEN_STEP.capitalize()),
            words=link_words(link),
            note=link.note,
        )
        for link in sorted(links, key=lambda each: each.successor_id not in waiting)[:FEW]
    ]


def alerts(kind: RecordKind, programme: Programme, actor: Actor) -> list[AlertLine]:
    """Those that nobody has seen: of studies first, then the newest."""
    rows = ImpactAlert.objects.visible_to(actor).filter(programme=programme, status=ImpactAlert.Status.OPEN)
    tells = kind.shows("cause", actor)
    return [
        AlertLine(
            alert,
            address(kind, "detail", actor, alert.pk),
            on(alert.was_on),
            on(alert.now_on),
            _because(alert.cause, alert.cause_number) if tells else "",
            next((offer for offer in offered(kind, alert, actor) if offer.move.allowed), None),
        )
        for alert in rows.order_by(F("study").asc(nulls_last=True), "-raised_at", "-pk")[: ALERTS + 1]
    ]


def _because(words: str, number: str) -> str:
    """The cascade keeps “it holds DS-26-014”, which goes on from the number of what does."""
    if number and words.startswith("it "):
        return f"{number} {words.removeprefix('it ')}"
    return f"{words} ({number})" if number and number not in words else words


def in_force(baselines: Sequence[Baseline]) -> str:
    """Baseline 3 approved 1 Sep 2026; who proposes a new one reads that it waits."""
    approved = next((each for each in baselines if each.status == Baseline.Status.APPROVED), None)
    if approved is None:
        return "No baseline is approved yet"
    return f"{approved.title} approved {on(approved.approved_at.date() if approved.approved_at else None)}"


def baselines(programme: Programme, actor: Actor) -> list[Baseline]:
    """The one in force and those proposed, then the older ones."""
    found = list(Baseline.objects.visible_to(actor).filter(programme=programme).order_by("-pk")[:FEW])
    order = (Baseline.Status.APPROVED, Baseline.Status.PROPOSED, Baseline.Status.REPLACED, Baseline.Status.DECLINED)
    return sorted(found, key=lambda each: order.index(Baseline.Status(each.status)))


def belonging(
    kind: RecordKind, records: Sequence[Any], actor: Actor, *, skip: str = "", items: tuple[Item, ...] = ()
) -> tuple[Line, ...]:
    """The records as lines, with the columns of their list."""
    shown = items or tuple(item for item in kind.columns if item != skip)
    return tuple(
        Line(str(record), address(kind, "detail", actor, record.pk), facts(kind, record, shown, actor))
        for record in records
    )


def studies(kind: RecordKind, programme: Programme, found: Sequence[StudyImpact], actor: Actor) -> Belonging:
    """Its studies, in the order of their days."""
    statuses, tones = dict(Study.Status.choices), kind.tones["status"]
    lines = [
        StudyLine(study, address(kind, "detail", actor, study.id), str(statuses[study.status]), *tones[study.status])
        for study in found
    ]
    return Belonging(kind, lines, *_around(kind, programme, actor, full=False))


def children(kind: RecordKind, programme: Programme, records: Sequence[Any], actor: Actor) -> Belonging:
    """Records of a kind that belongs to the programme."""
    lines = belonging(kind, records, actor, skip="programme")
    return Belonging(kind, lines, *_around(kind, programme, actor, full=False))


def slots(kind: RecordKind, steps: Sequence[Milestone], actor: Actor) -> tuple[Line, ...]:
    """The next slots of the fill lines that its steps wait for."""
    lines = {(step.site_id, step.line) for step in steps if step.line and step.site_id}
    rows = Slot.objects.visible_to(actor).filter(
        site_id__in={site for site, _ in lines}, line__in={line for _, line in lines}, starts_on__gte=_today()
    )
    rows = rows.exclude(status=Slot.Status.VOID).select_related(*kind.joins(actor)).order_by("starts_on", "pk")
    found = [slot for slot in rows[: 4 * FEW] if (slot.site_id, slot.line) in lines]
    return belonging(kind, found[:FEW], actor, items=("starts_on", "site", "milestone", "status"))


def closures(kind: RecordKind, steps: Sequence[Milestone], actor: Actor) -> tuple[Line, ...]:
    """The days on which its sites do not work, from today on."""
    sites = {step.site_id for step in steps if step.site_id and step.is_open}
    rows = Closure.objects.visible_to(actor).filter(
        site_id__in=sites, status=Closure.Status.ACTIVE, ends_on__gte=_today()
    )
    rows = rows.select_related(*kind.joins(actor)).order_by("starts_on", "pk")
    return belonging(kind, list(rows[:FEW]), actor, items=("site", "starts_on", "ends_on"))


def _around(kind: RecordKind, programme: Programme, actor: Actor, *, full: bool) -> tuple[str, str]:
    here = f"?programme={programme.pk}"
    add = address(kind, "create", actor) + here if kind.may_write(actor, "create") else ""
    return (address(kind, "list", actor) + here if full else "", add if programme.status == "ACTIVE" else "")


def _today() -> date:
    return timezone.now().date()
