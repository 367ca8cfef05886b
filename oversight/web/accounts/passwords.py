"""The password: changed by who knows it, set anew by who forgot it, set first by who was invited."""

from typing import Any

from allauth.core import ratelimit
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import messages
from django.contrib.auth import logout, password_validation, update_session_auth_hash
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from oversight.kernel.access.alerts import ring
from oversight.kernel.access.models import SecurityEvent, User
from oversight.kernel.access.security import log_security
from oversight.kernel.access.tries import UNREAD, subject_of, tally

from .fields import AccountForm, PasswordAsked, password_field
from .links import person_of
from .own_sessions import end_others
from .pages import own_page, show, status_of
from .tasks import send_reset_link, tell_password_changed

RULES = "At least 12 characters. A sentence is easy to remember and hard to guess."
SAME = "The two are not the same. Type the new password twice."


def new_password(form: AccountForm, person: User) -> str | None:
    """The new password, if it was typed twice and is a good one for that person."""
    typed, again = form.cleaned_data.get("new", ""), form.cleaned_data.get("again", "")
    if typed and again and typed != again:
        form.add_error("again", SAME)
        return None
    try:
        password_validation.validate_password(typed, person)
    except ValidationError as refusal:
        form.add_error("new", refusal)
        return None
    return typed


class ChangeForm(PasswordAsked):
    """The present password, and the new one twice."""

    password = password_field("Present password")
    new = password_field("New password", new=True, help_text=RULES)
    again = password_field("New password, once more", new=True)

    def clean(self) -> dict[str, Any]:
        if not self.errors:
            new_password(self, self.person)
        return super().clean()


class SettingForm(AccountForm):
    """The new password twice, by whoever has the link."""

    new = password_field("New password", new=True, help_text=RULES)
    again = password_field("New password, once more", new=True)

    def __init__(self, request: HttpRequest, whose: User) -> None:
        self.whose = whose
        super().__init__(request)

    def clean(self) -> dict[str, Any]:
        if not self.errors:
            new_password(self, self.whose)
        return super().clean() or {}


class ForgottenForm(AccountForm):
    """The address to which a link is sent."""

    address = forms.EmailField(
        label="E-mail",
        max_length=254,
        error_messages={"required": "Fill in your e-mail address.", "invalid": "This is not an e-mail address."},
        widget=forms.EmailInput(attrs={"class": "input", "autocomplete": "username"}),
    )


@own_page("GET", "HEAD", "POST")
def change_password(request: HttpRequest) -> HttpResponse:
    """Another password, by who knows the present one; every other session of the person ends."""
    form = ChangeForm(request)
    if form.is_valid():
        person = form.person
        _keep(request, person, form.cleaned_data["new"], SecurityEvent.Kind.PASSWORD_CHANGED)
        update_session_auth_hash(request, person)  # gives this session another key …
        UserSession.objects.create_from_request(request)  # … by which the list of sessions has to know it
        end_others(person, but=request.session.session_key)
        messages.success(request, "Your password is changed. You are signed out everywhere else.")
        return HttpResponseRedirect(reverse("account_password"))
    return show(request, "account/password.html", "account_password", {"form": form}, status=status_of(form))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def forgotten(request: HttpRequest) -> HttpResponse:
    """Ask for the address; the answer is the same whoever has it, and a worker writes the mail, if there were few."""
    form = ForgottenForm(request)
    if not form.is_valid():
        return render(request, "account/forgotten.html", {"form": form}, status=status_of(form))
    address = form.cleaned_data["address"].strip().lower()
    within = ratelimit.consume(request, action="reset_password", key=address)
    log_security(SecurityEvent.Kind.RESET_ASKED, request, email=address, status=None if within else UNREAD)
    if within:
        ring(send_reset_link, address=address)
    return render(request, "account/forgotten_sent.html", {"address": address})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def set_password(request: HttpRequest) -> HttpResponse:
    """The page behind a link that was sent by mail; once used it is of no use."""
    person = person_of(request.GET.get("key", ""))
    if person is None:
        return render(request, "account/link_over.html", status=404)
    form = SettingForm(request, person)
    if not form.is_valid():
        facts = {"form": form, "person": person, "first": not person.has_usable_password()}
        return render(request, "account/password_new.html", facts, status=status_of(form))
    logout(request)
    _keep(request, person, form.cleaned_data["new"], SecurityEvent.Kind.PASSWORD_RESET)
    end_others(person, but=None)
    with tally(subject_of(person.pk)) as tries:
        tries.clear(locked=True)
    return HttpResponseRedirect(f"{reverse('account_login')}?renewed=1")


def _keep(request: HttpRequest, person: User, password: str, kind: SecurityEvent.Kind) -> None:
    person.set_password(password)
    person.save(update_fields=["password"])
    log_security(kind, request, user_id=person.pk, email=person.email)
    ring(tell_password_changed, address=person.email)
