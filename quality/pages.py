"""The page of a deviation, which is earned: who looks at it has an hour, or a signature to give."""

from dataclasses import replace
from typing import Any, cast

from django.http import HttpRequest, QueryDict
from django.utils import timezone

from oversight.kernel.access.scope import Actor
from oversight.kernel.clocks.face import face
from oversight.kernel.clocks.services import clocks_of
from oversight.kernel.records.forms import RecordForm
from oversight.kernel.records.kind import RecordKind
from oversight.kernel.records.move_pages import Offer, offered
from oversight.kernel.records.pages import RecordPages
from oversight.kernel.workflow.definition import Transition
from oversight.kernel.workflow.models import Case

from . import reporting, showing
from .models import Deviation
from .records import SEVERITY
from .services.rules import CONTAINMENT
from .workflows.deviation import TICKS

ANSWER = "submit-root-cause"


class DeviationPages(RecordPages):
    """The pages of deviations. Their tasks stand in a table of their own: the generic one of children is not read."""

    new_page = "quality/report.html"
    begins_at = "#containment"

    def __init__(self, kind: RecordKind, children: tuple[RecordKind, ...] = ()) -> None:
        super().__init__(kind)

    def preset(self, request: HttpRequest, actor: Actor) -> dict[str, Any]:
        """What can be known is filled in: the one site, that it is just now, what the link says."""
        return super().preset(request, actor) | reporting.known(request.GET, actor, timezone.now())

    def new_form(
        self, actor: Actor, *, data: QueryDict | None = None, preset: dict[str, Any] | None = None
    ) -> RecordForm:
        """One short screen, with the classes as large choices."""
        return reporting.ReportForm(self.kind, actor, data=data, preset=preset)

    def said_of(self, record: Case) -> str:
        """What comes next, and by when."""
        return f"Reported as {record.number}. Now contain it: tick each action below when it is done."

    def beside_form(self, form: RecordForm, actor: Actor) -> dict[str, Any]:
        """The limits of each class, and what is folded away."""
        return reporting.beside(form, actor)

    def beside(self, record: Case, actor: Actor, asked: QueryDict) -> dict[str, Any]:
        """What the page of one deviation shows besides its facts."""
        deviation, now = cast(Deviation, record), timezone.now()
        clocks = clocks_of(record, actor)
        named = {clock.name: clock for clock in reversed(clocks)}
        offers = offered(self.kind, record, actor)
        ticking = {name for name, _, _, _ in TICKS}
        tone, glyph = SEVERITY[deviation.severity]
        return {
            "moves": [_toned(offer, actor) for offer in offers if offer.transition.name not in ticking],
            "severity_tone": tone,
            "severity_glyph": glyph,
            "stages": showing.stages(deviation, named, now),
            "ticks": showing.ticks(deviation, offers),
            "track": showing.drawing(deviation, named.get(CONTAINMENT.name)),
            "contained": showing.contained(deviation, named.get(CONTAINMENT.name)),
            "period": showing.period(deviation),
            "whys": showing.whys(deviation),
            "returns": showing.returns(deviation),
            "running": [clock for clock in clocks if clock.is_open],
            "ended": [(clock, face(clock, now)) for clock in clocks if not clock.is_open],
            "tasks": showing.tasks(deviation, actor, now),
            "about": showing.about(deviation, actor, now),
            "batch": showing.touched(deviation, actor),
            "task_url": showing.task_url(deviation, actor),
        }

    def beside_move(self, record: Case, transition: Transition, actor: Actor) -> dict[str, Any]:
        """Who answers a return reads there what was asked."""
        return {"returns": showing.returns(cast(Deviation, record))} if transition.name == ANSWER else {}


def _toned(offer: Offer, actor: Actor) -> Offer:
    """The root cause is the partner's to send: what the sponsor's staff may do as well is not what the page urges."""
    if actor.is_partner or offer.transition.name != ANSWER:
        return offer
    return replace(offer, move=replace(offer.move, transition=replace(offer.transition, tone="default")))
