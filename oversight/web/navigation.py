"""What every page shows around its content: who acts, where one is, where one can go."""

from dataclasses import dataclass, replace
from typing import cast

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from oversight.kernel.access.scope import Actor
from oversight.kernel.records.addresses import address, place
from oversight.kernel.records.filters import OPEN
from oversight.roles import Role

from .administration.frame import rooms_of
from .catalogue import KINDS
from .portal.home import own_record_url
from .today.counts import Count, Counts, frame_counts


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the navigation; `here` is what aria-current says, `group` the heading of the lines that it opens.

    `count` is what stands beside it, `counted` what that number means to whoever does not see where it stands.
    """

    label: str
    icon: str
    href: str
    here: str
    group: str = ""
    count: str = ""
    counted: str = ""
    tone: str = ""


def page(request: HttpRequest) -> dict[str, object]:
    """The context of all templates; outside a sponsor there is nothing to say."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        return {"actor": None}
    # Counted only where a page shows it, and where the page itself has not counted already.
    counts = cast(Counts, SimpleLazyObject(lambda: _counts(request, actor)))
    return {
        "actor": actor,
        "navigation": SimpleLazyObject(lambda: navigation(actor, request.path, counts)),
        "frame": counts,
        "role_label": Role(actor.role).label,
        "chooser_url": reverse("chooser") + "?choose=1",
    }


def navigation(actor: Actor, path: str, counts: Counts) -> list[Entry]:
    """The pages that this actor may open, with what waits for it and what of each kind is open."""
    home = place("home", actor)
    entries, group = [_home(actor, home, path, counts)], ""
    for kind in KINDS:
        if not kind.may(actor, "view") or not kind.listed_for(actor):
            continue
        above, group = group, str(kind.model._meta.app_config.verbose_name)
        entry = _entry(kind.plural, kind.icon, address(kind, "list", actor), path, group if group != above else "")
        entry = _counting(entry, counts.open.get(kind.slug, Count()), "open")
        still = [state for state in kind.workflow.states if state not in kind.workflow.final]
        narrowed = f"{entry.href}?status={OPEN if len(still) > 1 else still[0]}"
        entries.append(replace(entry, href=narrowed) if entry.count else entry)
    if actor.can("trail.view"):
        entries.append(_entry("audit trail", "scroll-text", place("audit-trail", actor), path, "Evidence"))
        entries.append(_entry("exports", "file-down", place("exports", actor), path))
    if actor.is_partner:
        entries.append(_entry("our performance", "gauge", place("our-performance", actor), path, "Us"))
        if own := own_record_url(actor):
            entries.append(_entry("our record", "house", own, path))
        entries.append(_entry("our people", "users", place("our-people", actor), path))
    elif rooms_of(actor):
        entries.append(_entry("settings", "settings", place("settings", actor), path, "Access"))
    return entries


def _home(actor: Actor, home: str, path: str, counts: Counts) -> Entry:
    """Where the day begins: what waits, urgent where any of it runs out within a day."""
    entry = Entry("To do" if actor.is_partner else "Today", "inbox", home, "page" if path == home else "")
    entry = _counting(entry, counts.waiting, "waiting for your site" if actor.is_partner else "waiting for you")
    return replace(entry, tone="danger", counted=f"{entry.counted}, some within 24 hours") if counts.urgent else entry


def _counting(entry: Entry, count: Count, what: str) -> Entry:
    return replace(entry, count=count.words, counted=what) if count.number else entry


def _counts(request: HttpRequest, actor: Actor) -> Counts:
    """What the page counted for itself, else what one statement says."""
    counted: Counts | None = getattr(request, "frame_counts", None)
    return counted or frame_counts(actor, now=timezone.now())


def _entry(label: str, icon: str, href: str, path: str, group: str = "") -> Entry:
    here = "page" if path == href else "true" if path.startswith(href) else ""
    return Entry(label[:1].upper() + label[1:], icon, href, here, group)
