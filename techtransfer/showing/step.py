"""What the page of one step shows: its kinds of dates side by side, what drives it, its neighbours in the plan."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from oversight.kernel.access.scope import Actor
from oversight.kernel.records.addresses import address
from oversight.kernel.records.kind import RecordKind
from techtransfer.models import Dependency, Milestone
from techtransfer.ports import PORTS
from techtransfer.sight import Named, Ref, named

from .steps import BATCH, is_held
from .words import Words, driven, link_words, on


@dataclass(frozen=True, slots=True)
class DateLine:
    """One kind of dates: from whom, first and last day, and how far the last lies behind the baseline."""

    label: str
    says: str
    start: date | None
    end: date | None
    behind: int | None = None
    is_strong: bool = False


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A step before or after this one, as far as it is in sight."""

    title: str
    href: str
    link: str
    ends: str
    decides: bool  # it is what this step's dates, or its own, hang on


@dataclass(frozen=True, slots=True)
class Hold:
    """What holds the step, since when, until when as far as one can tell, and from what that is known."""

    number: str
    href: str
    cause: str
    since: str
    until: str
    takes: str


@dataclass(frozen=True, slots=True)
class About:
    """What the sponsor's staff read of one step beyond its facts."""

    driver: Words
    before: tuple[Neighbour, ...]
    after: tuple[Neighbour, ...]


def dates(step: Milestone, kind: RecordKind, actor: Actor) -> list[DateLine]:
    """Agreed, planned, promised, forecast and happened, each as far as the actor may read it."""
    partner = "Yours" if actor.is_partner else str(step.cdmo) if step.cdmo_id else actor.sponsor_name
    confirmed = f"confirmed {on(step.confirmed_on)}" if step.confirmed_on else "not confirmed yet"
    sponsor = actor.sponsor_name if actor.is_partner else ""
    lines = [
        ("baseline_end", DateLine("Baseline", "what was agreed", step.baseline_start, step.baseline_end)),
        (
            "planned_end",
            DateLine("Plan", sponsor, step.planned_start, step.planned_end, _behind(step, step.planned_end)),
        ),
        (
            "partner_end",
            DateLine(
                "Your date" if actor.is_partner else "Date given",
                f"{'' if actor.is_partner else partner + ', '}{confirmed}",
                None,
                step.partner_end,
                _behind(step, step.partner_end),
            ),
        ),
        (
            "forecast_end",
            DateLine(
                "Forecast",
                "what the plan makes of it",
                step.forecast_start,
                step.forecast_end,
                _behind(step, step.forecast_end),
                is_strong=True,
            ),
        ),
        (
            "actual_end",
            DateLine("Happened", "", step.actual_start, step.actual_end, _behind(step, step.actual_end)),
        ),
    ]
    return [line for name, line in lines if kind.shows(name, actor)]


def known_of(step: Milestone, actor: Actor) -> dict[Ref, Named]:
    """The batch and the cause of the hold, as far as they are in sight."""
    return named(
        [(BATCH, step.batch_id), (step.hold_kind, step.hold_id)] if step.hold_kind else [(BATCH, step.batch_id)], actor
    )


def hold(step: Milestone, known: dict[Ref, Named], actor: Actor) -> Hold | None:
    """None where nothing holds it. Who sees some CDMOs alone reads what holds it only where that is in sight."""
    if not is_held(step):
        return None
    cause = known.get((step.hold_kind, step.hold_id))
    told = cause is not None or actor.cdmos is None
    return Hold(
        number=cause.number if cause else step.hold_number if told else "",
        href=cause.href if cause else "",
        cause=step.hold_cause if told else "",
        since=on(step.held_since),
        until=on(step.held_until),
        takes=PORTS.hold_takes(step, actor),
    )


def about(step: Milestone, kind: RecordKind, links: RecordKind, known: dict[Ref, Named], actor: Actor) -> About | None:
    """What drives it and what it stands between; dependencies lead from one partner to the next, so none reads them."""
    if not links.may(actor, "view"):
        return None
    rows = Dependency.objects.visible_to(actor).filter(status=Dependency.Status.ACTIVE)
    found = list(rows.filter(Q(successor=step) | Q(predecessor=step)).order_by("pk"))
    keys = {key for link in found for key in (link.predecessor_id, link.successor_id)} | {step.driver_id}
    seen = Milestone.objects.visible_to(actor).in_bulk(sorted(keys - {step.pk, 0}))
    before, after = list[Neighbour](), list[Neighbour]()
    for link in found:
        leads_here = link.successor_id == step.pk
        other = seen.get(link.predecessor_id if leads_here else link.successor_id)
        decides = (
            link.predecessor_id == step.driver_id if leads_here else other is not None and other.driver_id == step.pk
        )
        (before if leads_here else after).append(_neighbour(link, other, kind, actor, decides=decides))
    driver = seen.get(step.driver_id)
    cause = known.get((step.hold_kind, step.hold_id))
    words = driven(
        step,
        before=driver.title if driver else "",
        before_href=address(kind, "detail", actor, driver.pk) if driver else "",
        held_by=cause.number if cause else "",
        held_href=cause.href if cause else "",
    )
    return About(words, tuple(before), tuple(after))


def _neighbour(
    link: Dependency, other: Milestone | None, kind: RecordKind, actor: Actor, *, decides: bool
) -> Neighbour:
    if other is None:
        return Neighbour("A step out of your sight", "", link_words(link), "", decides=decides)
    return Neighbour(
        other.title,
        address(kind, "detail", actor, other.pk),
        link_words(link),
        on(other.forecast_end or other.planned_end),
        decides=decides,
    )


def _behind(step: Milestone, day: date | None) -> int | None:
    return (day - step.baseline_end).days if day and step.baseline_end else None
