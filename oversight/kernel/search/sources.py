"""What can be found, of which table: the text of each record kind, what is said about records, the names of files."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.db.models import CharField, Model, TextField

from oversight.kernel.access.tenancy import Shape
from oversight.kernel.comments.models import Comment
from oversight.kernel.files.models import Attachment
from oversight.kernel.records.kind import RecordKind

LEXEMES = 1  # counted up whenever access.lexemes() answers otherwise, so that every index is made again
NOTHING = "NULL::text"
NO_NUMBERS = "'{}'::text[]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One table in which is searched; each text is SQL over its columns. A partner finds what `partner_…` says."""

    table: str
    cdmo: str | None  # its column; None: the sponsor's own, which no partner finds
    said: bool = False  # about a record, rather than a record itself
    author: str | None = None  # its column, and that by which a row is open to others than its author
    opened: str | None = None
    title: str
    body: str
    numbers: str
    partner_title: str
    partner_body: str
    partner_numbers: str

    @property
    def index(self) -> str:
        return f"search_{self.table}"[:63]

    @property
    def expression(self) -> str:
        """What the index holds of each row, and what `access.find` compares with."""
        texts = (self.title, self.body, self.numbers, self.partner_title, self.partner_body, self.partner_numbers)
        cdmo = f'"{self.cdmo}"' if self.cdmo else "NULL::bigint"
        return f"access.lexemes(tenant_id, {cdmo}, {', '.join(texts)})"

    @property
    def note(self) -> str:
        """What `access.find` has to know of the table, and by which drift is told."""
        digest = sha256(f"{LEXEMES} {self.expression}".encode()).hexdigest()[:16]
        told = {"cdmo": self.cdmo, "said": self.said, "author": self.author, "opened": self.opened, "digest": digest}
        return json.dumps(told)


_kinds: dict[str, RecordKind] = {}


def index(kinds: Iterable[RecordKind]) -> None:
    """Say which kinds can be found: the catalogue does, where every process reads it."""
    _kinds.update((kind.model._meta.db_table, kind) for kind in kinds)


def kinds_found() -> dict[str, RecordKind]:
    """The kinds that can be found, by table, in the order of the catalogue."""
    return dict(_kinds)


def sources() -> list[Source]:
    """Every table in which is searched."""
    return [*map(_of_kind, _kinds.values()), _of_comments(), _of_files()]


def text_fields(kind: RecordKind) -> tuple[str, ...]:
    """The fields of a kind in which somebody wrote: no choices, no references, nothing derived, and the title apart."""
    items = (*kind.search, *(item for group in kind.fieldsets for item in group.items))
    names = [name for name in dict.fromkeys(items) if isinstance(name, str) and name not in _apart(kind)]
    apart = {*kind.model.UNTRACKED, *kind.of_all}  # what a narrowed member does not read, its search does not find
    return tuple(name for name in names if _is_text(kind, name) and name not in apart)


def number_fields(kind: RecordKind) -> tuple[str, ...]:
    """The fields that hold a number by which somebody knows the record: ours, and the partner's own."""
    return ("number", *kind.numbers)


def _apart(kind: RecordKind) -> set[str]:
    return {kind.title, *number_fields(kind)}


def _is_text(kind: RecordKind, name: str) -> bool:
    field = kind.field(name)
    return isinstance(field, CharField | TextField) and not field.flatchoices


def _of_kind(kind: RecordKind) -> Source:
    pair = kind.model.SHAPE is Shape.PAIR
    shared = (kind.partner_sees or frozenset()) if pair else frozenset()
    title, bodies, numbers = kind.title, text_fields(kind), number_fields(kind)
    theirs = [name for name in bodies if name in shared]
    return Source(
        table=kind.model._meta.db_table,
        cdmo=kind.model.CDMO_COLUMN,
        author=kind.model.AUTHOR_COLUMN,
        opened=kind.model.OPENED_COLUMN,
        title=_column(kind, title),
        body=_joined(kind, bodies),
        numbers=_listed(kind, numbers),
        partner_title=_column(kind, title) if title in shared else NOTHING,
        partner_body=_joined(kind, theirs),
        partner_numbers=_listed(kind, [name for name in numbers if name in shared]),
    )


def _of_comments() -> Source:
    return _said(Comment, "text", "shared")


def _of_files() -> Source:
    active = f"status = '{Attachment.Status.ACTIVE}'"
    return _said(Attachment, f"CASE WHEN {active} THEN name END", "shared")


def _said(model: Any, body: str, shared: str) -> Source:
    return Source(
        table=_table(model),
        cdmo=model.CDMO_COLUMN,
        said=True,
        title=NOTHING,
        body=f"({body})::text",
        numbers=NO_NUMBERS,
        partner_title=NOTHING,
        partner_body=f"CASE WHEN {shared} THEN ({body})::text END",
        partner_numbers=NO_NUMBERS,
    )


def _table(model: type[Model]) -> str:
    return model._meta.db_table


def _column(kind: RecordKind, name: str) -> str:
    return f'"{kind.field(name).column}"::text'


def _joined(kind: RecordKind, names: Iterable[str]) -> str:
    return " || ' ' || ".join(f"coalesce({_column(kind, name)}, '')" for name in names) or NOTHING


def _listed(kind: RecordKind, names: Iterable[str]) -> str:
    columns = ", ".join(_column(kind, name) for name in names)
    return f"ARRAY[{columns}]::text[]" if columns else NO_NUMBERS
