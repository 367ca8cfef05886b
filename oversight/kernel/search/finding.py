"""What an actor finds: keys from the database's one function, then the records through the read door, by kind."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, cast

from django.db import connection
from django.utils.safestring import SafeString

from oversight.kernel.access.scope import Actor
from oversight.kernel.comments.models import Comment
from oversight.kernel.files.models import Attachment
from oversight.kernel.records.addresses import address
from oversight.kernel.records.facts import Fact, facts
from oversight.kernel.records.kind import RecordKind
from oversight.kernel.records.search import read_search
from oversight.kernel.records.words import text_of
from oversight.kernel.workflow.models import Case

from .excerpt import Marker, squeezed, words_of
from .sources import kinds_found, number_fields, text_fields

EACH = 20  # records of one kind
SHORTEST_ENDING = 3  # digits that, typed alone, lead straight to the one record whose number ends in them

NUMBER, TITLE, TEXT, SAID = 3, 2, 1, 0
FULL = 4  # the number in full


@dataclass(frozen=True, slots=True)
class Hit:
    """One record that was found, and where the words stand in it."""

    kind: RecordKind
    pk: int
    href: str
    title: SafeString
    number: str
    belongs: str  # to which record of the parent's kind, where that does not go without saying
    status: Fact | None
    place: str  # the name of the field, or what was said or attached
    excerpt: SafeString
    rank: int
    over: bool  # closed or void


@dataclass(frozen=True, slots=True)
class Group:
    """The hits of one kind, best first, open ones before closed ones, and its list, which looks further."""

    kind: RecordKind
    hits: tuple[Hit, ...]
    more: bool
    list_url: str

    @property
    def best(self) -> int:
        return max(hit.rank for hit in self.hits)


@dataclass(frozen=True, slots=True)
class Findings:
    """All that was found; `sought` as it was typed."""

    sought: str
    groups: tuple[Group, ...] = ()

    @property
    def total(self) -> int:
        return sum(len(group.hits) for group in self.groups)

    @property
    def more(self) -> bool:
        return any(group.more for group in self.groups)

    @property
    def jump(self) -> Hit | None:
        """The one record that the number names: in full, or by its ending where only digits were typed."""
        hits = [hit for group in self.groups for hit in group.hits]
        full = [hit for hit in hits if hit.rank == FULL]
        if full:
            return full[0] if len(full) == 1 else None
        typed = self.sought.replace(" ", "")
        named = [hit for hit in hits if hit.rank == NUMBER]
        digits = typed.isascii() and typed.isdigit() and len(typed) >= SHORTEST_ENDING
        return named[0] if digits and len(hits) == len(named) == 1 else None


@dataclass(slots=True)
class _Found:
    """The keys of one kind, before anything was read."""

    classes: dict[int, int] = field(default_factory=dict)  # record → the best class in which it was found
    said: dict[int, tuple[str, int]] = field(default_factory=dict)  # record → the newest that was said or attached


def find(actor: Actor, text: str, *, each: int = EACH) -> Findings:
    """The records that `actor` may find by `text`, at most `each` of a kind; within the actor's scope."""
    sought = read_search(text)
    kinds = {table: kind for table, kind in kinds_found().items() if kind.may(actor, "view")}
    if not words_of(sought) or not kinds:
        return Findings(sought)
    found: defaultdict[str, _Found] = defaultdict(_Found)
    for place, place_id, table, pk, rank in _keys(sought, list(kinds), each + 1, actor):
        keys = found[table]
        keys.classes[pk] = max(rank, keys.classes.get(pk, rank))
        if rank == SAID:
            keys.said.setdefault(pk, (place, place_id))
    spoken = _spoken(found.values(), actor)
    mark = Marker(sought)
    groups = [_group(kinds[table], found[table], spoken, mark, actor, each) for table in kinds if table in found]
    groups = [group for group in groups if group.hits]
    return Findings(sought, tuple(sorted(groups, key=lambda group: -max(group.best, TITLE))))


