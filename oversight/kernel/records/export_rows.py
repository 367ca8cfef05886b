"""What stands in an export: the head, and one row for each record, or for each change of the trail."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import chain
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import QueryDict
from django.utils import timezone

from oversight.kernel.access.scope import Actor
from oversight.roles import Role

from .filters import Filter
from .kind import RecordKind
from .listing import chosen_rows, read_view
from .stream import Line, read_stretch
from .stream_filters import read_stream_query
from .words import text_of

TRAIL = "audit-trail"
STRETCH = 500
CHUNK = 2_000
TRAIL_HEAD = (
    "Time (UTC)", "Who", "Role", "Organisation", "Source", "Type", "Number", "Title", "Version", "Action", "Field",
    "From", "To", "Reason", "Transaction",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table before it is a file."""

    about: tuple[tuple[str, ...], ...]
    head: tuple[str, ...]
    rows: Iterable[tuple[str, ...]]


def sheet_of(kinds: Mapping[str, RecordKind], actor: Actor, slug: str, query: str) -> Sheet:
    """The view that the query string names, as the actor sees it; raises PermissionDenied when it sees none."""
    asked = QueryDict(query)
    return _of_trail(kinds, actor, asked) if slug == TRAIL else _of_list(kinds[slug], actor, asked)


def _of_list(kind: RecordKind, actor: Actor, query: QueryDict) -> Sheet:
    if not kind.may(actor, "view"):
        raise PermissionDenied
    view = read_view(kind, actor, query)
    names = tuple(
        dict.fromkeys(name for name in ("number", "status", *kind.fields_for(actor)) if kind.shows(name, actor))
    )
    rows = kind.joined(chosen_rows(kind, actor, query), actor)
    said = [("Search", view.search)] if view.search else []
    if not view.searched_all:
        said.append(("Searched", "The text was looked for in the newest records only: narrow the list by its filters."))
    said += [*_said(view.filters), ("Sorted by", view.order.label + (", descending" if view.descending else ""))]
    return Sheet(
        about=_about(actor, _capital(kind.plural), said),
        head=tuple(kind.label_of(name) for name in names),
        rows=(tuple(_cell(kind, row, name) for name in names) for row in rows.iterator(chunk_size=CHUNK)),
    )


def _of_trail(kinds: Mapping[str, RecordKind], actor: Actor, query: QueryDict) -> Sheet:
    if not actor.can("trail.view"):
        raise PermissionDenied
    asked, boxes = read_stream_query(kinds.values(), actor, query)
    said = [(label, text) for label, text in (("Record", asked.record), ("Reason contains", asked.reason)) if text]

    def lines() -> Iterator[Line]:
        after = ""
        while True:
            stretch = read_stretch(actor, asked, after=after, most=STRETCH)
            yield from stretch.lines
            if not (after := stretch.older):
                return

    rows = chain.from_iterable(_changes(line) for line in lines())
    return Sheet(about=_about(actor, "Audit trail", said + _said(boxes)), head=TRAIL_HEAD, rows=rows)


def _changes(line: Line) -> Iterator[tuple[str, ...]]:
    entry = line.entry
    start = (
        f"{entry.at:%Y-%m-%d %H:%M:%S}", entry.who, entry.role, entry.org, entry.source, _capital(line.kind.label),
        line.number, line.title, str(entry.version or ""), entry.action,
    )  # fmt: skip
    end = (entry.reason, str(entry.txid))
    for one in entry.differences:
        yield (*start, one.label, one.old, one.new, *end)
    if not entry.differences:
        yield (*start, "", "", "", *end)


def _about(actor: Actor, what: str, said: Iterable[tuple[str, str]]) -> tuple[tuple[str, ...], ...]:
    role = str(dict(Role.choices).get(actor.role, actor.role))
    return (
        (what, actor.sponsor_name),
        ("Exported by", f"{actor.name}, {role}, {actor.org}"),
        ("Exported at", f"{timezone.now():%Y-%m-%d %H:%M:%S} UTC; all times are UTC"),
        *((("Data", "Demo world: invented data"),) if actor.demo else ()),
        *said,
    )


def _said(filters: Iterable[Filter]) -> list[tuple[str, str]]:
    return [(one.label, one.chosen) for one in filters if one.value]


def _cell(kind: RecordKind, record: Any, name: str) -> str:
    value = getattr(record, kind.field(name).attname)
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
    return value.isoformat() if isinstance(value, date) else text_of(kind, record, name)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
