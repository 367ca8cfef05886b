"""Moves: the buttons of a record, and the page that asks what a move needs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from oversight.kernel.access.scope import Actor
from oversight.kernel.esign import NotProven
from oversight.kernel.workflow.definition import Move, Transition
from oversight.kernel.workflow.models import Case
from oversight.kernel.workflow.refusals import NotAllowed, Refused, Stale

from .addresses import address
from .drafts import desk, sent
from .forms import MoveForm
from .frame import KindPages, acting
from .history import Entry, read_history
from .kind import RecordKind
from .writes import move as make


@dataclass(frozen=True, slots=True)
class Offer:
    """One move as a button: where it leads, and why it cannot be pressed yet."""

    move: Move
    href: str

    @property
    def transition(self) -> Transition:
        return self.move.transition


def offered(kind: RecordKind, record: Case, actor: Actor) -> tuple[Offer, ...]:
    """The moves that the actor's role has from here, each with its page."""
    return tuple(
        Offer(move, address(kind, move.transition.name, actor, record.pk))
        for move in kind.workflow.moves(record, actor)
    )


class MovePages(KindPages):
    """One page for each declared move."""

    def __init__(self, page: KindPages) -> None:
        super().__init__(page.kind)
        self.beside = page.beside_move  # the kind's own pages say what stands beside a move

    def page(self, transition: Transition) -> Callable[..., HttpResponse]:
        """The view of one move."""

        def view(request: HttpRequest, pk: int) -> HttpResponse:
            return self.show(request, transition, pk)

        return view

    def show(self, request: HttpRequest, transition: Transition, pk: int) -> HttpResponse:
        """Ask what the move needs, or make it."""
        actor = self.enter(request, "view")
        record = self.find(actor, pk)
        if not actor.can(transition.capability):
            raise NotAllowed(transition.capability)
        flow = self.kind.workflow
        if record.status not in transition.sources:
            return self._refused(request, record, Refused(flow.out_of_turn(transition, record)))
        if unmet := flow.unmet(transition, record, actor):
            return self._refused(request, record, Refused(*unmet))
        if request.method != "POST":
            return self._ask(request, MoveForm(self.kind, transition, actor, record), record)
        return self._make(request, transition, record, actor)

    def _make(self, request: HttpRequest, transition: Transition, record: Case, actor: Actor) -> HttpResponse:
        form = MoveForm(self.kind, transition, actor, record, data=request.POST)
        if not form.is_valid():
            return self._ask(request, form, record, status=422)
        told = form.cleaned_data
        seen, reason = told["version"], told.get("reason", "")
        try:
            make(
                self.kind, record.pk, transition.name, by=actor, version=seen, values=form.values, reason=reason,
                proof=form.proof,
            )  # fmt: skip
        except Stale as stale:
            return self._stale(request, transition, stale.record, seen, actor)
        except Refused as refusal:
            return self._refused(request, record, refusal)
        except NotProven as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else "password", str(refusal))
            return self._ask(request, form, record, status=422)
        except ValidationError as refusal:
            form.refuse(refusal)
            return self._ask(request, form, record, status=422)
        sent(request, actor)
        messages.success(request, f"{transition.label}: done.")
        return HttpResponseRedirect(address(self.kind, "detail", actor, record.pk) + self._place(transition))

    def _place(self, transition: Transition) -> str:
        """The part of the page where a move that leaves the state as it is goes on: what is left stands there."""
        steps = self.kind.waiting.steps if self.kind.waiting and transition.target is None else ()
        return next((f"#{step.anchor}" for step in steps if step.anchor and transition.name in step.moves), "")

    def _stale(
        self, request: HttpRequest, transition: Transition, present: Case, seen: int, actor: Actor
    ) -> HttpResponse:
        """Somebody was quicker: say who changed what, and ask again over the record as it stands now."""
        told = read_history(self.kind, present, actor).entries
        meanwhile: list[Entry] = [entry for entry in told if entry.version is None or entry.version > seen]
        form = MoveForm(self.kind, transition, actor, present)
        return self._ask(request, form, present, status=409, meanwhile=meanwhile)

    def _ask(
        self, request: HttpRequest, form: MoveForm, record: Case, *, status: int = 200, **context: Any
    ) -> HttpResponse:
        context |= {"form": form, "record": record, "move": form.move}
        actor = acting(request)
        context["desk"] = desk(request, actor, form, record)
        context |= self.beside(record, form.move, actor)
        return self.render(request, "records/move.html", context, status=status)

    def _refused(self, request: HttpRequest, record: Case, refusal: Refused) -> HttpResponse:
        return self.render(request, "records/refused.html", {"record": record, "refusal": refusal}, status=409)