def _keys(sought: str, tables: list[str], most: int, actor: Actor) -> list[tuple[str, int, str, int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT place, place_id, kind, record_id, class FROM access.find(%s, %s, %s, %s)",
            [sought, tables, most, actor.reads_as],
        )
        return cast("list[tuple[str, int, str, int, int]]", cursor.fetchall())


def _spoken(found: Iterable[_Found], actor: Actor) -> dict[tuple[str, int], str]:
    """The texts of what was said and attached, for records that nothing else names."""
    wanted: defaultdict[str, set[int]] = defaultdict(set)
    for keys in found:
        for pk, (place, place_id) in keys.said.items():
            if keys.classes[pk] == SAID:
                wanted[place].add(place_id)
    texts: dict[tuple[str, int], str] = {}
    model: Any
    for model in (Comment, Attachment):
        table = model._meta.db_table
        if table in wanted:
            rows = model.objects.visible_to(actor).filter(pk__in=wanted[table])
            texts |= {(table, row.pk): row.text if model is Comment else row.name for row in rows}
    return texts


def _group(
    kind: RecordKind, keys: _Found, spoken: dict[tuple[str, int], str], mark: Marker, actor: Actor, each: int
) -> Group:
    best = sorted(keys.classes, key=lambda pk: (-keys.classes[pk], -pk))
    if kind.model.AUTHOR_COLUMN is None:  # else what was said of a record may be found where the record is not
        best = best[: each + 1]
    rows = kind.model.objects.visible_to(actor).filter(pk__in=best)
    if parent := _shown_parent(kind, actor):
        rows = rows.select_related(parent)
    hits = [_hit(kind, row, keys, spoken, mark, actor) for row in rows]
    hits.sort(key=lambda hit: (-hit.rank, hit.over, -hit.pk))
    return Group(kind, tuple(hits[:each]), len(hits) > each, address(kind, "list", actor))


def _shown_parent(kind: RecordKind, actor: Actor) -> str:
    """The field of the parent, unless it is the partner itself."""
    name = kind.parent.field if kind.parent else ""
    return name if name and kind.shows(name, actor) and kind.takes(name, actor) else ""


def _hit(
    kind: RecordKind, row: Case, keys: _Found, spoken: dict[tuple[str, int], str], mark: Marker, actor: Actor
) -> Hit:
    rank = keys.classes[row.pk]
    numbers = [name for name in number_fields(kind) if kind.shows(name, actor)]
    if rank == NUMBER and any(squeezed(str(getattr(row, name))) == mark.key for name in numbers):
        rank = FULL
    place, excerpt = _where(kind, row, rank, keys, spoken, mark, actor)
    status = facts(kind, row, ["status"], actor)
    parent = _shown_parent(kind, actor)
    return Hit(
        kind=kind,
        pk=row.pk,
        href=address(kind, "detail", actor, row.pk),
        title=mark(text_of(kind, row, kind.title)),
        number=row.number if kind.shows("number", actor) else "",
        belongs=text_of(kind, row, parent) if parent else "",
        status=status[0] if status and status[0].tone else _plain(kind, row, actor),
        place=place,
        excerpt=excerpt,
        rank=rank,
        over=row.status in kind.workflow.final,
    )


def _plain(kind: RecordKind, row: Case, actor: Actor) -> Fact | None:
    """Of kinds whose status has no look of its own, only that a record counts no longer is worth a word."""
    if row.status not in kind.workflow.final:
        return None
    return Fact("Status", text_of(kind, row, "status"), tone="neutral", glyph="void")


def _where(
    kind: RecordKind,
    row: Case,
    rank: int,
    keys: _Found,
    spoken: dict[tuple[str, int], str],
    mark: Marker,
    actor: Actor,
) -> tuple[str, SafeString]:
    """The field in which the words stand that the line does not show anyway, and the words around them."""
    if rank == SAID:
        said = keys.said[row.pk]
        text = spoken.get(said, "")
        return "Comment" if said[0] == Comment._meta.db_table else "File", mark.around(text)
    texts = [(name, str(getattr(row, name) or "")) for name in _further(kind, actor)]
    counted = [(mark.count(text), -place, name, text) for place, (name, text) in enumerate(texts)]
    best = max(counted, default=(0, 0, "", ""))
    if not best[0] or (rank == TITLE and mark.count(text_of(kind, row, kind.title)) >= best[0]):
        return "", SafeString("")
    return kind.label_of(best[2]), mark.around(best[3])


def _further(kind: RecordKind, actor: Actor) -> list[str]:
    names = (*kind.numbers, *text_fields(kind))
    return [name for name in names if kind.shows(name, actor)]
