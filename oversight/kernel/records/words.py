"""Values of fields as a person reads them."""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from django.db.models import BooleanField, Field, Model

from .kind import RecordKind


@lru_cache(maxsize=256)
def _choices(field: "Field[Any, Any]") -> dict[str, str]:
    return {str(code): str(words) for code, words in field.flatchoices}


def in_words(field: "Field[Any, Any]", value: Any) -> str:
    """The value as text: the label of a choice, Yes or No, and nothing for nothing."""
    if isinstance(field, BooleanField):
        return {True: "Yes", False: "No"}.get(value, "")
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%d %b %Y %H:%M} UTC".lstrip("0")
    stored = field.get_prep_value(value)
    if stored is None or stored == "":
        return ""
    return _choices(field).get(str(stored), str(value))


def text_of(kind: RecordKind, record: Model, name: str) -> str:
    """The field of one record as text."""
    field = kind.field(name)
    if field.is_relation:
        return str(getattr(record, name) or "")
    return in_words(field, getattr(record, name))
