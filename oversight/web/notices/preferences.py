"""How a member wants to hear of things, and the feed that the member's own calendar can follow."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from oversight.kernel.access.scope import Actor
from oversight.kernel.notifications.announcing import digest_zone
from oversight.kernel.notifications.calendar_keys import key_of_calendar, renew, revoke
from oversight.kernel.notifications.groups import ABOUT, Group, Way
from oversight.kernel.notifications.preferences import choose, chosen, groups_for, ways_for
from oversight.kernel.records.addresses import place
from oversight.kernel.records.frame import acting, layout_of
from oversight.kernel.workflow.refusals import Refused


@dataclass(frozen=True, slots=True)
class Choice:
    """One group of events with the ways that are open, the present one ticked."""

    group: Group
    about: str
    ways: tuple[tuple[str, str, bool], ...]  # value, words, ticked
    fixed: bool
    error: str


@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """Show what is chosen, or keep what the member chooses."""
    actor = acting(request)
    if request.method != "POST":
        return _page(request, actor)
    wanted = {group.value: request.POST.get(group.value, "") for group in groups_for(actor)}
    try:
        choose(wanted, by=actor)
    except ValidationError as refusal:
        return _page(request, actor, wanted=wanted, errors=refusal.message_dict, status=422)
    except Refused as refusal:
        return _page(request, actor, wanted=wanted, sentences=refusal.sentences, status=409)
    messages.success(request, "Your choice is kept.")
    return HttpResponseRedirect(place("notice-preferences", actor))


@require_POST
def calendar(request: HttpRequest) -> HttpResponse:
    """Make, renew or revoke the address of the calendar feed; a new one is shown on the answer, this once."""
    actor = acting(request)
    if request.POST.get("do") == "revoke":
        done = revoke(by=actor)
        said = "The calendar address opens nothing any more." if done else "There was no calendar address."
        messages.success(request, said)
        return HttpResponseRedirect(place("notice-preferences", actor) + "#calendar")
    try:
        secret = renew(by=actor)
    except Refused as refusal:
        return _page(request, actor, sentences=refusal.sentences, status=409)
    feed = settings.PUBLIC_URL + reverse("calendar-feed", kwargs={"secret": secret})
    return _page(request, actor, feed=feed)


def _page(
    request: HttpRequest,
    actor: Actor,
    *,
    wanted: dict[str, str] | None = None,
    errors: dict[str, list[str]] | None = None,
    sentences: tuple[str, ...] = (),
    feed: str = "",
    status: int = 200,
) -> HttpResponse:
    present = chosen(actor)
    context = {
        "layout": layout_of(actor),
        "choices": [
            _choice(group, actor, (wanted or {}).get(group, present[group]), errors) for group in groups_for(actor)
        ],
        "sentences": sentences,
        "errors": errors,
        "zone": digest_zone(actor.tz, actor.cdmo, actor),
        "calendar": key_of_calendar(actor),
        "feed": feed,
        "here": place("notice-preferences", actor),
        "calendar_url": place("notice-calendar", actor),
        "notices_url": place("notices", actor),
    }
    return render(request, "notifications/preferences.html", context, status=status)


def _choice(group: Group, actor: Actor, way: str, errors: dict[str, list[str]] | None) -> Choice:
    ways = ways_for(group, actor)
    return Choice(
        group,
        ABOUT[group],
        tuple((each.value, str(each.label), each == way) for each in ways),
        len(ways) < len(Way),
        " ".join((errors or {}).get(group, [])),
    )
