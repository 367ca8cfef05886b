"""One request, one transaction, one scope: the kernel owns all three."""

from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import Resolver404, ResolverMatch, resolve, reverse

from .entrance import Ambiguous, Entered, FactorMissing, NoKey, chosen_key, enter, enter_by_key, memberships_of
from .models import SecurityEvent
from .requests import ScopedRequest
from .scope import Actor, forgetful_transaction
from .security import log_security

REFUSALS = (401, 403, 404)
API = "api"  # the door at which a key is shown, and nothing else counts
API_PATH = "/api/"
NO_KEY = "Send a valid API key: Authorization: Bearer ovs_…"

Respond = Callable[[ScopedRequest], HttpResponse]


def trace(get_response: Respond) -> Respond:
    """Give each request an id of our own: the trail carries it, so no caller may choose it.

    The API takes no cookie: nobody can make a browser, in which somebody is signed in, speak to it.
    """

    def middleware(request: ScopedRequest) -> HttpResponse:
        request.trace = uuid4().hex
        if request.path_info.startswith(API_PATH):
            request.META.pop("HTTP_COOKIE", None)
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
        sponsor, door = match.kwargs["sponsor"], match.namespaces[0]
        if door == API:
            return self._answer(request, partial(_enter_by_key, request, sponsor))
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        chosen = request.session.get(chosen_key(sponsor))
        return self._answer(
            request, partial(enter, request.user.pk, sponsor, door, chosen=chosen, request=request.trace)
        )

    def _answer(self, request: ScopedRequest, find: Callable[[], Entered]) -> HttpResponse:
        with forgetful_transaction():
            try:
                request.entered = find()
            except NoKey:
                response: HttpResponse = JsonResponse({"detail": NO_KEY}, status=401)
                response.headers["WWW-Authenticate"] = 'Bearer realm="Oversight"'
            else:
                response = self.get_response(request)
            if response.streaming:
                raise RuntimeError("A stream would leave the transaction: make a file by a job instead.")
            if response.status_code >= 400:
                transaction.set_rollback(True)
        response.headers.setdefault("Cache-Control", "private, no-store")
        # A caller who shows nothing at all is nobody; one who shows a wrong key is worth knowing.
        if response.status_code in REFUSALS and (response.status_code != 401 or "Authorization" in request.headers):
            log_security(
                SecurityEvent.Kind.DENIED,
                request,
                user_id=request.actor.user if request.actor else request.user.pk,
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
        wanted = {"next": request.get_full_path()} if request.method == "GET" else {}
        if isinstance(request.entered, Ambiguous):
            return redirect(f"/?{urlencode({'choose': 1} | wanted)}")
        if isinstance(request.entered, FactorMissing):
            back = urlencode({"sponsor": request.entered.sponsor} | wanted)
            return redirect(f"{reverse(settings.SECOND_FACTOR_URL)}?{back}")
        if request.entered is None:
            raise Http404
        request.actor = request.entered
        return None


def _enter_by_key(request: ScopedRequest, sponsor: str) -> Actor | None:
    request.bearer = enter_by_key(request.headers.get("Authorization", ""), sponsor, request=request.trace)
    return request.bearer.actor if request.bearer else None


def _tenant_path(request: HttpRequest) -> ResolverMatch | None:
    try:
        match = resolve(request.path_info)
    except Resolver404:
        return None
    return match if "sponsor" in match.kwargs else None
