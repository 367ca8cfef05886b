"""The pages of batches, which are earned: what holds one, what a release waits for, where it came from and went."""

from typing import Any, cast

from django.http import HttpRequest, QueryDict
from django.utils import timezone

from oversight.kernel.access.scope import Actor
from oversight.kernel.clocks.face import face
from oversight.kernel.clocks.services import clocks_of
from oversight.kernel.records.addresses import address, key_in
from oversight.kernel.records.kind import RecordKind
from oversight.kernel.records.move_pages import offered
from oversight.kernel.records.pages import RecordPages
from oversight.kernel.workflow.definition import Transition
from oversight.kernel.workflow.models import Case

from . import family, gate, showing
from .models import Batch
from .ports import PORTS
from .records import BATCH, BATCH_STATUS

DECISIONS = ("release", "reject")
CARRIED = ("programme", "cdmo", "site", "campaign", "stage", "purpose", "scale", "unit", "target_yield")


class BatchPages(RecordPages):
    """The pages of batches. Lots and genealogy have panels of their own: the generic one of children is not read."""

    def __init__(self, kind: RecordKind, children: tuple[RecordKind, ...] = ()) -> None:
        super().__init__(kind)

    def said_of(self, record: Case) -> str:
        """Its number, by which everybody will speak of it."""
        return f"Planned as {record.number}."

    def preset(self, request: HttpRequest, actor: Actor) -> dict[str, Any]:
        """A link may name the CDMO, programme or campaign; a batch made in place of another begins as that one did."""
        found = {name: request.GET[name] for name in ("cdmo", "programme", "campaign", "stage") if name in request.GET}
        key = key_in(request.GET.get("replaces", ""))
        if replaced := key and Batch.objects.visible_to(actor).filter(pk=key).first():
            found |= {name: getattr(replaced, self.kind.field(name).attname) for name in CARRIED}
            found["replaces"] = replaced.pk
        return found

    def beside(self, record: Case, actor: Actor, asked: QueryDict) -> dict[str, Any]:
        """What the page of one batch shows besides its facts."""
        batch = cast(Batch, record)
        clocks = clocks_of(record, actor)
        named = {clock.name: clock for clock in reversed(clocks)}
        now = timezone.now()
        tone, glyph = BATCH_STATUS[batch.status]
        checks = gate.checks(batch, actor) if batch.is_undecided and not actor.is_partner else []
        return {
            "moves": offered(self.kind, record, actor),
            "tone": tone,
            "glyph": glyph,
            "line": showing.in_a_line(batch),
            "stages": showing.stages(batch, named),
            "holds": showing.holds(batch, actor),
            "checks": checks,
            "met": sum(check.met for check in checks),
            "events": PORTS.events(batch, actor),
            "report_url": PORTS.report_url(batch, actor),
            "made_of": family.made_of(batch, actor),
            "went_into": family.went_into(batch, actor),
            "lots": family.lots(batch, actor),
            "steps": showing.steps(batch, actor),
            "about": showing.about(batch, actor),
            "took": showing.took(batch, actor),
            "running": [clock for clock in clocks if clock.is_open],
            "ended": [(clock, face(clock, now)) for clock in clocks if not clock.is_open],
            "again_url": self._again(batch, actor),
            **family.links(batch, actor),
        }

    def beside_move(self, record: Case, transition: Transition, actor: Actor) -> dict[str, Any]:
        """Who decides reads there what was made, and which events name it."""
        if transition.name not in DECISIONS:
            return {}
        batch = cast(Batch, record)
        told = {"line": showing.in_a_line(batch), "about": showing.about(batch, actor)[:2]}
        return told | {"events": PORTS.events(batch, actor), "explained": "batches/_decision.html"}

    def _again(self, record: Batch, actor: Actor) -> str:
        """Where a batch is planned in place of a rejected one, unless it is planned already."""
        if record.status != Batch.Status.REJECTED or not BATCH.may_write(actor, "create"):
            return ""
        if Batch.objects.visible_to(actor).filter(replaces=record).exclude(status=Batch.Status.VOID).exists():
            return ""
        return f"{address(BATCH, 'create', actor)}?replaces={record.pk}"


class GenealogyPages(RecordPages):
    """The pages of genealogy edges."""

    def preset(self, request: HttpRequest, actor: Actor) -> dict[str, Any]:
        """A link from a batch names it, as what went in or as what was made."""
        return {name: request.GET[name] for name in ("source", "made_into") if name in request.GET}
