"""After the password: a code from the authenticator, a recovery code, or a passkey."""

from typing import Any

from allauth.account.internal.decorators import login_stage_required
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.internal.flows.trust import trust_browser
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.stages import AuthenticateStage
from django import forms
from django.db.backends.utils import CursorWrapper
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_http_methods

from oversight.kernel.access import codes
from oversight.kernel.access.models import SecurityEvent, User
from oversight.kernel.access.security import log_security

from . import webauthn
from .factors import Factors, factors_of
from .fields import AccountForm, code_field
from .guessing import guess
from .signin import PROVEN_BY

WRONG = "This code is not right, or was used already. Wait for the next one, then try again."
RECOVERY_DIGITS = 8


class CodeForm(AccountForm):
    """Six digits, or the eight of a recovery code."""

    code = code_field()
    remember = forms.BooleanField(required=False, label="Remember this device for 12 hours")

    def __init__(self, request: HttpRequest, person: User, factors: Factors, *, empty: bool = False) -> None:
        self.whose, self.factors, self.used = person, factors, factors.app
        super().__init__(request, empty=empty)

    def clean_code(self) -> str:
        typed = "".join(self.cleaned_data["code"].split())
        wanted = (codes.DIGITS, RECOVERY_DIGITS) if self.factors.app else (RECOVERY_DIGITS,)
        if not typed.isascii() or not typed.isdigit():
            raise forms.ValidationError("The code has digits only.")
        if len(typed) not in wanted:
            raise forms.ValidationError(f"The code has {wanted[0]} digits. You entered {len(typed)}.")
        found = guess(
            self.request,
            self.whose,
            address=self.whose.email,
            wrong=WRONG,
            right=lambda cursor: self._is_right(typed, cursor),
        )
        if not found.right:
            raise forms.ValidationError(found.sentence)
        return typed

    def _is_right(self, typed: str, cursor: CursorWrapper) -> bool:
        if len(typed) == codes.DIGITS:
            return self.factors.app is not None and codes.take(self.factors.app, typed, cursor)
        recovery = self.factors.recovery
        if recovery is None or not RecoveryCodes(recovery).validate_code(typed):
            return False
        self.used = recovery
        return True


@login_stage_required(stage=AuthenticateStage.key, redirect_urlname="account_login")
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    """Ask for the second factor of whoever gave the right password."""
    stage: Any = request._login_stage
    person: User = stage.login.user
    # A password that was changed meanwhile is no first step any more.
    same = constant_time_compare(request.session.get(PROVEN_BY, ""), person.get_session_auth_hash())
    if request.POST.get("do") == "leave" or not person.is_active or not same:
        answer: HttpResponse = stage.abort()
        return answer
    factors = factors_of(person)
    if "credential" in request.POST:
        found = webauthn.authenticated(request.POST["credential"], person)
        if found is None:
            return _ask(request, person, factors, CodeForm(request, person, factors, empty=True), webauthn.NOT_ACCEPTED)
        return _passed(request, stage, found)
    form = CodeForm(request, person, factors)
    if not form.is_valid():
        return _ask(request, person, factors, form)
    used: Any = form.used
    if used.type == Authenticator.Type.RECOVERY_CODES:
        log_security(SecurityEvent.Kind.CODE_RECOVERED, request, user_id=person.pk, email=person.email)
    response = _passed(request, stage, used)
    if form.cleaned_data["remember"]:
        trust_browser(request, person, response)
    return response


def _passed(request: HttpRequest, stage: Any, factor: Authenticator) -> HttpResponse:
    factor.user = stage.login.user
    post_authentication(request, factor)
    response: HttpResponse = stage.exit()
    return response


def _ask(request: HttpRequest, person: User, factors: Factors, form: CodeForm, problem: str = "") -> HttpResponse:
    facts = {
        "form": form,
        "person": person,
        "factors": factors,
        "problem": problem,
        "options": webauthn.options_for(person) if factors.passkeys else None,
    }
    return render(request, "mfa/confirm.html", facts, status=422 if form.is_bound or problem else 200)
