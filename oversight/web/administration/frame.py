"""What every page of the settings does: let the actor in, say where one is, show the page in the house's frame."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from oversight.kernel.access.scope import Actor
from oversight.kernel.records.addresses import place
from oversight.kernel.records.frame import acting
from oversight.kernel.workflow.refusals import NotAllowed

FORM = ["GET", "HEAD", "POST"]  # how a page with a form is asked for
# Name of the page, what it is called, and the capability that opens it.
ROOMS = (
    ("people", "People", "people.manage"),
    ("keys", "API keys", "key.manage"),
    ("webhooks", "Webhooks", "webhook.manage"),
    ("policy", "Policy and clocks", "policy.manage"),
    ("access-review", "Access review", "access_review.export"),
)


@dataclass(frozen=True, slots=True)
class Room:
    """One of the pages side by side."""

    label: str
    href: str
    here: bool


def enter(request: HttpRequest, capability: str) -> Actor:
    """The actor of the request; raises NotAllowed for a role without the capability, and for who sees only some CDMOs.

    Settings are of the whole sponsor: the database would let nobody write them who does not see all of it.
    """
    actor = acting(request)
    if not actor.can(capability) or actor.cdmos is not None:
        raise NotAllowed(capability)
    return actor


def rooms_of(actor: Actor, here: str = "") -> list[Room]:
    """The pages of the settings that the actor may open."""
    if actor.cdmos is not None:
        return []
    return [
        Room(label, page_of(actor, name), name == here) for name, label, capability in ROOMS if actor.can(capability)
    ]


def page_of(actor: Actor, name: str, pk: int | None = None) -> str:
    """The address of one page of the settings."""
    return place(f"settings-{name}", actor, **({} if pk is None else {"pk": pk}))


def show(
    request: HttpRequest, template: str, room: str, context: dict[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """Render `administration/<template>` with the pages of the settings above it."""
    actor = acting(request)
    there = next(label for name, label, _ in ROOMS if name == room)
    frame = {"rooms": rooms_of(actor, room), "room": there, "room_url": page_of(actor, room)}
    return render(request, f"administration/{template}", frame | (context or {}), status=status)


def today_of(actor: Actor) -> date:
    """Today where the actor is."""
    return datetime.now(ZoneInfo(actor.tz)).date()
