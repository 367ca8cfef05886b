"""Pages for what went wrong, JSON for the API: no query, no address, nothing that differs from request to request."""

import logging
from collections.abc import Callable
from pathlib import PurePosixPath

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template import loader

from oversight.kernel.access.middleware import API_PATH
from oversight.kernel.api.answers import BROKEN, MALFORMED, NOT_ALLOWED, NOT_FOUND, answer
from oversight.kernel.database import clock

from .drafting.keeping import keep_of_another_session

PLAIN = (
    '<!doctype html><html lang="en-GB"><meta charset="utf-8"><title>Something broke on our side</title>'
    "<h1>Something broke on our side</h1><p>Nothing was changed. Try again in a minute; if it happens again, "
    'tell your administrator what you were doing and when.</p><p><a href="/">Go to the start</a></p></html>'
)
HEALTH = "/healthz"  # which says why
WRONG_TIME = "The clock of this server is wrong. Nothing was changed; try again in a moment."
log = logging.getLogger(__name__)


def _page(request: HttpRequest, template: str, status: int, detail: str) -> HttpResponse:
    if request.path_info.startswith(API_PATH):
        return answer({"detail": detail}, status)
    return HttpResponse(loader.render_to_string(template), status=status)


def malformed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request makes no sense."""
    return _page(request, "400.html", 400, MALFORMED)


def not_allowed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: in sight, but not for this role."""
    return _page(request, "403.html", 403, NOT_ALLOWED)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form did not come from a page of this session; what was typed is kept where that is possible."""
    if where := keep_of_another_session(request):
        messages.warning(request, "You signed in again meanwhile, so nothing was saved yet. Look it over and send it.")
        return HttpResponseRedirect(where)
    return _page(request, "403_csrf.html", 403, NOT_ALLOWED)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: not there, or out of sight; the answer is the same to the byte."""
    return _page(request, "404.html", 404, NOT_FOUND)


def throttled(request: HttpRequest) -> HttpResponse:
    """429: too many tries from one address."""
    return _page(request, "429.html", 429, "Too many tries. Wait a minute.")


def broken(request: HttpRequest) -> HttpResponse:
    """500: our fault. Whatever broke may be what the page itself needs: then it is said without a look."""
    try:
        return _page(request, "500.html", 500, BROKEN)
    except Exception:
        log.exception("The page for a failure failed itself")
        return HttpResponse(PLAIN, status=500)


def wrong_time(request: HttpRequest) -> HttpResponse:
    """503: the clock of this process is not the database's; another process may answer."""
    response = _page(request, "503.html", 503, WRONG_TIME)
    response.headers["Retry-After"], response.headers["Cache-Control"] = "60", "no-store"
    return response


def at_the_right_time(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """A process whose clock is not the database's serves nobody: its sessions, codes and deadlines would be wrong."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path_info != HEALTH and abs(ahead := clock.seconds_ahead()) > clock.MOST:
            log.error("Nobody is served: the clock of this process is %s", clock.in_words(ahead))
            return wrong_time(request)
        return get_response(request)

    return middleware


def in_words(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """A form's address, opened like a page, is answered in words: Django's own 405 is an empty page."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        api = request.path_info.startswith(API_PATH)
        if isinstance(response, HttpResponseNotAllowed) and not response.content and not api:
            up = str(PurePosixPath(request.path_info).parent)
            response.content = loader.render_to_string("405.html", {"up": f"{up}/" if up != "/" else ""}).encode()
        return response

    return middleware
