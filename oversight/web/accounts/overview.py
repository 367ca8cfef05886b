"""The page of second factors: what there is, what can be added, what is asked for at signing."""

from django.http import HttpRequest, HttpResponse

from .factors import factors_of
from .pages import own_page, show


@own_page("GET", "HEAD")
def factors(request: HttpRequest) -> HttpResponse:
    """Show them all."""
    found = factors_of(request.user)
    passkeys = [{"key": each.pk, "name": each.wrap().name, "since": each.created_at} for each in found.passkeys]
    return show(request, "mfa/factors.html", "account_factors", {"factors": found, "passkeys": passkeys})
