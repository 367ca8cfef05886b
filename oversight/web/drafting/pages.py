"""One's own drafts: the list of them, where forms save them as one types, and where one is thrown away."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render

from oversight.kernel.access.scope import Actor
from oversight.kernel.records.addresses import door, place
from oversight.kernel.records.drafts import (
    FLAG,
    Unkept,
    discard_url,
    draft_at,
    drafts_of,
    form_at,
    moment,
    save_draft,
)
from oversight.kernel.records.frame import acting, layout_of
from oversight.kernel.records.models import Draft

OF = "draft_of"  # what an autosave says besides: which form it is of
LEADS = ("title", "name", "text", "root_cause", "note", "description", "reason")  # by which a draft is recognised
SHOWN = 100


@dataclass(frozen=True, slots=True)
class Line:
    """One draft in the list."""

    words: str
    text: str
    saved: str
    path: str
    discard_url: str


def drafts(request: HttpRequest) -> HttpResponse:
    """The actor's drafts; one of them for a form that asks (`of`); or one more."""
    actor = acting(request)
    if request.method == "POST":
        return _save(request, actor)
    if "of" in request.GET:
        return _one(request.GET["of"], actor)
    return render(request, "drafts/list.html", {"layout": layout_of(actor), "lines": lines_of(actor)})


def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw one's own draft away, and go back to the form as it is without it."""
    actor = acting(request)
    draft = drafts_of(actor).filter(pk=pk).first()
    if draft is None:
        raise Http404
    draft.delete()
    messages.success(request, "The draft is thrown away.")
    if request.POST.get("back") == "list":
        return HttpResponseRedirect(place("drafts", actor))
    return HttpResponseRedirect(draft.path)


def lines_of(actor: Actor, most: int | None = None) -> list[Line]:
    """The actor's drafts as a list shows them, the newest first."""
    return [_line(draft, actor) for draft in drafts_of(actor)[:most]]


def _line(draft: Draft, actor: Actor) -> Line:
    form = form_at(draft.path, sponsor=actor.sponsor, through=door(actor))
    said = next((words for name in LEADS if (words := str(draft.values.get(name, "")).strip())), "")
    text = said if len(said) <= SHOWN else f"{said[: SHOWN - 1]}…"
    words = form.words if form else "A form that is no more"
    return Line(words, text, moment(draft.saved_at, actor), draft.path, discard_url(draft, actor))


def _save(request: HttpRequest, actor: Actor) -> HttpResponse:
    try:
        draft = save_draft(request.POST.get(OF, ""), request.POST.dict(), by=actor)
    except Unkept as refusal:
        return JsonResponse({"words": str(refusal)}, status=422)
    return JsonResponse({"words": f"Draft saved {moment(draft.saved_at, actor)}", FLAG: draft.pk})


def _one(path: str, actor: Actor) -> HttpResponse:
    draft = draft_at(path[:400].replace("\0", ""), actor)
    if draft is None:
        return JsonResponse({})
    return JsonResponse({"values": draft.values, "words": f"Draft of {moment(draft.saved_at, actor)} restored."})
