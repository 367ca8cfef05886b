"""What all pages of one's own account have in common: who may open them, and the way between them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

View = Callable[[HttpRequest], HttpResponse]
TABS = (
    ("account", "Profile"),
    ("account_factors", "Second factor"),
    ("account_password", "Password"),
    ("account_sessions", "Sessions"),
)


@dataclass(frozen=True, slots=True)
class Tab:
    """One page of the account."""

    label: str
    href: str
    here: bool


def own_page(*methods: str) -> Callable[[View], View]:
    """A page for whoever is signed in, never kept by a browser."""

    def wrap(view: View) -> View:
        return never_cache(login_required(require_http_methods([*methods])(view)))

    return wrap


def show(
    request: HttpRequest, template: str, tab: str, facts: dict[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """One page of the account, below the tabs."""
    tabs = [Tab(label, reverse(name), name == tab) for name, label in TABS]
    return render(request, template, {"tabs": tabs, **(facts or {})}, status=status)


def status_of(form: Any) -> int:
    """422 for a form that was sent and refused."""
    return 422 if form.is_bound else 200
