"""RecordKind: the one declaration from which a record type gets its pages."""

from collections.abc import Iterable
from dataclasses import dataclass
from dataclasses import field as declared
from typing import Any, cast

from django.db.models import Field, Prefetch, QuerySet

from oversight.kernel.access.scope import Actor
from oversight.kernel.workflow.definition import Workflow
from oversight.kernel.workflow.models import Case
from oversight.roles import Role

from .waiting import Waiting


@dataclass(frozen=True, slots=True, kw_only=True)
class Flags:
    """Booleans that are read, filtered and ticked together."""

    name: str
    label: str
    fields: tuple[str, ...]
    help: str = ""


Item = str | Flags  # the name of a model field, or a group of booleans


@dataclass(frozen=True, slots=True, kw_only=True)
class Fieldset:
    """Fields that stand under one heading, on the form and on the record."""

    title: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One way to sort a list: by `path`, a field or a field of the parent, ties by id.

    `latest_first`: where nobody asks, and it is the kind's first, the list begins at its end.
    """

    name: str
    label: str
    path: str
    text: bool = True  # compared without regard to capitals
    latest_first: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Parent:
    """The record that this one belongs to; chosen once, at creation."""

    field: str
    kind: "RecordKind"
    lists: bool = True  # whether the parent's page lists them


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordKind:
    """What the pages must know of one record type; `partner_sees` None keeps it out of the portal."""

    workflow: Workflow
    slug: str
    label: str
    plural: str
    icon: str
    capability: str
    capabilities: dict[str, frozenset[Role]] = declared(hash=False)  # verb → roles
    purpose: str
    title: str
    columns: tuple[Item, ...]
    fieldsets: tuple[Fieldset, ...]
    orders: tuple[Order, ...]
    search: tuple[str, ...]
    numbers: tuple[str, ...] = ()  # beside our own, those by which others know the record, such as the partner's
    beneath: tuple[str, ...] = ()  # fields that stand under the title in a list, before the columns
    tones: dict[str, dict[str, tuple[str, str]]] = declared(default_factory=dict, hash=False)  # tone, shape; by value
    filters: tuple[Item, ...] = ()
    parent: Parent | None = None
    references: dict[str, "RecordKind"] = declared(default_factory=dict, hash=False)  # other foreign keys, by field
    partner_sees: frozenset[str] | None = None
    # Fields that may tell of any CDMO: a member who is narrowed to some of them does not read them either.
    of_all: frozenset[str] = frozenset()
    help: dict[str, str] = declared(default_factory=dict, hash=False)
    long_text: frozenset[str] = frozenset()
    days: frozenset[str] = frozenset()  # fields that count days from a date, shown with their sign: +26 d
    prefetch: tuple[str | Prefetch, ...] = ()  # relations that guards read, so that a list asks for them once
    page: str = "records/detail.html"  # the template of its detail page
    adds: str = ""  # what the button for a new one says, where "Add" is the wrong word
    waiting: Waiting | None = None  # what of it waits for somebody
    listed: bool = True  # whether the navigation of the sponsor leads to its list
    partner_listed: bool = True  # the same of a partner's

    @property
    def model(self) -> type[Case]:
        return self.workflow.model

    @property
    def to_add(self) -> str:
        """What the button for a new one says."""
        return self.adds or f"Add {self.label}"

    @property
    def targets(self) -> dict[str, "RecordKind"]:
        """The kinds that this one's foreign keys point at, by field; the parent first."""
        return ({self.parent.field: self.parent.kind} if self.parent else {}) | self.references

    def joins(self, actor: Actor) -> tuple[str, ...]:
        """The foreign keys whose records are read together with this one: those that the actor may read of it.

        Where they may lead out of a narrowed member's sight, they are read apart: joined, this one would be out, too.
        """
        apart = self.model.BEYOND if actor.cdmos is not None else ()
        return tuple(name for name in self.targets if self.shows(name, actor) and name not in apart)

    def joined(self, rows: "QuerySet[Any]", actor: Actor) -> "QuerySet[Any]":
        """`rows` with the records of these keys; where there are none, `select_related()` alone would join them all."""
        names = self.joins(actor)
        return rows.select_related(*names) if names else rows

    def may(self, actor: Actor, verb: str) -> bool:
        """Whether the actor's role carries `<capability>.<verb>`, and a new record would be in the actor's sight."""
        # A new CDMO is in nobody's grants: who sees only some CDMOs can put none on file.
        if verb == "create" and self.model.CDMO_COLUMN == "id" and actor.cdmos is not None:
            return False
        if actor.is_partner and self.partner_sees is None:
            return False
        return actor.can(f"{self.capability}.{verb}")

    def listed_for(self, actor: Actor) -> bool:
        """Whether the actor's navigation leads to its list; of companies a partner sees none but its own."""
        if actor.is_partner:
            return self.partner_listed and self.model.CDMO_COLUMN != "id"
        return self.listed

    def may_write(self, actor: Actor, verb: str) -> bool:
        """Whether a page may offer `verb`: the role carries it, and the actor's side has fields to fill."""
        sides = self.workflow.partner_editable if actor.is_partner else self.workflow.editable
        has_fields = self.workflow.openable(actor) if verb == "create" else any(sides.values())
        return bool(has_fields) and self.may(actor, verb)

    def takes(self, name: str, actor: Actor) -> bool:
        """Whether the actor is asked for the field: a partner's own CDMO goes without saying."""
        return not (actor.is_partner and self.field(name).attname == self.model.CDMO_COLUMN)

    def shows(self, name: str, actor: Actor) -> bool:
        """Whether the actor may read the field: a partner reads what is allow-listed, nothing else."""
        field = name.split("__")[0]
        if actor.cdmos is not None and field in self.of_all:
            return False
        return not actor.is_partner or field in (self.partner_sees or ())

    def narrow(self, items: Iterable[Item], actor: Actor) -> tuple[Item, ...]:
        """The items without what the actor may not read."""
        kept: list[Item] = []
        for item in items:
            if isinstance(item, str):
                if self.shows(item, actor):
                    kept.append(item)
            elif all(self.shows(name, actor) for name in item.fields):
                kept.append(item)
        return tuple(kept)

    def fieldsets_for(self, actor: Actor) -> tuple[Fieldset, ...]:
        """The fieldsets as the actor may read them; an empty one is left out."""
        narrowed = (Fieldset(title=group.title, items=self.narrow(group.items, actor)) for group in self.fieldsets)
        return tuple(group for group in narrowed if group.items)

    def orders_for(self, actor: Actor) -> tuple[Order, ...]:
        """The sort orders over fields that the actor may read: an order by a hidden field would tell of it."""
        return tuple(order for order in self.orders if self.shows(order.path, actor))

    def search_for(self, actor: Actor) -> tuple[str, ...]:
        """The fields that a text search looks through: those that the actor may read."""
        return tuple(name for name in self.search if self.shows(name, actor))

    def fields_for(self, actor: Actor) -> tuple[str, ...]:
        """The names of all fields that the actor may read, in the order of the form."""
        return flatten(item for group in self.fieldsets_for(actor) for item in group.items)

    def field(self, name: str) -> "Field[Any, Any]":
        """The model field of that name."""
        return cast("Field[Any, Any]", self.model._meta.get_field(name))

    def label_of(self, name: str) -> str:
        """The field's name in words, with a capital."""
        words = str(self.field(name).verbose_name)
        return words[:1].upper() + words[1:]


def flatten(items: Iterable[Item]) -> tuple[str, ...]:
    """The names of the fields in `items`, groups opened."""
    names: list[str] = []
    for item in items:
        names.extend([item] if isinstance(item, str) else item.fields)
    return tuple(names)
