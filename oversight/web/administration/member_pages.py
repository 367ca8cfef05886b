"""One member: what the membership says, what became of it, and how it is changed or ended."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cdmos.models import CDMO
from oversight.kernel.access.memberships import NOT_ONESELF, amend, end
from oversight.kernel.access.models import Membership
from oversight.kernel.access.people import State, granted_to, people, state_of
from oversight.kernel.access.scope import Actor
from oversight.kernel.api.models import ApiKey
from oversight.kernel.outbox import publish
from oversight.kernel.records.models import carry_own
from oversight.kernel.trail.change import change
from oversight.roles import Role

from .forms import ReasonForm, SettingsForm, status_of
from .frame import FORM, enter, page_of, show, today_of
from .histories import member_history
from .invitations import JOINED
from .people_forms import AmendForm
from .people_list import lines_of
from .people_pages import MANAGE


@require_safe
def member(request: HttpRequest, pk: int) -> HttpResponse:
    """The membership, and every version of it."""
    actor = enter(request, MANAGE)
    found = _find(actor, pk)
    (line,) = lines_of([found], actor, today_of(actor))
    cdmos = dict(CDMO.objects.visible_to(actor).values_list("pk", "name"))
    state, program = state_of(found, today=today_of(actor)), found.role == Role.API_CLIENT
    mine = found.user_id == actor.user
    context = {
        "line": line,
        "member": found,
        "program": program,
        "keys": ApiKey.objects.visible_to(actor).filter(membership=found).order_by("-pk")[:20] if program else (),
        "history": member_history(found, actor, cdmos),
        "keys_url": page_of(actor, "keys"),
        "amend_url": "" if mine else page_of(actor, "person-amend", pk),
        "end_url": "" if mine or state == State.ENDED else page_of(actor, "person-end", pk),
        "invite_url": _invite_url(actor, found, state),
        "not_oneself": NOT_ONESELF if mine else "",
    }
    return show(request, "person.html", "people", context)


@require_http_methods(FORM)
def amend_member(request: HttpRequest, pk: int) -> HttpResponse:
    """Another role, other days, other CDMOs."""
    actor = enter(request, MANAGE)
    found = _find(actor, pk)
    held: list[Any] = list(granted_to(found).values()) if found.narrowed else []
    form = AmendForm(actor, found, held, data=request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            with change(by=actor, reason=form.reason):
                carry_own(pk, to=_shown_by(amend(pk, by=actor, **form.values)), by=actor)
        except ValidationError as refusal:
            form.refuse(refusal)
            return _changing(request, actor, found, form, status=status_of(refusal))
        messages.success(request, "The membership was changed. It holds from the next click of the person on.")
        return HttpResponseRedirect(page_of(actor, "person", pk))
    return _changing(request, actor, found, form, status=422 if form.is_bound else 200)


@require_http_methods(FORM)
def end_member(request: HttpRequest, pk: int) -> HttpResponse:
    """End it now."""
    actor = enter(request, MANAGE)
    found = _find(actor, pk)
    form = ReasonForm(request.POST if request.method == "POST" else None, version=found.version)
    if request.method == "POST" and form.is_valid():
        try:
            with change(by=actor, reason=form.reason):
                end(pk, by=actor, seen=form.cleaned_data["version"])
        except ValidationError as refusal:
            form.refuse(refusal)
            return _ending(request, actor, found, form, status=status_of(refusal))
        messages.success(request, "The membership has ended. What the person wrote and signed stays on record.")
        return HttpResponseRedirect(page_of(actor, "person", pk))
    return _ending(request, actor, found, form, status=422 if form.is_bound else 200)


@require_POST
def invite_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the invitation once more, to somebody who has not signed in yet."""
    actor = enter(request, MANAGE)
    found = _find(actor, pk)
    if not _invite_url(actor, found, state_of(found, today=today_of(actor))):
        messages.info(request, "No invitation is needed: the person has signed in, or the membership is over.")
        return HttpResponseRedirect(page_of(actor, "person", pk))
    with change(by=actor, reason="Invited again"):
        publish(JOINED, record=found, by=actor)
    messages.success(request, "The invitation is on its way.")
    return HttpResponseRedirect(page_of(actor, "person", pk))


def _shown_by(member: Membership) -> int | None:
    """The CDMO by which the database holds the member's own rows to its side (see `own_of`)."""
    return min(map(int, granted_to(member)), default=None) if member.narrowed else member.cdmo_id


def _find(actor: Actor, pk: int) -> Any:
    found = people(actor).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _invite_url(actor: Actor, found: Any, state: State) -> str:
    arrived = found.user.last_login is not None and found.user.last_login >= found.joined_at
    if arrived or state == State.ENDED or found.role == Role.API_CLIENT:
        return ""
    return page_of(actor, "person-invite", found.pk)


def _changing(request: HttpRequest, actor: Actor, found: Any, form: AmendForm, *, status: int) -> HttpResponse:
    context = {
        "form": form,
        "title": f"Change {found.called}",
        "lede": "Nothing is changed until you save it. What held before stays in the history.",
        "save": "Save the change",
        "member": found,
        "back_url": page_of(actor, "person", found.pk),
    }
    return show(request, "person_form.html", "people", context, status=status)


def _ending(request: HttpRequest, actor: Actor, found: Any, form: SettingsForm, *, status: int) -> HttpResponse:
    context = {
        "form": form,
        "title": f"End the membership of {found.called}",
        "consequence": "It ends at once: the next click, and the next call with one of its API keys, is refused. "
        "What was written and signed stays on record. A new membership period can be given later.",
        "save": "End membership",
        "back": found.called,
        "back_url": page_of(actor, "person", found.pk),
    }
    return show(request, "confirm.html", "people", context, status=status)
