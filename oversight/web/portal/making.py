"""What the partner makes for a sponsor: its batches until they are decided on, each with what comes next."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Case, F, IntegerField, Value, When

from batches.models import Batch
from batches.records import BATCH
from oversight.kernel.access.scope import Actor
from oversight.kernel.records.addresses import address
from oversight.kernel.records.words import day_in_words
from oversight.kernel.workflow.definition import Move
from oversight.web.today.work import Act

SHOWN = 6
Status = Batch.Status
MAKING = (Status.IN_PROCESS, Status.MADE, Status.UNDER_REVIEW, Status.PLANNED)


@dataclass(frozen=True, slots=True)
class Making:
    """One batch."""

    number: str
    href: str
    tone: str
    glyph: str
    status: str
    held: str
    about: tuple[str, ...]
    when: str
    act: Act | None


def batches(actor: Actor, *, most: int = SHOWN) -> tuple[Making, ...]:
    """Those on hold first, then those in hand, then those that are planned; one more than `most` if there are."""
    if not BATCH.may(actor, "view"):
        return ()
    planned = When(status=Status.PLANNED, then=Value(1))
    rows = Batch.objects.visible_to(actor).filter(status__in=MAKING).select_related("site")
    rows = rows.annotate(turn=Case(planned, default=0, output_field=IntegerField()))
    found = rows.order_by("-on_hold", "turn", F("planned_end").asc(nulls_last=True), "id")[: most + 1]
    return tuple(_batch(actor, row) for row in found)


def _batch(actor: Actor, row: Any) -> Making:
    tone, glyph = BATCH.tones["status"][row.status]
    return Making(
        number=row.number,
        href=address(BATCH, "detail", actor, row.pk),
        tone=tone,
        glyph=glyph,
        status=row.get_status_display(),
        held=f"On hold: {row.hold_number}" if row.on_hold and row.hold_number else "On hold" if row.on_hold else "",
        about=tuple(words for words in (row.product_code, row.get_stage_display(), row.site.name) if words),
        when=_when(row),
        act=_next(actor, row),
    )


def _when(row: Batch) -> str:
    if row.status == Status.PLANNED and row.planned_start:
        return f"starts {day_in_words(row.planned_start)}"
    if row.status == Status.IN_PROCESS and row.planned_end:
        return f"ends {day_in_words(row.planned_end)}"
    return ""


def _next(actor: Actor, row: Batch) -> Act | None:
    """What carries the batch on, if this actor may do it now; what the sponsor decides is not the partner's."""
    moves: list[Move] = [move for move in BATCH.workflow.moves(row, actor) if move.transition.target != Status.VOID]
    onward = next((move.transition for move in moves if move.allowed and move.transition.tone == "primary"), None)
    return Act(onward.label, address(BATCH, onward.name, actor, row.pk), onward.icon) if onward else None
