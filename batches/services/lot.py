"""What follows when a lot is opened, amended or shipped."""

from django.core.exceptions import ValidationError

from batches.models import Batch, Lot
from oversight.kernel.access.scope import Actor

from . import amounts


def begin(record: Lot, actor: Actor) -> None:
    """A lot belongs to the CDMO of its batch."""
    if record.batch_id:
        found = Batch.objects.visible_to(actor).filter(pk=record.batch_id).first()
        record.cdmo_id = found and found.cdmo_id


def begun(record: Lot, actor: Actor, reason: str) -> None:
    """So much of the batch has to be there."""
    _demand_possible(record)


def amended(record: Lot, actor: Actor, columns: frozenset[str]) -> None:
    """Another quantity has to be there, too."""
    if columns & {"quantity", "unit"}:
        _demand_possible(record)


def ship(record: Lot, actor: Actor) -> None:
    """It leaves today, unless the person says when it did."""
    record.shipped_on = record.shipped_on or record.batch.today


def _demand_possible(record: Lot) -> None:
    if problems := amounts.objection(record.batch, record.quantity, record.unit, but=record):
        raise ValidationError(problems)
