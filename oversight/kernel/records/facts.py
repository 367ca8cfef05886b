"""Facts: the fields of one record made ready for a page."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import URLField
from django.utils import timezone

from oversight.kernel.access.scope import Actor
from oversight.kernel.clocks.face import BESIDE, remaining, tone_of
from oversight.kernel.clocks.models import Due
from oversight.kernel.components.marks import inside
from oversight.kernel.trail.models import Record

from .addresses import address
from .kind import Item, RecordKind
from .words import UNSEEN, text_of


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


Reader = Callable[[Any], Fact]


def reader(kind: RecordKind, item: Item, actor: Actor) -> Reader:
    """What makes the fact of one field, or of one group of booleans: looked up once, used for each line of a list."""
    if not isinstance(item, str):
        label, named = item.label, [(name, kind.label_of(name)) for name in item.fields]
        return lambda record: Fact(label, badges=tuple(words for name, words in named if getattr(record, name)))
    label, field, target = kind.label_of(item), kind.field(item), kind.targets.get(item)
    if item == "due_at" and issubclass(kind.model, Due):
        return lambda record: _due(label, record)
    tones, external, long = kind.tones.get(item, {}), isinstance(field, URLField), item in kind.long_text

    def read(record: Any) -> Fact:
        text = text_of(kind, record, item)
        if text and tones and (look := tones.get(str(getattr(record, item)))):
            return Fact(label, text, tone=look[0], glyph=look[1])
        if target:
            pk = getattr(record, field.attname)
            return Fact(label, text, href=address(target, "detail", actor, pk) if pk and text != UNSEEN else "")
        if text and external:
            return Fact(label, text, href=text, external=True)
        return Fact(label, text, long=long)

    return read


def readers(kind: RecordKind, items: Iterable[Item], actor: Actor) -> list[Reader]:
    """What makes the facts that the actor may read, in the order of `items`."""
    return [reader(kind, item, actor) for item in kind.narrow(items, actor)]


def facts(kind: RecordKind, record: Record, items: Iterable[Item], actor: Actor) -> list[Fact]:
    """The facts of `record` that the actor may read, in the order of `items`."""
    return [read(record) for read in readers(kind, items, actor)]


def _due(label: str, record: Due) -> Fact:
    """What is left until the next thing is due, by the server's clock."""
    if record.due_at is None:
        return Fact(label, "Nothing is due")
    left = record.due_at - timezone.now()
    tone = tone_of(left, 1.0)
    return Fact(label, f"{remaining(left)}, {inside(record.due_label)}", tone=tone, glyph=BESIDE[tone])
