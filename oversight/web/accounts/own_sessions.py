"""Where a person is signed in, and ending it there."""

import re
from dataclasses import dataclass
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from oversight.kernel.access.models import SecurityEvent, User
from oversight.kernel.access.security import log_security

from .pages import own_page, show

_BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
_SYSTEMS = (
    ("iPhone|iPad", "iPhone or iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """One place where the person is signed in."""

    key: int
    device: str
    address: str
    since: datetime
    seen: datetime
    here: bool


@own_page("GET", "HEAD", "POST")
def own_sessions(request: HttpRequest) -> HttpResponse:
    """List them, this one first; POST ends one, or all but this one."""
    person: User = request.user
    if request.method == "POST":
        ended = _end(request, person)
        if ended:
            log_security(SecurityEvent.Kind.SESSIONS_ENDED, request, user_id=person.pk, email=person.email)
        messages.success(request, _said(ended))
        return HttpResponseRedirect(reverse("account_sessions"))
    present = request.session.session_key
    places = [_place(each, present) for each in UserSession.objects.purge_and_list(person)]
    places.sort(key=lambda place: (not place.here, -place.seen.timestamp()))
    return show(request, "usersessions/list.html", "account_sessions", {"places": places})


def end_others(person: User, *, but: str | None) -> int:
    """End every session of the person except the one with the key `but`; each fails at its next request."""
    others = UserSession.objects.filter(user_id=person.pk)
    ended = 0
    for session in others.exclude(session_key=but) if but else others:
        session.end()
        ended += 1
    return ended


def _end(request: HttpRequest, person: User) -> int:
    present = request.session.session_key
    if request.POST.get("end") == "others":
        return end_others(person, but=present)
    wish = request.POST.get("end", "")
    if not wish.isascii() or not wish.isdigit():
        return 0
    one = UserSession.objects.filter(user_id=person.pk, pk=int(wish[:18])).exclude(session_key=present).first()
    if one is not None:
        one.end()
    return 1 if one else 0


def _said(ended: int) -> str:
    if not ended:
        return "There was nothing to end."
    return "One session was ended." if ended == 1 else f"{ended} sessions were ended."


def _place(session: UserSession, present: str) -> Place:
    return Place(
        key=session.pk,
        device=device_of(session.user_agent),
        address=session.ip,
        since=session.created_at,
        seen=session.last_seen_at,
        here=session.session_key == present,
    )


def device_of(agent: str) -> str:
    """“Firefox on Windows”, as far as the browser says so."""
    browser = next((name for word, name in _BROWSERS if word in agent), "A browser")
    system = next((name for words, name in _SYSTEMS if re.search(words, agent)), "")
    return f"{browser} on {system}" if system else browser
