"""Dates that moved, until somebody whom it concerns has seen it: the panel at either door, and the answer to it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, Value, When
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST

from oversight.kernel.access.scope import Actor
from oversight.kernel.components.marks import inside
from oversight.kernel.records.addresses import address, key_in, place
from oversight.kernel.records.frame import acting, layout_of
from oversight.kernel.records.words import day_in_words
from oversight.kernel.records.writes import demand, move
from oversight.kernel.workflow.refusals import NotAllowed, Refused, Stale
from techtransfer.models import ImpactAlert
from techtransfer.records import IMPACT_ALERT, MILESTONE, PROGRAMME
from techtransfer.sight import Ref

from .causes import Because, because, unseen
from .counts import open_alerts
from .moments import moment

SHOWN = 5
ACKNOWLEDGE = "acknowledge"
MOVED_ON = "More moved while you looked. Go back and read what it says now."


@dataclass(frozen=True, slots=True)
class Moved:
    """One alert that nobody has seen yet."""

    pk: int
    version: int
    number: str
    title: str
    href: str
    cause: Because | None
    step: str
    step_href: str
    was: str
    now: str
    code: str
    programme_href: str
    mine: bool
    when: str
    may_see: bool
    waits_for: str  # the partner who has not seen it yet


def moved(actor: Actor, *, now: datetime, most: int = SHOWN) -> tuple[Moved, ...]:
    """One's own first, studies before steps, the newest first; in one statement, but for a narrowed member."""
    own = Case(When(owner_ids__contains=[actor.user or 0], then=Value(0)), default=1, output_field=IntegerField())
    rows = _told_here(actor).select_related("milestone", "cdmo").annotate(place=own)
    found = list(rows.order_by("place", F("study").asc(nulls_last=True), "-raised_at", "-id")[:most])
    tells = not actor.is_partner  # a narrowed member, as far as the cause is in sight
    hidden = unseen(actor, [(each.cause_kind, each.cause_id) for each in found]) if tells else set()
    may = actor.can(f"{IMPACT_ALERT.capability}.{ACKNOWLEDGE}")
    return tuple(_moved(actor, each, hidden, now=now, tells=tells, may=may) for each in found)


def _told_here(actor: Actor) -> Any:
    """A partner's own; for the sponsor its own, and a partner's steps only where no study says the same in one line."""
    rows = open_alerts(actor)
    if actor.is_partner:
        return rows
    of_study = open_alerts(actor).filter(programme=OuterRef("programme"), study__isnull=False)
    return rows.filter(Q(cdmo=None) | ~Exists(of_study))


def _moved(actor: Actor, alert: Any, hidden: set[Ref], *, now: datetime, tells: bool, may: bool) -> Moved:
    step = alert.milestone if alert.study_id is None else None
    return Moved(
        pk=alert.pk,
        version=alert.version,
        number=alert.number,
        title=alert.title,
        href=address(IMPACT_ALERT, "detail", actor, alert.pk),
        cause=_cause(actor, alert, hidden) if tells and (alert.cause or alert.cause_number) else None,
        step=step.title if step else "",
        step_href=address(MILESTONE, "detail", actor, step.pk) if step and MILESTONE.may(actor, "view") else "",
        was=day_in_words(alert.was_on),
        now=day_in_words(alert.now_on),
        code=alert.product_code,
        programme_href=address(PROGRAMME, "detail", actor, alert.programme_id)
        if not actor.is_partner and PROGRAMME.may(actor, "view")
        else "",
        mine=actor.user in alert.owner_ids,
        when=moment(alert.raised_at, now, actor.tz, ago=True),
        # What a partner has to see stays until the partner has seen it.
        may_see=may and (actor.is_partner or alert.cdmo_id is None),
        waits_for="" if actor.is_partner or alert.cdmo_id is None else alert.cdmo.name,
    )


def _cause(actor: Actor, alert: Any, hidden: set[Ref]) -> Because:
    key, number = (alert.cause_kind, alert.cause_id), alert.cause_number
    return because(actor, *key, number, alert.cause if number else inside(alert.cause), seen=key not in hidden)


@require_POST
def seen(request: HttpRequest) -> HttpResponse:
    """Note that an alert was seen, as it stood when the page was shown; then back to where it stood."""
    actor = acting(request)
    demand(IMPACT_ALERT, actor, "view")
    if not actor.can(f"{IMPACT_ALERT.capability}.{ACKNOWLEDGE}"):
        raise NotAllowed(f"{IMPACT_ALERT.capability}.{ACKNOWLEDGE}")
    key, version = key_in(request.POST.get("alert", "")), key_in(request.POST.get("version", ""))
    if key is None or version is None:
        raise Http404
    back = f"{place('home', actor)}#moved"
    try:
        alert = move(IMPACT_ALERT, key, ACKNOWLEDGE, by=actor, version=version, values={}, reason="")
    except ImpactAlert.DoesNotExist:
        raise Http404 from None
    except Stale as stale:
        if stale.record.status == ImpactAlert.Status.OPEN:
            return refused(request, actor, "It was not noted as seen", (MOVED_ON,), back)
        alert = stale.record
    except Refused:
        alert = ImpactAlert.objects.visible_to(actor).get(pk=key)
    messages.success(request, f"{alert.number} counts as seen.")
    return HttpResponseRedirect(back)


def refused(request: HttpRequest, actor: Actor, heading: str, sentences: tuple[str, ...], back: str) -> HttpResponse:
    """What was not done, why, and the way back."""
    context = {
        "layout": layout_of(actor),
        "heading": heading,
        "home": "To do" if actor.is_partner else "Today",
        "sentences": sentences,
        "back_url": back,
    }
    return render(request, "today/refused.html", context, status=409)
