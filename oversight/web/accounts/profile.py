"""The profile: who one is here, in which time zone times are shown, and the light in which pages are."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from oversight.kernel.access.models import User, time_zones
from oversight.kernel.access.scope import Actor
from oversight.kernel.trail.change import change

from .fields import AccountForm
from .pages import own_page, show, status_of

THEMES = (("system", "As the system has it"), ("light", "Light"), ("dark", "Dark"))
KEPT = 365 * 24 * 60 * 60


class ProfileForm(AccountForm):
    """What a person may say about the own account."""

    time_zone = forms.ChoiceField(
        label="Time zone",
        choices=time_zones,
        help_text="Times are shown in it, and printed beside your signatures.",
        error_messages={"required": "Choose one.", "invalid_choice": "Choose a time zone from the list."},
        widget=forms.Select(attrs={"class": "select"}),
    )
    theme = forms.ChoiceField(
        label="Light or dark",
        choices=THEMES,
        help_text="In this browser.",
        error_messages={"required": "Choose one.", "invalid_choice": "Choose one from the list."},
        widget=forms.Select(attrs={"class": "select"}),
    )


@own_page("GET", "HEAD", "POST")
def profile(request: HttpRequest) -> HttpResponse:
    """Show it, and keep what was changed."""
    person: User = request.user
    shown = {"time_zone": person.time_zone, "theme": request.COOKIES.get("theme", "system")}
    form = ProfileForm(request, initial=shown)
    if not form.is_valid():
        facts = {"form": form, "person": person, "cards": request.memberships()}
        return show(request, "accounts/profile.html", "account", facts, status=status_of(form))
    told = form.cleaned_data
    if told["time_zone"] != person.time_zone:
        _move(request, person, told["time_zone"])
    response = HttpResponseRedirect(reverse("account"))
    if told["theme"] != "system":
        secure = settings.SESSION_COOKIE_SECURE
        response.set_cookie("theme", told["theme"], max_age=KEPT, samesite="Lax", secure=secure)
    else:
        response.delete_cookie("theme", samesite="Lax")
    messages.success(request, "Saved.")
    return response


def _move(request: HttpRequest, person: User, zone: str) -> None:
    """The trail keeps it as the person's own change, made outside any sponsor."""
    oneself = Actor(tenant=0, user=person.pk, name=person.name, role="", source="browser", request=request.trace)
    with change(by=oneself, reason="Own time zone"):
        person.time_zone = zone
        person.save(update_fields=["time_zone"])
