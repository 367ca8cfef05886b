"""Where to? The page between signing in and a sponsor's records."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from oversight.kernel.access.entrance import MembershipCard, chosen_key


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """Show each sponsor that the person may enter; with only one, go straight there."""
    cards: tuple[MembershipCard, ...] = request.memberships()
    if request.method == "POST":
        wish = request.POST.get("membership", "")
        for card in cards:
            if str(card.id) == wish:
                request.session[chosen_key(card.sponsor)] = card.id
                return HttpResponseRedirect(_way(card, request.POST.get("to", "")))
        raise Http404
    if len(cards) == 1 and "choose" not in request.GET:
        return HttpResponseRedirect(entrance_of(cards[0]))
    partner = any(card.side == "portal" for card in cards)
    context = {"cards": cards, "partner": partner, "to": request.GET.get("next", "")}
    return render(request, "web/chooser.html", context)


def entrance_of(card: MembershipCard) -> str:
    """The first page behind the door of a membership."""
    return reverse(f"{card.side}:home", kwargs={"sponsor": card.sponsor})


def _way(card: MembershipCard, wanted: str) -> str:
    """The page that was wanted, if it is behind this door; else the first one there."""
    home = entrance_of(card)
    return wanted if wanted.startswith(home) and "\\" not in wanted else home
