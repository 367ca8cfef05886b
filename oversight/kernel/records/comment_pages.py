"""The discussion of a record: what the record's page shows of it, and the page that takes a comment."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods

from oversight.kernel.access.scope import Actor
from oversight.kernel.comments.models import MOST
from oversight.kernel.comments.saying import comments_of, say
from oversight.kernel.trail.about import cdmo_of
from oversight.kernel.workflow.models import Case
from oversight.kernel.workflow.refusals import Refused

from .addresses import address, key_in, place
from .drafts import desk_at, desk_of_text, sent
from .frame import KindPages
from .kind import RecordKind

SHARED = "shared"  # what the form says of a comment or a file that the partner may see


def talk(kind: RecordKind, record: Case, actor: Actor, *, before: int | None = None) -> dict[str, Any]:
    """What `comments/_talk.html` needs: the latest comments, and where to say more if the actor may."""
    found = comments_of(record, actor, before=before)
    here = address(kind, "comments", actor, record.pk)
    return {
        "comments": found.comments,
        "older_url": f"{here}?before={found.older}" if found.older else "",
        "newest_url": here if before else "",
        "say_url": here if kind.may(actor, "comment") else "",
        "most": MOST,
        "text": "",
        "errors": [],
        "desk": desk_at(here, actor),
    } | audience(kind, record, actor)


def audience(kind: RecordKind, record: Case, actor: Actor) -> dict[str, Any]:
    """Between whom things can be shared on this record, as the badges and the choice say it."""
    with_partner = kind.partner_sees is not None and cdmo_of(record) is not None
    return {
        "internal": f"Internal to {actor.sponsor_name}",
        "shared": f"Shared with {actor.sponsor_name if actor.is_partner else _partner(record)}" if with_partner else "",
        "chooses": with_partner and not actor.is_partner,
        "chosen": False,  # nothing is shared by mistake
    }


class CommentPages(KindPages):
    """The discussion of the records of one kind."""

    def page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The discussion, older comments by the page; or its next comment."""
        actor = self.enter(request, "view")
        record = self.find(actor, pk)
        if request.method != "POST":
            before = request.GET.get("before", "")
            key = key_in(before)
            found = talk(self.kind, record, actor, before=key)
            place, typed = desk_of_text(request.get_full_path(), actor, request)
            found |= {"desk": place} | ({"text": typed.get("text", "")} if typed else {})
            if typed:
                found["chosen"] = typed.get("audience") == SHARED
            return self._show(request, record, found)
        self.found(request, pk, f"{self.kind.capability}.comment")
        text, shared = request.POST.get("text", ""), request.POST.get("audience") == SHARED
        view = f"{self.kind.capability}.view"
        try:
            comment = say(record, text=text, by=actor, shared=shared and self.kind.partner_sees is not None, view=view)
        except Refused as refusal:
            return self._show(request, record, self._again(record, actor, text, shared, refusal.sentences), status=409)
        except ValidationError as refusal:
            return self._show(request, record, self._again(record, actor, text, shared, refusal.messages), status=422)
        sent(request, actor)
        messages.success(request, "Your comment stands in the discussion.")
        return HttpResponseRedirect(f"{address(self.kind, 'detail', actor, pk)}#comment-{comment.pk}")

    def _again(self, record: Case, actor: Actor, text: str, shared: bool, errors: Any) -> dict[str, Any]:
        return talk(self.kind, record, actor) | {"text": text, "chosen": shared, "errors": list(errors)}

    def _show(self, request: HttpRequest, record: Case, found: dict[str, Any], *, status: int = 200) -> HttpResponse:
        return self.render(request, "comments/page.html", {"record": record, "talk": found}, status=status)


def comment_urls(kind: RecordKind) -> list[URLPattern]:
    """The discussion's one address, at either door."""
    where = f"{kind.slug}/<int:pk>/comments/"
    view = require_http_methods(["GET", "HEAD", "POST"])(CommentPages(kind).page)
    return [path(where, view, name=f"{kind.slug}-comments")]


def nested(kind: RecordKind, page: str, actor: Actor, pk: int, **keys: int) -> str:
    """The address of something that belongs to a record."""
    return place(f"{kind.slug}-{page}", actor, pk=pk, **keys)


def _partner(record: Case) -> str:
    """The CDMO as the record itself names it: the kernel knows no CDMO."""
    column = record.CDMO_COLUMN or ""
    return str(record if column == "id" else getattr(record, column.removesuffix("_id")))
