"""The search: a page for what was typed, a part of it for the palette, or straight to the record of a number."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from oversight.kernel.records.frame import acting, layout_of
from oversight.kernel.search.finding import Findings, find

IN_THE_PALETTE = 5  # records of a kind


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """What the actor finds by `q`. An exact number leads to its record at once, unless `stay` is asked for."""
    actor, text = acting(request), request.GET.get("q", "")
    if request.headers.get("HX-Request") == "true":
        return _told(request, "search/_found.html", find(actor, text, each=IN_THE_PALETTE))
    found = find(actor, text)
    if found.jump and "stay" not in request.GET:
        return HttpResponse(status=303, headers={"Location": found.jump.href, "Vary": "HX-Request"})
    return _told(request, "search/page.html", found)


def _told(request: HttpRequest, template: str, found: Findings) -> HttpResponse:
    response = render(request, template, {"layout": layout_of(acting(request)), "found": found})
    patch_vary_headers(response, ["HX-Request"])
    return response
