"""Facts: the fields of one record made ready for a page."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import URLField

from oversight.kernel.access.scope import Actor
from oversight.kernel.trail.models import Record

from .addresses import address
from .kind import Item, RecordKind
from .words import text_of


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and what stands beside it: text, a link or badges."""

    label: str
    text: str = ""
    href: str = ""
    external: bool = False
    badges: tuple[str, ...] = ()
    long: bool = False


def fact(kind: RecordKind, record: Record, item: Item, actor: Actor) -> Fact:
    """One field, or one group of booleans, of `record`."""
    if not isinstance(item, str):
        return Fact(item.label, badges=tuple(kind.label_of(n) for n in item.fields if getattr(record, n)))
    label, text = kind.label_of(item), text_of(kind, record, item)
    if target := kind.targets.get(item):
        pk = getattr(record, kind.field(item).attname)
        return Fact(label, text, href=address(target, "detail", actor, pk) if pk else "")
    if text and isinstance(kind.field(item), URLField):
        return Fact(label, text, href=text, external=True)
    return Fact(label, text, long=item in kind.long_text)


def facts(kind: RecordKind, record: Record, items: Iterable[Item], actor: Actor) -> list[Fact]:
    """The facts of `record` that the actor may read, in the order of `items`."""
    return [fact(kind, record, item, actor) for item in kind.narrow(items, actor)]
