"""An authenticator app: taken into use by scanning a code and typing what it shows; removed with the password."""

from typing import Any, cast

import qrcode
from allauth.mfa.totp.internal.auth import generate_totp_secret
from django import forms
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from oversight.kernel.access import codes
from oversight.kernel.access.secrecy import Unreadable, conceal, reveal

from .factors import FactorAdapter, added, factors_of, remove
from .fields import PasswordAsked, PasswordForm, code_field, password_field
from .pages import own_page, show, status_of

SECRET = "totp_secret"  # noqa: S105  the session's key for it
QUIET_ZONE = 4  # modules of white around the code, as ISO/IEC 18004 asks


class EnrolForm(PasswordAsked):
    """What the app shows, and the password."""

    code = code_field()
    password = password_field(help_text="So that nobody else who sits at this screen can do it.")

    def __init__(self, request: HttpRequest, secret: str) -> None:
        self.secret, self.period = secret, 0
        super().__init__(request)

    def clean_code(self) -> str:
        typed = "".join(self.cleaned_data["code"].split())
        if len(typed) != codes.DIGITS:
            raise forms.ValidationError(f"The code has {codes.DIGITS} digits. You entered {len(typed)}.")
        period = codes.matching_period(self.secret, typed)
        if period is None:
            raise forms.ValidationError("This is not what the app should show. Check the time of your phone.")
        self.period = period
        return typed


@own_page("GET", "HEAD", "POST")
def enrol(request: HttpRequest) -> HttpResponse:
    """Show the secret, as a picture and as text, until a code from the app proves that it arrived."""
    if factors_of(request.user).app:
        return HttpResponseRedirect(reverse("account_factors"))
    secret = _secret_of(request)
    form = EnrolForm(request, secret)
    if form.is_valid():
        try:
            with transaction.atomic():
                codes.enrol(form.person.pk, secret, period=form.period)
        except IntegrityError:  # in two windows at once
            return HttpResponseRedirect(reverse("account_factors"))
        del request.session[SECRET]
        codes_are_new = added(request, form.person)
        messages.success(request, "The authenticator app is in use from now on, at signing in and at signing.")
        return HttpResponseRedirect(reverse("account_codes" if codes_are_new else "account_factors"))
    address = FactorAdapter().build_totp_url(request.user, secret)
    spaced = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    facts: dict[str, Any] = {"form": form, "secret": spaced, "address": address, "picture": modules(address)}
    return show(request, "mfa/app.html", "account_factors", facts, status=status_of(form))


@own_page("GET", "HEAD", "POST")
def remove_app(request: HttpRequest) -> HttpResponse:
    """Take the app out of use, with the password."""
    app = factors_of(request.user).app
    if app is None:
        return HttpResponseRedirect(reverse("account_factors"))
    form = PasswordForm(request)
    if form.is_valid():
        remove(request, app)
        messages.success(request, "The authenticator app is out of use.")
        return HttpResponseRedirect(reverse("account_factors"))
    facts = {"form": form, "what": "the authenticator app", "title": "Remove the authenticator app"}
    return show(request, "mfa/remove.html", "account_factors", facts, status=status_of(form))


def _secret_of(request: HttpRequest) -> str:
    """The secret that this session is about to take into use; the same until it is."""
    try:
        return reveal(request.session[SECRET])
    except (KeyError, Unreadable):
        secret = generate_totp_secret()
        request.session[SECRET] = conceal(secret)
        return secret


def modules(address: str) -> dict[str, object]:
    """The QR code as one SVG path on a grid: a picture inside the page, since the page loads none from elsewhere."""
    code = qrcode.QRCode(border=QUIET_ZONE, error_correction=qrcode.constants.ERROR_CORRECT_M)
    code.add_data(address)
    grid = cast(list[list[bool]], code.get_matrix())
    path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(grid) for x, dark in enumerate(row) if dark)
    return {"side": len(grid), "path": path}
