"""Recovery codes, for the day on which the phone is gone: shown once, each of use once."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from .asked import way_on
from .factors import factors_of, readable_codes, renew_codes
from .fields import PasswordForm
from .pages import own_page, show, status_of


@own_page("GET", "HEAD", "POST")
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """The codes while they can be read; afterwards how many are left, and new ones for the password."""
    factors = factors_of(request.user)
    if not factors.any:
        return HttpResponseRedirect(reverse("account_factors"))
    form = PasswordForm(request)
    if form.is_valid():
        renew_codes(request, form.person)
        messages.success(request, "These codes are new. The old ones are of no use any more.")
        return HttpResponseRedirect(reverse("account_codes"))
    facts = {"form": form, "codes": readable_codes(request, factors), "factors": factors, "onward": way_on(request)}
    return show(request, "mfa/codes.html", "account_factors", facts, status=status_of(form))


@own_page("GET", "HEAD")
def recovery_file(request: HttpRequest) -> HttpResponse:
    """The same as a text file, as long as they can be read."""
    codes = readable_codes(request, factors_of(request.user))
    if not codes:
        raise Http404
    lines = ["Recovery codes for Oversight", request.user.email, "Each works once, in place of a code.", "", *codes]
    response = HttpResponse("\r\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="oversight-recovery-codes.txt"'
    return response
