"""The partner's own steps with the day on which each ends: to be confirmed, or moved with a reason."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from oversight.kernel.access.scope import Actor
from oversight.kernel.records.addresses import address, key_in, place
from oversight.kernel.records.frame import acting
from oversight.kernel.records.words import day_in_words
from oversight.kernel.records.writes import demand, move
from oversight.kernel.workflow.refusals import NotAllowed, Refused, Stale
from oversight.web.today.moved import refused
from techtransfer.models import Milestone
from techtransfer.records import MILESTONE

from .todo import Due

CONFIRM, FORECAST = "confirm", "forecast"
SHOWN = 8
ASKED = 20  # of one sponsor, in the inbox
NEAR = timedelta(days=30)  # a step that ends sooner has a date that somebody stands by
STALE = timedelta(days=14)  # for so long a word holds
MOVED_ON = "Its dates, or something else of it, changed while you looked. Go back, look again and confirm what stands."


@dataclass(frozen=True, slots=True)
class Step:
    """One step that is still to be done: words only, so that nothing is read later, in another sponsor's scope."""

    pk: int
    version: int
    at: date | None
    due: Due
    title: str
    number: str
    href: str
    about: tuple[str, ...]
    held: str
    said: str
    asked: bool  # its confirmation is awaited
    confirm_url: str  # empty: nothing to confirm, or not for this actor
    slip_href: str
    sponsor: str


def steps(actor: Actor, *, now: datetime, asked: bool = False, most: int = SHOWN) -> tuple[Step, ...]:
    """The open steps by their day, one more than `most` if there are; `asked`: those whose confirmation is awaited."""
    if not MILESTONE.may(actor, "view"):
        return ()
    today = _today(actor, now)
    rows = Milestone.objects.visible_to(actor).filter(status__in=Milestone.OPEN)
    rows = rows.annotate(day=Coalesce("forecast_end", "partner_end", "planned_end")).select_related("site")
    if asked:
        unsaid = Q(confirmed_on=None) | Q(confirmed_on__lt=today - STALE)
        rows = rows.filter(unsaid, day__lte=today + NEAR)
    found = rows.order_by(F("day").asc(nulls_last=True), "id")[: most + 1]
    return tuple(_step(actor, row, today) for row in found)


def works_on_dates(actor: Actor) -> bool:
    """Whether the actor may confirm and move dates at all."""
    return actor.can(MILESTONE.workflow.transition(CONFIRM).capability)


@require_POST
def confirm(request: HttpRequest) -> HttpResponse:
    """Stand by the dates of one step, as the page showed them; then back to the page."""
    actor = acting(request)
    demand(MILESTONE, actor, "view")
    if not works_on_dates(actor):
        raise NotAllowed(MILESTONE.workflow.transition(CONFIRM).capability)
    key, version = key_in(request.POST.get("step", "")), key_in(request.POST.get("version", ""))
    if key is None or version is None:
        raise Http404
    home = f"{place('home', actor)}#milestones"
    try:
        step = move(MILESTONE, key, CONFIRM, by=actor, version=version, values={}, reason="")
    except Milestone.DoesNotExist:
        raise Http404 from None
    except Stale:
        return refused(request, actor, "Nothing was confirmed", (MOVED_ON,), home)
    except Refused as refusal:
        return refused(request, actor, "Nothing was confirmed", refusal.sentences, home)
    messages.success(request, f"Confirmed: {step.number}, {step}.")
    return HttpResponseRedirect(f"{reverse('inbox')}#dates" if request.POST.get("from") == "inbox" else home)


def _today(actor: Actor, now: datetime) -> date:
    return now.astimezone(ZoneInfo(actor.tz)).date()


def _step(actor: Actor, row: Any, today: date) -> Step:
    near = row.day is not None and row.day <= today + NEAR
    stale = row.confirmed_on is None or row.confirmed_on < today - STALE
    may = works_on_dates(actor)
    return Step(
        pk=row.pk,
        version=row.version,
        at=row.day,
        due=_due(row, today, asked=near and stale),
        title=str(row),
        number=row.number,
        href=address(MILESTONE, "detail", actor, row.pk),
        about=tuple(
            words for words in (row.product_code, row.batch_number, row.site.name if row.site else "") if words
        ),
        held=f"On hold since {_day(row.held_since, today)}" if row.held_since else "",
        said=_said(row, today),
        asked=near and stale,
        confirm_url=place("confirm-date", actor) if may and row.day is not None and row.confirmed_on != today else "",
        slip_href=address(MILESTONE, FORECAST, actor, row.pk) if may else "",
        sponsor=actor.sponsor_name,
    )


def _due(row: Any, today: date, *, asked: bool) -> Due:
    """Its day, and beneath it what was said before: by the partner, else by the plan."""
    if row.day is None:
        return Due("neutral", "", "No date yet", "say when it will end")
    known = row.partner_end or row.planned_end
    who = "you said" if row.partner_end else "planned"
    small = f"{who} {_day(known, today)}" if known and known != row.day else _ahead((row.day - today).days)
    return Due("warn" if asked else "neutral", "warn" if asked else "", f"{row.day:%a} {_day(row.day, today)}", small)


def _ahead(days: int) -> str:
    if days == 0:
        return "today"
    return f"in {days} days" if days > 1 else "tomorrow" if days == 1 else "passed"


def _said(row: Any, today: date) -> str:
    if row.confirmed_on is None:
        return "Not confirmed yet"
    if row.confirmed_on == today:
        return "Confirmed today"
    return f"Confirmed {_day(row.confirmed_on, today)}"


def _day(day: date, today: date) -> str:
    """26 Nov; with its year, where that is another."""
    return f"{day.day} {day:%b}" if day.year == today.year else day_in_words(day)
