"""Filters of a list: what they offer, and how they narrow it."""

from dataclasses import dataclass

from django.db.models import BooleanField, QuerySet
from django.http import QueryDict

from oversight.kernel.access.scope import Actor
from oversight.kernel.trail.models import Record

from .kind import Flags, Item, RecordKind
from .words import in_words


@dataclass(frozen=True, slots=True)
class Filter:
    """One select box above a list: its name in the URL, its options, and which one is set."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...]
    value: str

    @property
    def chosen(self) -> str:
        """The words of the option that is set."""
        return dict(self.options).get(self.value, "")


def read_filters(kind: RecordKind, actor: Actor, query: QueryDict) -> tuple[Filter, ...]:
    """The filters that the actor may use; a value that is not on offer counts as not set."""
    filters = []
    for item in kind.narrow(kind.filters, actor):
        name = item if isinstance(item, str) else item.name
        options = _options(kind, item, actor)
        value = query.get(name, "")
        label = kind.label_of(item) if isinstance(item, str) else item.label
        filters.append(Filter(name, label, options, value if value in dict(options) else ""))
    return tuple(filters)


def apply_filters(kind: RecordKind, rows: "QuerySet[Record]", filters: tuple[Filter, ...]) -> "QuerySet[Record]":
    """The rows that pass every filter that is set."""
    groups = {item.name: item for item in kind.filters if isinstance(item, Flags)}
    for choice in filters:
        if not choice.value:
            continue
        if choice.name in groups:
            rows = rows.filter(**{choice.value: True})
        elif isinstance(kind.field(choice.name), BooleanField):
            rows = rows.filter(**{choice.name: choice.value == "yes"})
        else:
            rows = rows.filter(**{choice.name: choice.value})
    return rows


def _options(kind: RecordKind, item: Item, actor: Actor) -> tuple[tuple[str, str], ...]:
    """What can be chosen: only what stands on records that the actor sees."""
    if not isinstance(item, str):
        return tuple((name, kind.label_of(name)) for name in item.fields)
    field = kind.field(item)
    if isinstance(field, BooleanField):
        return (("yes", "Yes"), ("no", "No"))
    if kind.parent and item == kind.parent.field:
        parents = kind.parent.kind.model.objects.visible_to(actor).order_by(kind.parent.kind.title)
        return tuple((str(parent.pk), str(parent)) for parent in parents)
    used = kind.model.objects.visible_to(actor).order_by(item).values_list(item, flat=True).distinct()
    pairs = ((str(field.get_prep_value(value)), in_words(field, value)) for value in used if value)
    return tuple(sorted(pairs, key=lambda pair: pair[1].casefold()))
