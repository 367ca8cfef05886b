"""Values of fields as a person reads them."""

from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import BooleanField, Field, Model

from .kind import RecordKind

UNSEEN = "Out of your sight"  # the record exists, and the actor sees other CDMOs only


@lru_cache(maxsize=256)
def _choices(field: "Field[Any, Any]") -> dict[str, str]:
    return {str(code): str(words) for code, words in field.flatchoices}


def in_words(field: "Field[Any, Any]", value: Any) -> str:
    """The value as text: the label of a choice, Yes or No, and nothing for nothing."""
    if isinstance(field, BooleanField):
        return {True: "Yes", False: "No"}.get(value, "")
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%d %b %Y %H:%M} UTC".lstrip("0")
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, date):
        return day_in_words(value)
    stored = field.get_prep_value(value)
    if stored is None or stored == "":
        return ""
    return _choices(field).get(str(stored), str(value))


def day_in_words(day: date) -> str:
    """5 Mar 2027."""
    return f"{day.day} {day:%b %Y}"


def text_of(kind: RecordKind, record: Model, name: str) -> str:
    """The field of one record as text."""
    field = kind.field(name)
    if field.is_relation:
        try:
            return str(getattr(record, name) or "")
        except ObjectDoesNotExist:
            return UNSEEN
    value = getattr(record, name)
    if name in kind.days and value is not None:
        return f"{value:+d} d" if value else "0 d"
    return in_words(field, value)
