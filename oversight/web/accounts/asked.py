"""The page before a sponsor's records that says: a second factor first, and who asks for it."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from oversight.web.chooser import entrance_of

from .factors import factors_of
from .pages import own_page, show

ONWARD = "after_second_factor"


@own_page("GET", "HEAD")
def factor_asked(request: HttpRequest) -> HttpResponse:
    """Say why, and offer the ways; where nothing is missing any more, go on."""
    slug = request.GET.get("sponsor", "")
    card = next((card for card in request.memberships() if card.sponsor == slug), None)
    if card is None:
        raise Http404
    if factors_of(request.user).any:
        return HttpResponseRedirect(entrance_of(card))
    request.session[ONWARD] = {"name": card.sponsor_name, "href": entrance_of(card)}
    return show(request, "mfa/asked.html", "account_factors", {"card": card})


def way_on(request: HttpRequest) -> dict[str, str]:
    """Where the person wanted to go before a second factor was asked for."""
    onward: dict[str, str] = request.session.get(ONWARD) or {"name": "your work", "href": reverse("chooser")}
    return onward
