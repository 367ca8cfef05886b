"""A form that comes too late, from a session that ended or that another one replaced, is kept as a draft."""

from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.urls import Resolver404, resolve

from oversight.kernel.access.entrance import DOORS, chosen_key, enter
from oversight.kernel.access.scope import Actor, forgetful_transaction
from oversight.kernel.records.drafts import Unkept, save_draft

from .pages import OF


def keep_at_the_end(request: HttpRequest) -> str:
    """Keep what a session sent after its time, if its own page sent it; answers where, or nothing."""
    if not _is_of_its_own_page(request):
        return ""
    try:
        match = resolve(request.path_info)
    except Resolver404:
        return ""
    sponsor, through = match.kwargs.get("sponsor"), (*match.namespaces, "")[0]
    if not sponsor or through not in DOORS:
        return ""
    chosen = request.session.get(chosen_key(sponsor))
    with forgetful_transaction():
        trace = cast(Any, request).trace
        actor = enter(cast(int, request.user.pk), sponsor, through, chosen=chosen, request=trace)
        return _keep(request, actor) if isinstance(actor, Actor) else ""


def keep_of_another_session(request: HttpRequest) -> str:
    """Keep what a page sent that was opened before the person signed in again; answers where, or nothing."""
    actor = getattr(request, "entered", None)
    if not isinstance(actor, Actor) or request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return ""
    own = "Origin" in request.headers and CsrfViewMiddleware(_nothing)._origin_verified(request)
    return _keep(request, actor) if own else ""


def _keep(request: HttpRequest, actor: Actor) -> str:
    """An autosave names its form; a form that was sent is at its own address."""
    path = request.POST.get(OF) or request.get_full_path()
    try:
        return save_draft(path, request.POST.dict(), by=actor).path
    except Unkept:
        return ""


def _is_of_its_own_page(request: HttpRequest) -> bool:
    """The check of the token comes later than the check of the session: nothing is kept without it."""
    return CsrfViewMiddleware(_nothing).process_view(request, _nothing, (), {}) is None


def _nothing(request: HttpRequest) -> HttpResponse:
    return HttpResponse()
