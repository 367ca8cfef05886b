"""What may be said in a notice, and to whom which event is told: the apps say so when they are ready."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from oversight.kernel.access.scope import Actor
from oversight.kernel.outbox.models import Event
from oversight.kernel.records.kind import RecordKind
from oversight.kernel.trail.models import Record

from .audience import Audience, Circle
from .groups import Group


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One thing that people are told: `says` on the page, `sort` in an e-mail, which carries no words of a record."""

    says: str  # with {it}, the record; perhaps with {who} and {clock}
    sort: str
    group: Group
    tone: str = "neutral"
    icon: str = "bell"
    by_name: bool = False  # who it was is named to the other side, too
    capability: str = ""  # without which nobody reads it, beyond seeing the record
    page: str = ""  # the page it leads to, where the record has none of its own


Rule = Callable[[Event, Record, Audience], Iterable[tuple[str, Circle]]]
ZonesOf = Callable[[int, Actor], tuple[str, ...]]

_sentences: dict[str, Sentence] = {}
_rules: dict[str, Rule] = {}
_kinds: dict[str, RecordKind] = {}
_zones: list[ZonesOf] = []
_due_words: dict[str, str] = {}


def tell(
    sentences: Mapping[str, Sentence],
    rules: Mapping[str, Rule],
    *,
    kinds: Iterable[RecordKind],
    zones_of: ZonesOf,
    due_words: Mapping[str, str],
) -> None:
    """Say once what is told to whom.

    A rule is asked about each event of its name and yields names of sentences with circles of members; the first
    sentence for a member counts. `zones_of` are the time zones of a CDMO's sites, `due_words` what clocks are called
    outside the house.
    """
    _sentences.update(sentences)
    _rules.update(rules)
    _kinds.update((kind.model._meta.db_table, kind) for kind in kinds)
    _zones[:] = [zones_of]
    _due_words.update(due_words)


def rule_of(event: str) -> Rule | None:
    """To whom events of that name are told."""
    return _rules.get(event)


def sentence_of(what: str) -> Sentence | None:
    """The sentence of a notice; None when a later release says it no more."""
    return _sentences.get(what)


def kind_of(table: str) -> RecordKind | None:
    """The kind whose records stand in `table`; None where nothing has pages."""
    return _kinds.get(table)


def kinds() -> Iterator[RecordKind]:
    """Every kind of which people are told."""
    yield from _kinds.values()


def zones_of(cdmo: int, actor: Actor) -> tuple[str, ...]:
    """The time zones of a CDMO's sites."""
    return _zones[0](cdmo, actor) if _zones else ()


def due_words(clock: str) -> str:
    """What is due by that rule, in words that may leave the house: never what a person wrote."""
    return _due_words.get(clock, "")
