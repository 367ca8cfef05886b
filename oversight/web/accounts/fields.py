"""The fields of account forms in the house's look, and the password that is asked again before what matters."""

from typing import Any

from django import forms
from django.http import HttpRequest

from oversight.kernel.access.models import User
from oversight.kernel.records.reasoned import ListingForm

from .guessing import guess_password


class AccountForm(ListingForm):
    """A form of one's own account."""

    def __init__(self, request: HttpRequest, *, initial: dict[str, Any] | None = None, empty: bool = False) -> None:
        self.request = request
        super().__init__(request.POST if request.method == "POST" and not empty else None, initial=initial)

    @property
    def person(self) -> User:
        return self.request.user


class PasswordAsked(AccountForm):
    """A form that asks for the present password, which is looked at last: a slip elsewhere costs no try."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors:
            found = guess_password(self.request, self.person, cleaned["password"])
            if not found.right:
                self.add_error("password", found.sentence)
        return cleaned


def password_field(label: str = "Your password", *, new: bool = False, help_text: str = "") -> forms.CharField:
    """A password, never sent back to the page."""
    shown = {"class": "input", "autocomplete": "new-password" if new else "current-password"}
    return forms.CharField(
        label=label,
        strip=False,
        max_length=128,
        help_text=help_text,
        error_messages={"required": "Fill in your password."},
        widget=forms.PasswordInput(attrs=shown),
    )


class PasswordForm(PasswordAsked):
    """Nothing but the password, before something is removed or renewed."""

    password = password_field()


def code_field() -> forms.CharField:
    """Six digits from an authenticator app."""
    shown = {"class": "input input--code", "autocomplete": "one-time-code", "inputmode": "numeric", "maxlength": "12"}
    return forms.CharField(
        label="Code",
        max_length=12,
        error_messages={"required": "Fill in the code."},
        widget=forms.TextInput(attrs=shown),
    )


def text_field(label: str, *, missing: str, most: int = 60, help_text: str = "") -> forms.CharField:
    """One line of text."""
    return forms.CharField(
        label=label,
        max_length=most,
        help_text=help_text,
        error_messages={"required": missing},
        widget=forms.TextInput(attrs={"class": "input"}),
    )
