"""One inbox over all sponsors that a person serves; each is read in its own scope, and nothing is ever mixed there."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from oversight.kernel.access.entrance import FactorMissing, MembershipCard, chosen_key, enter
from oversight.kernel.access.scope import Actor, forgetful_transaction
from oversight.web.today.work import LATE, TODAY
from quality.reporting import Beginning, beginnings

from .check_ins import Asked, asked
from .dates import ASKED, Step, steps
from .home import expected
from .todo import Line, grouped, sentence


@dataclass(frozen=True, slots=True)
class Desk:
    """One sponsor that the person serves, with what it expects."""

    card: MembershipCard
    home: str
    lines: tuple[Line, ...]
    beginnings: tuple[Beginning, ...]
    dates: tuple[Step, ...]  # whose confirmation is asked
    check_ins: tuple[Asked, ...]  # of steps under way
    several: bool  # there is another membership at this sponsor: which one is meant has to be said
    closed: bool = False  # until the person has the second factor that the sponsor asks for

    @property
    def late(self) -> int:
        return sum(each.group == LATE for each in self.lines)

    @property
    def today(self) -> int:
        return sum(each.group == TODAY for each in self.lines)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the inbox, and through which desk it is reached."""

    line: Line
    desk: Desk


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def inbox(request: HttpRequest) -> HttpResponse:
    """What every sponsor expects, by clock; or the way through one of the doors."""
    cards = [card for card in request.memberships() if card.side == "portal"]  # type: ignore[attr-defined]
    if request.method == "POST":
        return _enter(request, cards)
    often = Counter(card.sponsor for card in cards)
    desks = [_desk(request, card, several=often[card.sponsor] > 1) for card in cards]
    now, zone = timezone.now(), cast(Any, request.user).time_zone
    lines = [each for desk in desks for each in desk.lines]
    of = {id(each): desk for desk in desks for each in desk.lines}
    groups = [(head, [Row(each, of[id(each)]) for each in found]) for head, found in grouped(lines, now, zone)]
    context = {
        "desks": desks,
        "groups": groups,
        "sentence": sentence(lines, now, zone),
        "dates": sorted(((each, desk) for desk in desks for each in desk.dates), key=_by_day),
        "check_ins": sorted(((each, desk) for desk in desks for each in desk.check_ins), key=_by_asking),
        "reporting": [desk for desk in desks if desk.beginnings],
        "first_act": next((row for _, rows in groups for row in rows if row.line.act), None),
    }
    return render(request, "web/inbox.html", context)


def _enter(request: HttpRequest, cards: list[MembershipCard]) -> HttpResponse:
    """Go through the door of one of several memberships at a sponsor, to a page behind it."""
    for card in cards:
        home = _home(card)
        to = request.POST.get("to", home)
        if str(card.id) == request.POST.get("membership") and to.startswith(home) and "\\" not in to:
            request.session[chosen_key(card.sponsor)] = card.id
            return HttpResponseRedirect(to)
    raise Http404


def _desk(request: HttpRequest, card: MembershipCard, *, several: bool) -> Desk:
    """Look in by the same door as a page would, one transaction a sponsor; only words come out of it."""
    person, trace = cast(int, request.user.pk), request.trace  # type: ignore[attr-defined]
    with forgetful_transaction():
        actor = enter(person, card.sponsor, card.side, chosen=card.id, request=trace)
        if not isinstance(actor, Actor):
            return Desk(card, _home(card), (), (), (), (), several, closed=isinstance(actor, FactorMissing))
        now = timezone.now()
        dates, far = steps(actor, now=now, asked=True, most=ASKED), asked(actor, now=now)
        return Desk(card, _home(card), tuple(expected(actor)), tuple(beginnings(actor)), dates[:ASKED], far, several)


def _by_day(row: tuple[Step, Desk]) -> tuple[date, str, str]:
    step, _ = row
    return step.at or date.max, step.sponsor, step.number


def _by_asking(row: tuple[Asked, Desk]) -> tuple[date, str, str]:
    each, desk = row
    return each.at, desk.card.sponsor, each.number


def _home(card: MembershipCard) -> str:
    return reverse("portal:home", kwargs={"sponsor": card.sponsor})
