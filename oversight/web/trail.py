"""The audit-trail page: what happened to all records, in one stream."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST, require_safe

from oversight.kernel.records.addresses import place
from oversight.kernel.records.export_pages import accepted
from oversight.kernel.records.export_rows import TRAIL
from oversight.kernel.records.exports import ask_for
from oversight.kernel.records.frame import acting, layout_of
from oversight.kernel.records.stream import read_stretch
from oversight.kernel.records.stream_filters import read_stream_query, state_of
from oversight.kernel.trail.seals import seal_status
from oversight.kernel.workflow.refusals import NotAllowed, Refused

from .catalogue import KINDS


@require_safe
def stream(request: HttpRequest) -> HttpResponse:
    """Who changed what, from what, to what, when and why: as far as the actor may read it."""
    actor = acting(request)
    if not actor.can("trail.view"):
        raise NotAllowed("trail.view")
    asked, boxes = read_stream_query(KINDS, actor, request.GET)
    after = request.GET.get("after", "")
    stretch, seal = read_stretch(actor, asked, after=after), seal_status()
    state = state_of(asked, boxes)
    here = place("audit-trail", actor)
    context = {
        "layout": layout_of(actor),
        "asked": asked,
        "boxes": boxes,
        "stretch": stretch,
        "narrowed": bool(state),
        "seal": seal,
        "unsealed": sum(not seal.covers(line.entry.txid) for line in stretch.lines),
        "here": here,
        "newest": f"{here}?{urlencode(state)}" if after else "",
        "older": f"?{urlencode(state | {'after': stretch.older})}" if stretch.older else "",
        "view": urlencode(state),
        "export_url": place("audit-trail-export", actor),
    }
    return render(request, "trail/stream.html", context)


@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """Ask for a file of the present view of the trail."""
    actor = acting(request)
    if not actor.can("trail.view"):
        raise NotAllowed("trail.view")
    asked, boxes = read_stream_query(KINDS, actor, QueryDict(request.POST.get("view", "")[:4_000]))
    excel = request.POST.get("format") == "XLSX"
    try:
        file = ask_for(TRAIL, by=actor, query=urlencode(state_of(asked, boxes)), excel=excel)
    except Refused as refusal:
        context = {"layout": layout_of(actor), "sentences": refusal.sentences, "here": place("audit-trail", actor)}
        return render(request, "trail/refused.html", context, status=409)
    return accepted(file, actor)


def trail_urls() -> list[URLPattern]:
    """The page and its export, at either door."""
    return [
        path("audit-trail/", stream, name="audit-trail"),
        path("audit-trail/export/", export, name="audit-trail-export"),
    ]
