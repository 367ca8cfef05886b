"""What every page of a record kind does: let the actor in, find the record, show it in the house's frame."""

from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from oversight.kernel.access.scope import Actor
from oversight.kernel.workflow.definition import Transition
from oversight.kernel.workflow.models import Case
from oversight.kernel.workflow.refusals import NotAllowed

from .addresses import address
from .kind import RecordKind
from .writes import demand


class KindPages:
    """The pages of one kind."""

    def __init__(self, kind: RecordKind) -> None:
        self.kind = kind

    def enter(self, request: HttpRequest, verb: str) -> Actor:
        """The actor of the request; raises NotAllowed unless it may `verb` records of this kind."""
        actor = acting(request)
        demand(self.kind, actor, verb)
        return actor

    def find(self, actor: Actor, pk: int) -> Case:
        """The record, or the 404 that a record which never was would get."""
        rows = self.kind.joined(self.kind.model.objects.visible_to(actor), actor)
        rows = rows.prefetch_related(*self.kind.prefetch)
        record = rows.filter(pk=pk).first()
        if record is None:
            raise Http404
        return cast(Case, record)

    def found(self, request: HttpRequest, pk: int, capability: str) -> tuple[Actor, Case]:
        """The actor and the record; out of sight before not allowed."""
        actor = self.enter(request, "view")
        record = self.find(actor, pk)
        if not actor.can(capability):
            raise NotAllowed(capability)
        return actor, record

    def beside_move(self, record: Case, transition: Transition, actor: Actor) -> dict[str, Any]:
        """What else the page of a move shows: nothing, unless a kind has pages of its own."""
        return {}

    def render(
        self, request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200
    ) -> HttpResponse:
        actor, record = acting(request), context.get("record")
        pk = record.pk if record else None
        context |= {
            "kind": self.kind,
            "layout": layout_of(actor),
            "list_url": address(self.kind, "list", actor),
            "detail_url": address(self.kind, "detail", actor, pk) if pk else "",
            "history_url": address(self.kind, "history", actor, pk) if pk and actor.can("trail.view") else "",
            "create_url": address(self.kind, "create", actor) if self.kind.may_write(actor, "create") else "",
            "amend_url": self._amend_url(actor, record) if record else "",
        }
        return render(request, template, context, status=status)

    def _amend_url(self, actor: Actor, record: Case) -> str:
        if not self.kind.may_write(actor, "amend") or not self.kind.workflow.amendable(record, actor):
            return ""
        return address(self.kind, "amend", actor, record.pk)


def acting(request: HttpRequest) -> Actor:
    """The actor of a request inside a sponsor; a page outside never asks."""
    return cast(Actor, request.actor)  # type: ignore[attr-defined]


def layout_of(actor: Actor) -> str:
    """The template around every page at the actor's door."""
    return "portal.html" if actor.is_partner else "base.html"
