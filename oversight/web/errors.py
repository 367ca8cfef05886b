"""Pages for what went wrong, JSON for the API: no query, no address, nothing that differs from request to request."""

from django.http import HttpRequest, HttpResponse
from django.template import loader

from oversight.kernel.access.middleware import API_PATH
from oversight.kernel.api.answers import BROKEN, MALFORMED, NOT_ALLOWED, NOT_FOUND, answer


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
    """403: the form did not come from a page of this session."""
    return _page(request, "403_csrf.html", 403, NOT_ALLOWED)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: not there, or out of sight; the answer is the same to the byte."""
    return _page(request, "404.html", 404, NOT_FOUND)


def throttled(request: HttpRequest) -> HttpResponse:
    """429: too many tries from one address."""
    return _page(request, "429.html", 429, "Too many tries. Wait a minute.")


def broken(request: HttpRequest) -> HttpResponse:
    """500: our fault."""
    return _page(request, "500.html", 500, BROKEN)
