"""The audit trail of all record kinds as one stream, newest first, cut by key.

Every kind has a history table of its own. From each, an index gives the newest versions that pass what an index can
tell (person, record, days); the database merges these branches. What no index can tell (a word of the reason, the
field, the action, the organisation) is looked for in a window of the newest versions of each kind; the stretch says
where its window ended, and the next one begins there.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils.dateparse import parse_datetime

from oversight.kernel.access.scope import Actor

from .addresses import address
from .cursors import cursor_of, parts_of
from .history import Entry, changed_in, entry_of, names_in
from .kind import RecordKind
from .stream_query import Branch, Key, StreamQuery

PAGE = 25
ROUNDS, BATCH = 5, 100  # how far is read for one page of a partner, to whom most versions may tell nothing


@dataclass(frozen=True, slots=True)
class Line:
    """One version of one record, with what a stream must say besides: which record."""

    kind: RecordKind
    entry: Entry
    number: str
    title: str
    href: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some lines, newest first; `older` begins the next stretch; `looked_back_to` is where a window ended."""

    lines: tuple[Line, ...]
    older: str = ""
    looked_back_to: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Found:
    """One row of the merged branches."""

    key: Key
    earlier: int | None
    matches: bool
    is_edge: bool  # the last version of its kind's window


def read_stretch(actor: Actor, query: StreamQuery, *, after: str = "", most: int = PAGE) -> Stretch:
    """The newest lines that match and that the actor may read, or those beyond the cursor `after`."""
    key, lines = thaw_key(after), list[Line]()
    limit = max(most + 1, BATCH) if actor.is_partner else most + 1
    for _ in range(ROUNDS):
        found = _read(actor, query, key, limit)
        edge = next((place for place, one in enumerate(found) if one.is_edge), None)
        kept = found if edge is None else found[: edge + 1]
        for one, line in _told(actor, query, [one for one in kept if one.matches]):
            if len(lines) == most:
                return Stretch(tuple(lines), _freeze(key))
            key = one.key
            if line is not None:
                lines.append(line)
        if edge is not None:
            return Stretch(tuple(lines), _freeze(found[edge].key), found[edge].key.at)
        if len(found) < limit:
            return Stretch(tuple(lines))
        if not actor.is_partner:
            return Stretch(tuple(lines), _freeze(key))
    return Stretch(tuple(lines), _freeze(key), key.at if key else None)


def _read(actor: Actor, query: StreamQuery, key: Key | None, most: int) -> list[_Found]:
    """The keys of the next versions, and of the version before each."""
    branches = [branch for kind in query.kinds if (branch := Branch(kind, actor, query).sql(key, most))]
    if not branches:
        return []
    merged = " UNION ALL ".join(f"({branch})" for branch, _ in branches)
    sql = f"SELECT * FROM ({merged}) s ORDER BY history_date DESC, place DESC, history_id DESC LIMIT %s"
    with connection.cursor() as cursor:
        cursor.execute(sql, [value for _, values in branches for value in values] + [most])
        return [_Found(Key(at, place, pk), earlier, *marks) for place, pk, at, earlier, *marks in cursor.fetchall()]


def _told(actor: Actor, query: StreamQuery, found: list[_Found]) -> list[tuple[_Found, Line | None]]:
    """What each version says to the actor; None where nothing changed that the actor may read."""
    versions: dict[tuple[str, int], tuple[RecordKind, Any]] = {}
    for kind in query.kinds:
        table = kind.model._meta.db_table
        keys = {key for one in found if one.key.place == table for key in (one.key.pk, one.earlier) if key}
        if keys:
            history: Any = kind.model.history
            rows = history.visible_to(actor).filter(history_id__in=keys)
            versions |= {(table, row.history_id): (kind, row) for row in rows}
    names = names_in(actor, versions.values())
    told: list[tuple[_Found, Line | None]] = []
    for one in found:
        if (version := versions.get((one.key.place, one.key.pk))) is None:
            continue
        kind, row = version
        _, earlier = versions.get((one.key.place, one.earlier or 0), (kind, None))
        changed = changed_in(kind, actor, row, earlier)
        silent = actor.is_partner and earlier is not None and not changed
        told.append(
            (one, None if silent else _line(kind, actor, row, entry_of(kind, actor, row, earlier, changed, names)))
        )
    return told


def _line(kind: RecordKind, actor: Actor, row: Any, entry: Entry) -> Line:
    title = str(getattr(row, kind.title) or "") if kind.shows(kind.title, actor) else ""
    number = (row.number or "") if kind.shows("number", actor) else ""
    return Line(kind, entry, number, title if title != number else "", address(kind, "detail", actor, row.id))


def _freeze(key: Key | None) -> str:
    return "" if key is None else cursor_of(key.at.isoformat(), key.place, key.pk)


def thaw_key(cursor: str) -> Key | None:
    """The key in a cursor, or None for one that nobody made here: then the stream starts at its newest."""
    if (parts := parts_of(cursor, 3)) is None:
        return None
    at, place, pk = parts
    try:
        moment = parse_datetime(at)
        place.encode("ascii")
    except (ValueError, TypeError, AttributeError):
        return None
    if moment is None or moment.tzinfo is None or "\0" in place:
        return None
    return Key(moment, place, pk)
