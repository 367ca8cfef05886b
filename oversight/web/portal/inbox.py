"""The partner's portal: one inbox over all sponsors, and a home at each of them."""

from dataclasses import dataclass
from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from oversight.kernel.access.entrance import MembershipCard, enter
from oversight.kernel.access.scope import Actor, forgetful_transaction
from oversight.kernel.records.addresses import address
from oversight.web.catalogue import KINDS, PAGES

FIRST = 5


@dataclass(frozen=True, slots=True)
class Shelf:
    """The newest records of one kind at one sponsor, and whether there are more."""

    plural: str
    icon: str
    records: tuple[tuple[str, str], ...]
    more: bool
    href: str


@dataclass(frozen=True, slots=True)
class Desk:
    """One sponsor that the person serves, with what is on record there."""

    card: MembershipCard
    shelves: tuple[Shelf, ...]


@never_cache
@login_required
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """Everything on record at every sponsor that the person serves, each sponsor apart."""
    cards = [card for card in request.memberships() if card.side == "portal"]
    return render(request, "web/inbox.html", {"desks": [_desk(request, card) for card in cards]})


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The partner's own record as this sponsor keeps it."""
    return PAGES[0].show(request, pk=cast(int, request.actor.cdmo))


def _desk(request: HttpRequest, card: MembershipCard) -> Desk:
    """Look in by the same door as a page would, one transaction a sponsor, so that no two ever mix."""
    person = cast(int, request.user.pk)
    with forgetful_transaction():
        actor = enter(person, card.sponsor, card.side, chosen=card.id, request=request.trace)
        shelves = _shelves(actor) if isinstance(actor, Actor) else ()
    return Desk(card, shelves)


def _shelves(actor: Actor) -> tuple[Shelf, ...]:
    shelves = []
    for kind in KINDS:
        if kind.partner_sees is None or not kind.may(actor, "view"):
            continue
        found = list(kind.model.objects.visible_to(actor).order_by("-pk")[: FIRST + 1])
        records = tuple((str(record), address(kind, "detail", actor, record.pk)) for record in found[:FIRST])
        shelves.append(Shelf(kind.plural, kind.icon, records, len(found) > FIRST, address(kind, "list", actor)))
    return tuple(shelves)
