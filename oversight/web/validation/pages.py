"""Help, validation: what regulations ask, where each is met, and how it is proven."""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from oversight.kernel.access.entrance import MembershipCard, memberships_of

from .places import Place, place
from .proof import figures, proofs_of
from .requirement import Requirement, Source, Way, sources

TONES = {
    Way.AUTOMATED: ("ok", "ok"),
    Way.PROCEDURAL: ("info", "progress"),
    Way.NOT_APPLICABLE: ("neutral", "void"),
    Way.GAP: ("warn", "warn"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One requirement as the page shows it."""

    requirement: Requirement
    places: tuple[Place, ...]
    tests: tuple[str, ...]
    tone: str
    glyph: str


@never_cache
@login_required
@require_safe
def validation(request: HttpRequest) -> HttpResponse:
    """The table, one panel for each source; pages of a sponsor lead to one that the reader serves."""
    cards = memberships_of(request.user.pk)
    asked = request.GET.get("at", "")
    card = next((each for each in cards if each.sponsor == asked), cards[0] if cards else None)
    chosen = request.GET.get("way", "")
    way = Way(chosen) if chosen in Way.values else None
    told = [(source, _lines(source, way, card)) for source in sources()]
    return render(
        request,
        "help/validation.html",
        {
            "figures": figures(),
            "sources": [(source, lines) for source, lines in told if lines],
            "ways": [(each, TONES[each], figures()[each.value]) for each in Way],
            "way": way,
            "cards": {each.sponsor: each for each in cards}.values(),
            "at": card,
        },
    )


def _lines(source: Source, way: Way | None, card: MembershipCard | None) -> list[Line]:
    of = {"sponsor": card.sponsor, "door": card.side} if card else {}
    return [
        Line(each, tuple(place(named, **of) for named in each.where), proofs_of(each.id), *TONES[each.way])
        for each in source.requirements
        if way in (None, each.way)
    ]
