"""What every page shows around its content: who acts, where one is, where one can go."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse

from oversight.kernel.access.scope import Actor
from oversight.kernel.records.addresses import address, door
from oversight.roles import Role

from .catalogue import KINDS


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the navigation; `here` is what aria-current says, `group` the heading of the lines that it opens."""

    label: str
    icon: str
    href: str
    here: str
    group: str = ""


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
    entries, group = [], ""
    if actor.is_partner:
        home = reverse("portal:home", kwargs={"sponsor": actor.sponsor})
        entries.append(Entry("Our record", "house", home, "page" if path == home else ""))
    for kind in KINDS:
        if not kind.may(actor, "view") or (actor.is_partner and kind.parent is None):
            continue
        above, group = group, str(kind.model._meta.app_config.verbose_name)
        entries.append(
            _entry(kind.plural, kind.icon, address(kind, "list", actor), path, group if group != above else "")
        )
    if actor.can("trail.view"):
        entries.append(_entry("audit trail", "scroll-text", _page(actor, "audit-trail"), path, "Evidence"))
        entries.append(_entry("exports", "file-down", _page(actor, "exports"), path))
    return entries


def _entry(label: str, icon: str, href: str, path: str, group: str = "") -> Entry:
    here = "page" if path == href else "true" if path.startswith(href) else ""
    return Entry(label[:1].upper() + label[1:], icon, href, here, group)


def _page(actor: Actor, name: str) -> str:
    return reverse(f"{door(actor)}:{name}", kwargs={"sponsor": actor.sponsor})
