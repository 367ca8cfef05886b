"""Filters of a list: what they offer, and how they narrow it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.db.models import BooleanField, DateField, DateTimeField, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_date

from oversight.kernel.access.scope import Actor
from oversight.kernel.access.tenancy import TenantRow
from oversight.kernel.workflow.models import Case

from .addresses import key_in
from .kind import Flags, Item, RecordKind
from .ordering import undated_last
from .words import in_words

MOST_OFFERED = 500  # records in a select box; where there are more, a link from the other record sets the filter
DECLARED = 30  # choices that are all offered; of longer lists, those that stand on the newest records
LOOKED_AT = 10_000
OPEN, OVERDUE = "open", "overdue"  # no status is written in small letters
FROM, TO = "__from", "__to"

Options = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Filter:
    """One box above a list: its name in the URL, its options, and which one is set; a day has no options."""

    name: str
    label: str
    options: Options
    value: str
    is_day: bool = False

    @property
    def chosen(self) -> str:
        """The words of what is set."""
        return self.value if self.is_day else dict(self.options).get(self.value, "")


def read_filters(kind: RecordKind, actor: Actor, query: QueryDict) -> tuple[Filter, ...]:
    """The filters that the actor may use; a value that is not on offer counts as not set."""
    return tuple(one for item in kind.narrow(kind.filters, actor) for one in _filters(kind, item, actor, query))


def apply_filters(kind: RecordKind, rows: "QuerySet[Case]", filters: tuple[Filter, ...]) -> "QuerySet[Case]":
    """The rows that pass every filter that is set."""
    groups = {item.name for item in kind.filters if isinstance(item, Flags)}
    for one in filters:
        if one.name == "status" and one.value == OVERDUE:
            rows = rows.alias(due_key=undated_last("due_at"))  # as the index has it
        if one.value:
            rows = rows.filter(**({one.value: True} if one.name in groups else _condition(kind, one)))
    return rows


def _condition(kind: RecordKind, one: Filter) -> dict[str, Any]:
    if one.is_day:
        return _day_condition(kind, one)
    if one.name == "status" and one.value in (OPEN, OVERDUE):
        # Named one by one: an index finds what is, not what is not.
        still = {"status__in": [state for state in kind.workflow.states if state not in kind.workflow.final]}
        return still | ({"due_key__lt": timezone.now()} if one.value == OVERDUE else {})
    if isinstance(kind.field(one.name), BooleanField):
        return {one.name: one.value == "yes"}
    return {one.name: one.value}


def _day_condition(kind: RecordKind, one: Filter) -> dict[str, Any]:
    """Days are those of UTC, as all times on pages are; the last day is part of the span."""
    name, day = one.name.rpartition("__")[0], parse_date(one.value)
    assert day is not None  # noqa: S101  read_filters took no other
    ends = one.name.endswith(TO)
    if not isinstance(kind.field(name), DateTimeField):
        return {f"{name}__lte" if ends else f"{name}__gte": day}
    start = datetime.combine(day, time(), UTC)
    return {f"{name}__lt": start + timedelta(days=1)} if ends else {f"{name}__gte": start}


def _filters(kind: RecordKind, item: Item, actor: Actor, query: QueryDict) -> Iterator[Filter]:
    if not isinstance(item, str):
        options = tuple((name, kind.label_of(name)) for name in item.fields)
        yield _filter(item.name, item.label, options, query)
        return
    field, label = kind.field(item), kind.label_of(item)
    if isinstance(field, DateField):
        for end, words in ((FROM, "from"), (TO, "to")):
            yield Filter(item + end, f"{label} {words}", (), as_day(query.get(item + end, "")), is_day=True)
    elif field.is_relation:
        if isinstance(field.related_model, type) and issubclass(field.related_model, TenantRow):
            yield _filter(item, label, _records(kind, item, actor, query.get(item, "")), query)
    else:
        yield _filter(item, label, _options(kind, item, actor, query.get(item, "")), query)


def _filter(name: str, label: str, options: Options, query: QueryDict) -> Filter:
    value = query.get(name, "")
    return Filter(name, label, options, value if value in dict(options) else "")


def as_day(text: str) -> str:
    """A day as it stands in a URL, or nothing for what is none."""
    try:
        day = parse_date(text)
    except ValueError:
        return ""
    return day.isoformat() if day and day.year > 1 and day.year < 9999 else ""  # the day after must be one, too


def _records(kind: RecordKind, item: str, actor: Actor, value: str) -> Options:
    """The records that a foreign key may name: those that the actor sees, by title."""
    target = kind.targets.get(item)
    model: Any = kind.field(item).related_model
    rows = model.objects.visible_to(actor).order_by(target.title if target else "pk")
    rows = rows.only(target.title) if target else rows
    found = list(rows[: MOST_OFFERED + 1])
    if len(found) > MOST_OFFERED:
        key = key_in(value)
        found = [] if key is None else list(rows.filter(pk=key))
    return tuple((str(row.pk), str(row)) for row in found)


def _options(kind: RecordKind, item: str, actor: Actor, value: str) -> Options:
    """What can be chosen: what is declared; of a long list only what stands on records, never read off all of them."""
    field = kind.field(item)
    if isinstance(field, BooleanField):
        return (("yes", "Yes"), ("no", "No"))
    declared = tuple((str(code), str(words)) for code, words in field.flatchoices)
    if item == "status":
        return (*_states(kind), *declared)
    if 0 < len(declared) <= DECLARED:
        return declared
    newest = kind.model.objects.visible_to(actor).order_by("-number").values(item)[:LOOKED_AT]
    used = {row[item] for row in newest} | ({value} & dict(declared).keys())
    pairs = ((str(field.get_prep_value(one)), in_words(field, one)) for one in used if one)
    return tuple(sorted(pairs, key=lambda pair: pair[1].casefold()))


def _states(kind: RecordKind) -> Iterator[tuple[str, str]]:
    """Beside each status, what most people look for: that which is not over yet."""
    if len(kind.workflow.states) - len(kind.workflow.final) > 1:
        yield OPEN, "Open"
    if kind.workflow.final and any(field.name == "due_at" for field in kind.model._meta.concrete_fields):
        yield OVERDUE, "Overdue"
