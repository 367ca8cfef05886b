"""Facts: the fields of one record made ready for a page."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import URLField
from django.utils import timezone

from oversight.kernel.access.scope import Actor
from oversight.kernel.clocks.face import BESIDE, remaining, tone_of
from oversight.kernel.clocks.models import Due
from oversight.kernel.trail.models import Record

from .addresses import address
from .kind import Item, RecordKind
from .templatetags.ui import inside
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
    tone: str = ""  # of a status: with its shape
    glyph: str = ""


def fact(kind: RecordKind, record: Record, item: Item, actor: Actor) -> Fact:
    """One field, or one group of booleans, of `record`."""
    if not isinstance(item, str):
        return Fact(item.label, badges=tuple(kind.label_of(n) for n in item.fields if getattr(record, n)))
    if item == "due_at" and isinstance(record, Due):
        return _due(kind.label_of(item), record)
    label, text = kind.label_of(item), text_of(kind, record, item)
    if text and (look := kind.tones.get(item, {}).get(str(getattr(record, item)))):
        return Fact(label, text, tone=look[0], glyph=look[1])
    if target := kind.targets.get(item):
        pk = getattr(record, kind.field(item).attname)
        return Fact(label, text, href=address(target, "detail", actor, pk) if pk else "")
    if text and isinstance(kind.field(item), URLField):
        return Fact(label, text, href=text, external=True)
    return Fact(label, text, long=item in kind.long_text)


def facts(kind: RecordKind, record: Record, items: Iterable[Item], actor: Actor) -> list[Fact]:
    """The facts of `record` that the actor may read, in the order of `items`."""
    return [fact(kind, record, item, actor) for item in kind.narrow(items, actor)]


def _due(label: str, record: Due) -> Fact:
    """What is left until the next thing is due, by the server's clock."""
    if record.due_at is None:
        return Fact(label, "Nothing is due")
    left = record.due_at - timezone.now()
    tone = tone_of(left, 1.0)
    return Fact(label, f"{remaining(left)}, {inside(record.due_label)}", tone=tone, glyph=BESIDE[tone])
