"""What a query may ask: each parameter is declared, and taken word by word or refused."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.db import models
from django.db.models import Q
from django.http import QueryDict
from django.utils.dateparse import parse_date, parse_datetime

from oversight.kernel.records.kind import Flags, RecordKind

from .answers import Refusal
from .bodies import printable
from .fields import BIGGEST

LONGEST = 200  # of a search or a filter
TEXT = {"type": "string", "maxLength": LONGEST, "pattern": r"^[^\x00]*$"}
NO_SUCH_PARAMETER = "There is no such parameter."
NOT_ON_OFFER = "Choose one of those on offer."


@dataclass(frozen=True, slots=True)
class Parameter:
    """One name that a query may hold; `take` turns its text into conditions, or raises ValueError with a sentence."""

    name: str
    says: str
    schema: Mapping[str, Any]
    take: Callable[[str], Q]


def filters_of(kind: RecordKind, *, partner: bool = False) -> dict[str, Parameter]:
    """The filters of a collection, by name; a partner has those over fields that the kind shares."""
    found: dict[str, Parameter] = {}
    shared = kind.partner_sees or frozenset()
    for each in (_among("status", tuple(kind.workflow.states)), _same("number")):
        found[each.name] = each
    for item in kind.filters:
        names = item.fields if isinstance(item, Flags) else (item.split("__")[0],)
        if partner and not shared.issuperset(names):
            continue
        if isinstance(item, Flags):
            found[item.name] = _flag(item)
        elif item in {field.name for field in kind.model._meta.concrete_fields}:
            found |= {each.name: each for each in _filters_by(kind.field(item))}
    return found


def _filters_by(field: "models.Field[Any, Any]") -> Iterator[Parameter]:
    if field.is_relation:
        yield Parameter(
            field.name, "The id of a record.", {"type": "integer", "minimum": 1, "maximum": BIGGEST},
            lambda text: Q(**{field.attname: _whole(text, BIGGEST)}),
        )  # fmt: skip
    elif isinstance(field, models.BooleanField):
        yield Parameter(field.name, "", {"type": "boolean"}, lambda text: Q(**{field.name: _truth(text)}))
    elif isinstance(field, models.DateField):  # and its child, DateTimeField
        yield _bound(field, "from", "gte")
        yield _bound(field, "to", "lte")
    elif field.choices:
        yield _among(field.name, tuple(str(code) for code, _ in field.flatchoices if code))
    else:
        yield _same(field.name)


def _among(name: str, codes: tuple[str, ...]) -> Parameter:
    def take(text: str) -> Q:
        if text not in codes:
            raise ValueError(NOT_ON_OFFER)
        return Q(**{name: text})

    return Parameter(name, "", {"type": "string", "enum": list(codes)}, take)


def _flag(item: Flags) -> Parameter:
    def take(text: str) -> Q:
        if text not in item.fields:
            raise ValueError(NOT_ON_OFFER)
        return Q(**{text: True})

    return Parameter(
        item.name, f"{item.label}: the one that is true.", {"type": "string", "enum": list(item.fields)}, take
    )


def _same(name: str) -> Parameter:
    def take(text: str) -> Q:
        return Q(**{name: plain(text)})

    return Parameter(name, "Exactly this.", dict(TEXT), take)


def _bound(field: "models.Field[Any, Any]", end: str, lookup: str) -> Parameter:
    exact = isinstance(field, models.DateTimeField)

    def take(text: str) -> Q:
        return Q(**{f"{field.name}__{lookup}": _moment(text) if exact else _day(text)})

    schema = {"type": "string", "format": "date-time" if exact else "date"}
    return Parameter(f"{field.name}_{end}", "Both ends belong to it.", schema, take)


def plain(text: str) -> str:
    """Text that a database can be asked about; raises ValueError otherwise."""
    if "\0" in text or len(text) > LONGEST:
        raise ValueError(f"Send at most {LONGEST} characters, and no NUL.")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError("This is no valid UTF-8.") from error
    return text


def unknown(query: QueryDict, known: set[str]) -> dict[str, str]:
    """A sentence for each parameter that nobody declared, or that is given twice."""
    errors = {printable(name): NO_SUCH_PARAMETER for name in query if name not in known}
    return errors | {name: "Give it once." for name in known & query.keys() if len(query.getlist(name)) > 1}


def whole(query: QueryDict, name: str, default: int, most: int) -> int:
    """A number from 1 to `most`; raises Refusal for another."""
    try:
        return _whole(query.get(name, str(default)), most)
    except ValueError as error:
        raise misasked({name: str(error)}) from error


def misasked(errors: Mapping[str, str]) -> Refusal:
    """400: the query, parameter by parameter."""
    said = " ".join(f"{name}: {sentence}" for name, sentence in errors.items())
    return Refusal(400, said, errors={name: [sentence] for name, sentence in errors.items()})


def _whole(text: str, most: int) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 20 and 1 <= int(text) <= most):
        raise ValueError(f"Send a whole number between 1 and {most}.")
    return int(text)


def _truth(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError("Send true or false.")
    return text == "true"


def _moment(text: str) -> datetime:
    try:
        found = parse_datetime(text)
        if found is not None and found.tzinfo is not None:
            return found.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise ValueError("Send a date and a time with its offset from UTC, such as 2026-03-14T09:30:00Z.")


def _day(text: str) -> date:
    try:
        if found := parse_date(text):
            return found
    except ValueError:
        pass
    raise ValueError("Send a day such as 2026-03-14.")
