"""What every page shows around its content: who acts, where one is, where one can go."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse

from oversight.kernel.access.scope import Actor
from oversight.kernel.records.addresses import address
from oversight.roles import Role

from .catalogue import KINDS


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the navigation; `here` is what aria-current says, empty elsewhere."""

    label: str
    icon: str
    href: str
    here: str


def page(request: HttpRequest) -> dict[str, object]:
    """The context of all templates; outside a sponsor there is nothing to say."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        return {"actor": None}
    return {
        "actor": actor,
        "navigation": navigation(actor, request.path),
        "role_label": Role(actor.role).label,
        "chooser_url": reverse("chooser") + "?choose=1",
    }


def navigation(actor: Actor, path: str) -> list[Entry]:
    """The pages that this actor may open."""
    entries = []
    if actor.is_partner:
        home = reverse("portal:home", kwargs={"sponsor": actor.sponsor})
        entries.append(Entry("Our record", "house", home, "page" if path == home else ""))
    for kind in KINDS:
        if not kind.may(actor, "view") or (actor.is_partner and (kind.partner_sees is None or kind.parent is None)):
            continue
        href = address(kind, "list", actor)
        here = "page" if path == href else "true" if path.startswith(href) else ""
        entries.append(Entry(kind.plural[:1].upper() + kind.plural[1:], kind.icon, href, here))
    return entries
