"""How much of a batch there was, and how much of it went on: nothing goes on that was never made."""

from decimal import Decimal
from typing import Any

from django.db.models import Q, Sum

from batches.models import Batch, GenealogyEdge, Lot

NOTHING = Decimal(0)


def spoken_for(batch: Batch, *, but: GenealogyEdge | Lot | None = None) -> Decimal:
    """What went into other batches and into lots, without the row that is about to be written anew."""
    total = NOTHING
    for model, of_batch in ((GenealogyEdge, Q(source=batch)), (Lot, Q(batch=batch))):
        rows: Any = model.objects.filter(of_batch).exclude(status="VOID")
        if type(but) is model and but.pk:
            rows = rows.exclude(pk=but.pk)
        total += rows.aggregate(total=Sum("quantity"))["total"] or NOTHING
    return total


def objection(batch: Batch, quantity: Decimal | None, unit: str, *, but: GenealogyEdge | Lot) -> dict[str, str]:
    """Why so much of the batch cannot go on, beside the field; empty when it can, or when its yield is not known."""
    if unit != batch.unit:
        return {"unit": f"{batch.number} is measured in {batch.get_unit_display()}. Say it in the same unit."}
    if quantity is None or batch.actual_yield is None:
        return {}
    left = batch.actual_yield - spoken_for(batch, but=but)
    if quantity <= left:
        return {}
    there = f"{batch.number} yielded {amount(batch.actual_yield, unit)}"
    rest = "" if left == batch.actual_yield else f", of which {amount(max(left, NOTHING), unit)} is left"
    return {"quantity": f"{there}{rest}."}


def amount(quantity: Decimal, unit: str) -> str:
    """6.82 kg."""
    return f"{plain(quantity)} {Batch.Unit(unit).label}"


def plain(quantity: Decimal) -> str:
    """The number without zeros that say nothing: 1,200."""
    return f"{quantity.normalize():,f}"
