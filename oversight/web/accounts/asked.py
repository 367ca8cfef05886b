"""The page before a sponsor's records that says: a second factor first, and who asks for it."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from oversight.kernel.access.entrance import FactorMissing, MembershipCard, chosen_key, enter
from oversight.kernel.access.scope import forgetful_transaction
from oversight.web.chooser import entrance_of

from .pages import own_page, show

ONWARD = "after_second_factor"


@own_page("GET", "HEAD")
def factor_asked(request: HttpRequest) -> HttpResponse:
    """Say why, and offer the ways; where nothing is missing, or not any more, go on."""
    slug, wanted = request.GET.get("sponsor", ""), request.GET.get("next", "")
    cards = [card for card in request.memberships() if card.sponsor == slug]
    if not cards:
        raise Http404
    card = next((card for card in cards if _is_missing(request, card)), None)
    if card is None:
        return HttpResponseRedirect(_way_to(cards[0], wanted))
    request.session[ONWARD] = {"name": card.sponsor_name, "href": _way_to(card, wanted)}
    return show(request, "mfa/asked.html", "account_factors", {"card": card})


def way_on(request: HttpRequest) -> dict[str, str]:
    """Where the person wanted to go before a second factor was asked for."""
    onward: dict[str, str] = request.session.get(ONWARD) or {"name": "your work", "href": reverse("chooser")}
    return onward


def _is_missing(request: HttpRequest, card: MembershipCard) -> bool:
    chosen = request.session.get(chosen_key(card.sponsor), card.id)
    with forgetful_transaction():
        found = enter(request.user.pk, card.sponsor, card.side, chosen=chosen, request=request.trace)
    return isinstance(found, FactorMissing)


def _way_to(card: MembershipCard, wanted: str) -> str:
    """The page that was wanted, if it lies behind this sponsor's door; else the first one there."""
    entrance = entrance_of(card)
    return wanted if wanted.startswith(entrance) and ".." not in wanted else entrance
