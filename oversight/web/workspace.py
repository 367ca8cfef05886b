"""The sponsor's workspace: where it begins."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe

from oversight.kernel.records.addresses import address

from .catalogue import KINDS


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The first list of the navigation."""
    return HttpResponseRedirect(address(KINDS[0], "list", request.actor))
