"""The page of notices at either door, and what is done there: opened, marked as read."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from oversight.kernel.access.scope import Actor
from oversight.kernel.notifications.reading import Item, items, mark_read, notices_of, stretch, undelivered, unread
from oversight.kernel.records.addresses import key_in, place
from oversight.kernel.records.frame import acting, layout_of


@dataclass(frozen=True, slots=True)
class Day:
    """The notices of one day, under its name."""

    name: str
    lines: tuple[tuple[Item, str], ...]  # each with its time of day


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """What happened since, newest first, by day."""
    actor = acting(request)
    only_unread = request.GET.get("show") == "unread"
    after = key_in(request.GET.get("after", ""))
    found = stretch(actor, after=after, only_unread=only_unread)
    state = "show=unread&" if only_unread else ""
    context = {
        "layout": layout_of(actor),
        "days": by_day(found.items, actor),
        "only_unread": only_unread,
        "count": unread(actor),
        "undelivered": undelivered(actor),
        "here": place("notices", actor),
        "read_url": place("notices-read", actor),
        "preferences_url": place("notice-preferences", actor),
        "newest": after is not None,
        "older": f"?{state}after={found.older}" if found.older else "",
        "zone": actor.tz,
    }
    return render(request, "notifications/overview.html", context)


@require_safe
def follow(request: HttpRequest, pk: int) -> HttpResponse:
    """Open what a notice is about; it counts as read from then on."""
    actor = acting(request)
    for item in items(actor, notices_of(actor).filter(pk=pk)):
        if request.method == "GET":
            mark_read(actor, [pk])
        return HttpResponseRedirect(item.target)
    raise Http404


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Everything counts as read."""
    actor = acting(request)
    count = mark_read(actor)
    if count:
        messages.success(request, "One notice is marked as read." if count == 1 else f"{count} are marked as read.")
    else:
        messages.success(request, "All of them were read already.")
    return HttpResponseRedirect(place("notices", actor))


def by_day(found: tuple[Item, ...], actor: Actor) -> tuple[Day, ...]:
    """The items under the days on which they happened where the actor is."""
    zone = ZoneInfo(actor.tz)
    today = timezone.now().astimezone(zone).date()
    names = {today: "Today", today - timedelta(days=1): "Yesterday"}
    days = []
    for day, group in groupby(found, key=lambda item: item.notice.at.astimezone(zone).date()):
        year = "" if day.year == today.year else f" {day.year}"
        lines = tuple((item, f"{item.notice.at.astimezone(zone):%H:%M}") for item in group)
        days.append(Day(names.get(day, f"{day:%A} {day.day} {day:%B}{year}"), lines))
    return tuple(days)
