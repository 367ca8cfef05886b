"""Passkeys: made, named, removed, and signing in by one alone."""

import time

from allauth.account.models import Login
from allauth.core.internal import ratelimit
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal.flows import perform_passwordless_login
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from oversight.kernel.access.models import SecurityEvent
from oversight.kernel.access.security import log_security

from . import webauthn
from .factors import added, factors_of, remove
from .fields import AccountForm, PasswordAsked, PasswordForm, password_field, text_field
from .pages import own_page, show, status_of

NAME = "Its name"
NO_NAME = "Give it a name by which you will know it."
MOST = 20
ASKED = "passkey_asked"
CEREMONY = 5 * 60  # seconds from the password to the passkey


class NewForm(PasswordAsked):
    """The name and the password; the browser then makes the passkey."""

    name = text_field(NAME, missing=NO_NAME, help_text="For example: laptop, phone, blue security key.")
    password = password_field()


class NameForm(AccountForm):
    """Another name."""

    name = text_field(NAME, missing=NO_NAME)


@own_page("GET", "HEAD", "POST")
def new_passkey(request: HttpRequest) -> HttpResponse:
    """First the name and the password, then what the browser made."""
    if len(factors_of(request.user).passkeys) >= MOST:
        return HttpResponseRedirect(reverse("account_factors"))
    name = _asked_for(request)
    if "credential" in request.POST and name:
        made = webauthn.registered(request.POST["credential"], request.user, name=name)
        if made is None:
            return _make(request, name, problem=webauthn.NOT_ACCEPTED)
        del request.session[ASKED]
        codes_are_new = added(request, request.user)
        messages.success(request, f"The passkey “{name}” can sign you in from now on.")
        return HttpResponseRedirect(reverse("account_codes" if codes_are_new else "account_factors"))
    form = NewForm(request)
    if form.is_valid():
        request.session[ASKED] = {"name": form.cleaned_data["name"], "until": int(time.time()) + CEREMONY}
        return _make(request, form.cleaned_data["name"])
    return show(request, "mfa/passkey_new.html", "account_factors", {"form": form}, status=status_of(form))


def _asked_for(request: HttpRequest) -> str:
    """The name of the passkey for which the password was given a moment ago; empty when it was not."""
    asked = request.session.get(ASKED, {})
    return str(asked["name"]) if asked and time.time() < asked["until"] else ""


def _make(request: HttpRequest, name: str, *, problem: str = "") -> HttpResponse:
    facts = {"name": name, "options": webauthn.creation_options(request.user), "problem": problem}
    return show(request, "mfa/passkey_make.html", "account_factors", facts, status=422 if problem else 200)


@own_page("GET", "HEAD", "POST")
def rename_passkey(request: HttpRequest) -> HttpResponse:
    """Another name for one of the person's own passkeys."""
    passkey = _own(request)
    form = NameForm(request, initial={"name": passkey.wrap().name})
    if form.is_valid():
        passkey.wrap().name = form.cleaned_data["name"]
        passkey.save(update_fields=["data"])
        messages.success(request, "Renamed.")
        return HttpResponseRedirect(reverse("account_factors"))
    facts = {"form": form, "passkey": passkey}
    return show(request, "mfa/passkey_name.html", "account_factors", facts, status=status_of(form))


@own_page("GET", "HEAD", "POST")
def remove_passkey(request: HttpRequest) -> HttpResponse:
    """Take one of the person's own passkeys away, with the password."""
    passkey = _own(request)
    form = PasswordForm(request)
    if form.is_valid():
        remove(request, passkey)
        messages.success(request, "The passkey is removed.")
        return HttpResponseRedirect(reverse("account_factors"))
    what = f"the passkey “{passkey.wrap().name}”"
    facts = {"form": form, "what": what, "title": "Remove a passkey"}
    return show(request, "mfa/remove.html", "account_factors", facts, status=status_of(form))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@ratelimit.decorator(app="allauth.mfa", action="webauthn_login", limit_get=True)
def sign_in_by_passkey(request: HttpRequest) -> HttpResponse:
    """GET: what the browser is to ask the passkey. POST: its answer, which signs in without a password."""
    if request.user.is_authenticated:
        return redirect("/")
    if request.method != "POST":
        return JsonResponse(webauthn.options_for(None))
    passkey = webauthn.authenticated(request.POST.get("credential", ""), None)
    if passkey is None:
        log_security(SecurityEvent.Kind.SIGN_IN_FAILED, request)
        messages.error(request, webauthn.NOT_ACCEPTED)
        return redirect(settings.LOGIN_URL)
    onward = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(onward, allowed_hosts=None):
        onward = "/"
    login = Login(user=passkey.user, redirect_url=onward)
    response: HttpResponse = perform_passwordless_login(request, passkey, login)
    request.session.set_expiry(0)
    return response


def _own(request: HttpRequest) -> Authenticator:
    key = request.GET.get("key", "")
    for passkey in factors_of(request.user).passkeys:
        if str(passkey.pk) == key:
            return passkey
    raise Http404
