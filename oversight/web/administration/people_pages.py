"""People: the list, and how somebody joins."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from oversight.kernel.access.memberships import join, join_program
from oversight.kernel.access.models import Membership
from oversight.kernel.access.scope import Actor
from oversight.kernel.outbox import publish
from oversight.kernel.records.frame import acting
from oversight.kernel.trail.change import change

from .frame import FORM, enter, page_of, show
from .invitations import JOINED
from .people_forms import MemberForm, PersonForm, ProgramForm
from .people_list import read_people

MANAGE = "people.manage"


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Everybody who is, was or will be a member."""
    actor = enter(request, MANAGE)
    context = {
        "list": read_people(actor, request.GET),
        "add_url": page_of(actor, "person-add"),
        "program_url": page_of(actor, "program-add"),
    }
    return show(request, "people.html", "people", context)


@require_safe
def our_people(request: HttpRequest) -> HttpResponse:
    """The partner's own people at this sponsor, for them to read."""
    return render(request, "administration/our_people.html", {"list": read_people(acting(request), request.GET)})


@require_http_methods(FORM)
def add_person(request: HttpRequest) -> HttpResponse:
    """Make a person a member, and invite them."""
    actor = enter(request, MANAGE)
    form = PersonForm(actor, data=request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and (member := _join(form, actor)):
        messages.success(request, f"{form.cleaned_data['email']} was added. An invitation is on its way.")
        return HttpResponseRedirect(page_of(actor, "person", member.pk))
    return _form(
        request, form, "Add a person", "The person is invited by e-mail and can sign in from the first day on."
    )


@require_http_methods(FORM)
def add_program(request: HttpRequest) -> HttpResponse:
    """Make a program a member, so that it can be given keys."""
    actor = enter(request, MANAGE)
    form = ProgramForm(actor, data=request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and (member := _join(form, actor)):
        messages.success(request, f"{form.cleaned_data['name']} was added. Make a key for it on the page of API keys.")
        return HttpResponseRedirect(page_of(actor, "person", member.pk))
    return _form(
        request, form, "Add a program", "It works by the API with keys of its own, and never in a person's name."
    )


def _join(form: PersonForm | ProgramForm, actor: Actor) -> Membership | None:
    try:
        with change(by=actor, reason=form.reason):
            if isinstance(form, PersonForm):
                member = join(by=actor, **form.values)
                publish(JOINED, record=member, by=actor)
            else:
                member = join_program(by=actor, **form.values)
    except ValidationError as refusal:
        form.refuse(refusal)
        return None
    return member


def _form(request: HttpRequest, form: MemberForm, title: str, lede: str) -> HttpResponse:
    context = {"form": form, "title": title, "lede": lede, "save": title}
    return show(request, "person_form.html", "people", context, status=422 if form.is_bound else 200)
