"""Sort keys of lists: what an index holds, and what travels in a cursor."""

from datetime import UTC, date, datetime
from typing import Any

from django.db.models import Case, DateField, DateTimeField, F, Field, IntegerField, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Lower
from django.utils.dateparse import parse_date, parse_datetime

from .kind import Order, RecordKind

NEVER = datetime(9999, 12, 31, tzinfo=UTC)  # later than any date that a record holds
BIGGEST = 2**63 - 1


def undated_last(path: str, *, day: bool = False) -> Case:
    """A time (or a `day`) that may be missing, as a sort key after all that are there.

    For the list and for its index alike: `Index(F("tenant"), undated_last("due_at"), F("id"))`. CASE and not COALESCE:
    under row-level security an index answers only what PostgreSQL holds to be leakproof, and CASE and comparisons are.
    COALESCE and Lower() are not, and a page far back in a list sorted by them reads all rows before it: what a large
    list is sorted by is a number or a time, with `text=False`.
    """
    never, kind = (NEVER.date(), DateField()) if day else (NEVER, DateTimeField())
    return Case(When(**{f"{path}__isnull": True}, then=Value(never)), default=F(path), output_field=kind)


def sort_key(kind: RecordKind, order: Order) -> Combinable:
    """By what the rows of a list are sorted."""
    if order.text:
        return Lower(order.path)
    field = field_of(kind, order)
    if field.null and isinstance(field, DateField):
        return undated_last(order.path, day=not isinstance(field, DateTimeField))
    return F(order.path)


def field_of(kind: RecordKind, order: Order) -> "Field[Any, Any]":
    """The field at the end of the order's path."""
    model: Any = kind.model
    *along, last = order.path.split("__")
    for name in along:
        model = model._meta.get_field(name).related_model
    found: Field[Any, Any] = model._meta.get_field(last)
    return found


def thaw(kind: RecordKind, order: Order, value: Any) -> Any:
    """A sort key as it stood in a cursor, or None for what this order cannot have made."""
    field = None if order.text else field_of(kind, order)
    if isinstance(field, IntegerField):
        return value if isinstance(value, int) and not isinstance(value, bool) and abs(value) <= BIGGEST else None
    if not isinstance(value, str) or "\0" in value:
        return None
    if isinstance(field, DateTimeField):
        return _moment(value)
    return _day(value) if isinstance(field, DateField) else value


def _moment(text: str) -> datetime | None:
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment and moment.tzinfo else None


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None
