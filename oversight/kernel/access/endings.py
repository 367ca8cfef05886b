"""What becomes of a form that is sent after its session ended: somebody above may keep it, before the sign-out."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest

# Keeps what was typed; answers where it waits, or nothing when it was nothing to keep.
Keeper = Callable[[HttpRequest], str]
KEPT = "What you typed is kept: sign in, look it over and send it."


def _nobody(request: HttpRequest) -> str:
    return ""


@dataclass(slots=True)
class Ports:
    """Who keeps it: filled once, in `apps.py`."""

    keeper: Keeper = _nobody


PORTS = Ports()


def provide(keeper: Keeper) -> None:
    """Say who keeps what was typed."""
    PORTS.keeper = keeper


def kept(request: HttpRequest) -> str:
    """Where what was sent waits for whoever signs in again; `/` when nothing was kept. Called before the sign-out."""
    return (PORTS.keeper(request) if request.method == "POST" else "") or "/"


def say_kept(request: HttpRequest, where: str) -> None:
    """On the sign-in page."""
    if where != "/":
        messages.info(request, KEPT)
