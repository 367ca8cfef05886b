"""One request, one transaction, one scope: the kernel owns all three."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import uuid4

from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, ResolverMatch, resolve

from .entrance import Ambiguous, chosen_key, enter, memberships_of
from .models import SecurityEvent
from .requests import ScopedRequest
from .scope import forgetful_transaction
from .security import log_security

REFUSALS = (403, 404)


Respond = Callable[[ScopedRequest], HttpResponse]


def trace(get_response: Respond) -> Respond:
    """Give each request an id of our own: the trail carries it, so no caller may choose it."""

    def middleware(request: ScopedRequest) -> HttpResponse:
        request.trace = uuid4().hex
        response = get_response(request)
        response.headers["X-Request-ID"] = request.trace
        return response

    return middleware


class ScopeMiddleware:
    """Enters the sponsor that the path names; a refused request (4xx, 5xx) leaves nothing but the security log."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: ScopedRequest) -> HttpResponse:
        request.actor = None  # type: ignore[assignment]  # on paths without a sponsor, whose views do not ask
        request.memberships = partial(memberships_of, request.user.pk)
        if (match := _tenant_path(request)) is None:
            return self.get_response(request)
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        with forgetful_transaction():
            sponsor = match.kwargs["sponsor"]
            chosen = request.session.get(chosen_key(sponsor))
            request.entered = enter(request.user.pk, sponsor, match.namespaces[0], chosen=chosen, request=request.trace)
            response = self.get_response(request)
            if response.streaming:
                raise RuntimeError("A stream would leave the transaction: make a file by a job instead.")
            if response.status_code >= 400:
                transaction.set_rollback(True)
        response.headers.setdefault("Cache-Control", "private, no-store")
        if response.status_code in REFUSALS:
            log_security(
                SecurityEvent.Kind.DENIED,
                request,
                user_id=request.user.pk,
                tenant_id=request.actor and request.actor.tenant,
                status=response.status_code,
            )
        return response

    def process_view(
        self, request: ScopedRequest, view: Callable[..., HttpResponse], args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Views take no sponsor: they have `request.actor`. A sponsor that one does not serve never existed."""
        if kwargs.pop("sponsor", None) is None:
            return None
        if isinstance(request.entered, Ambiguous):
            return redirect("/")
        if request.entered is None:
            raise Http404
        request.actor = request.entered
        return None


def _tenant_path(request: HttpRequest) -> ResolverMatch | None:
    try:
        match = resolve(request.path_info)
    except Resolver404:
        return None
    return match if "sponsor" in match.kwargs else None
