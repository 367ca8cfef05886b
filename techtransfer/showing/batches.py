"""The batches of a programme as a table: first what is being made, then what is planned, then what is over."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Case, Value, When
from django.utils.safestring import SafeString

from oversight.kernel.access.scope import Actor
from oversight.kernel.records.addresses import address
from oversight.kernel.records.facts import Fact, readers
from oversight.kernel.records.kind import Item, RecordKind
from oversight.kernel.records.rows import line
from oversight.kernel.search.sources import kinds_found
from techtransfer.models import Programme

from .steps import BATCH

FEW = 12
# The page is that of the programme and of its product, and a hold is a mark under the number.
SAID_ALREADY = ("programme", "product_code", "on_hold")
HELD = Fact("On hold", "On hold", tone="warn", glyph="hold")


@dataclass(frozen=True, slots=True)
class Batches:
    """The first batches of a programme, the list of all, and where one more is planned."""

    kind: RecordKind
    heads: Sequence[str]
    rows: Sequence[SafeString]
    all: str
    add: str


def batches(programme: Programme, actor: Actor) -> Batches | None:
    """Its batches, where the app above has any to show."""
    kind = kinds_found().get(BATCH)
    if kind is None or not kind.may(actor, "view"):
        return None
    seen = kind.model.objects.visible_to(actor).filter(programme=programme).select_related(*kind.joins(actor))
    turn = Case(
        When(status__in=list(kind.workflow.final), then=Value(2)),
        When(status=kind.workflow.initial, then=Value(1)),
        default=Value(0),
    )
    found = list(seen.annotate(turn=turn).order_by("turn", "-on_hold", "pk")[: FEW + 1])
    beneath = readers(kind, _unsaid(kind.beneath), actor)
    columns = readers(kind, _unsaid(kind.columns), actor)
    rows = [
        line(
            str(batch),
            address(kind, "detail", actor, batch.pk),
            [*(read(batch) for read in beneath), *([HELD] if batch.on_hold else [])],
            [read(batch) for read in columns],
        )
        for batch in found[:FEW]
    ]
    items = kind.narrow((kind.title, *_unsaid(kind.columns)), actor)
    heads = [kind.label_of(item) if isinstance(item, str) else item.label for item in items]
    here = f"?programme={programme.pk}"
    may_add = programme.status == Programme.Status.ACTIVE and kind.may_write(actor, "create")
    return Batches(
        kind,
        heads,
        rows,
        address(kind, "list", actor) + here if len(found) > FEW else "",
        address(kind, "create", actor) + here if may_add else "",
    )


def _unsaid(items: Sequence[Item]) -> tuple[Item, ...]:
    return tuple(item for item in items if item not in SAID_ALREADY)
