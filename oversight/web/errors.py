"""Pages for what went wrong: no query, no address, nothing that differs from one request to the next."""

from django.http import HttpRequest, HttpResponse
from django.template import loader


def _page(template: str, status: int) -> HttpResponse:
    return HttpResponse(loader.render_to_string(template), status=status)


def malformed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request makes no sense."""
    return _page("400.html", 400)


def not_allowed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: in sight, but not for this role."""
    return _page("403.html", 403)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form did not come from a page of this session."""
    return _page("403_csrf.html", 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: not there, or out of sight; the answer is the same to the byte."""
    return _page("404.html", 404)


def throttled(request: HttpRequest) -> HttpResponse:
    """429: too many tries from one address."""
    return _page("429.html", 429)


def broken(request: HttpRequest) -> HttpResponse:
    """500: our fault."""
    return _page("500.html", 500)
