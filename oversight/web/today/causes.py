"""On account of what a date moved: the record that it leads to, as far as the actor may look at it."""

from collections.abc import Iterable
from dataclasses import dataclass

from oversight.kernel.access.scope import Actor
from oversight.kernel.records.addresses import address
from oversight.kernel.records.kind import RecordKind
from oversight.web.catalogue import KINDS
from techtransfer.forecast.impact import UNSEEN_CAUSE
from techtransfer.sight import Ref, named


@dataclass(frozen=True, slots=True)
class Because:
    """What moved a date, in words after its number."""

    number: str
    href: str
    words: str  # as they follow the number
    days: int = 0

    @property
    def plain(self) -> str:
        """The same without a link."""
        return f"{self.number}{self.words}"


def because(
    actor: Actor, table: str, key: int, number: str, words: str, *, days: int = 0, seen: bool = True
) -> Because:
    """`words` as the cascade keeps them: “it holds DS-26-014” goes on from the number. Not `seen`: the days alone."""
    if not seen:
        return Because("", "", UNSEEN_CAUSE, days)
    kind = kind_in(table, actor)
    href = address(kind, "detail", actor, key) if kind and key else ""
    return Because(number, href, _after(number, words) if number else words, days)


def _after(number: str, words: str) -> str:
    """What goes on from the number; what begins with it needs no colon."""
    if words.startswith((number, "it ")):
        return f" {words.removeprefix(number).removeprefix('it ').strip()}"
    return f": {words}" if words else ""


def kind_in(table: str, actor: Actor) -> RecordKind | None:
    """The kind whose records stand in `table`, if the actor's role reads it."""
    return next((kind for kind in KINDS if kind.model._meta.db_table == table and kind.may(actor, "view")), None)


def unseen(actor: Actor, keys: Iterable[Ref]) -> set[Ref]:
    """Those out of the actor's sight: nobody's but a narrowed member's, for whom each table is asked once."""
    wanted = {key for key in keys if key[1]}
    return set() if actor.cdmos is None else wanted - named(wanted, actor).keys()
