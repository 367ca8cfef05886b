"""Records as JSON: compiled once per kind and side, since a list is written more often than anything else."""

import re
from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.models import QuerySet, prefetch_related_objects
from django.db.models.base import ModelState

from oversight.kernel.access.scope import Actor
from oversight.kernel.records.kind import RecordKind
from oversight.kernel.workflow.definition import Move, Transition
from oversight.kernel.workflow.models import Case

from .answers import json_text

HEAD = ("id", "number", "status", "version")
NEVER_TOLD = {"tenant"}
PLACE = re.compile(r'"transitions":(\d+)}')


def readable(
    kind: RecordKind, *, partner: bool = False, narrowed: bool = False
) -> tuple["models.Field[Any, Any]", ...]:
    """The fields beyond the head, in the model's order; of these a partner reads what the kind shares.

    Who is `narrowed` to some CDMOs does not read what may tell of any.
    """
    shared, hidden = kind.partner_sees or frozenset(), NEVER_TOLD.union(HEAD, kind.of_all if narrowed else ())
    return tuple(
        field
        for field in kind.model._meta.concrete_fields
        if field.name not in hidden and (not partner or field.name in shared)
    )


class Writer:
    """Writes records of one kind as one side may read them.

    A model's own instances cost more than all the rest of a page. They are made only where guards want to look at one,
    and past `__init__`, which has nothing to say about what the database holds.
    """

    def __init__(self, kind: RecordKind, fields: Iterable["models.Field[Any, Any]"]) -> None:
        self.kind = kind
        columns = kind.model._meta.concrete_fields
        self.attnames = tuple(str(field.attname) for field in columns)
        self.key, self.status = self.attnames.index("id"), self.attnames.index("status")
        # Fields of which the driver's values are not yet Django's.
        self.translated = any(hasattr(field, "from_db_value") for field in columns)
        told = (*(kind.field(name) for name in HEAD), *fields)
        self.names = (*(field.name for field in told), "transitions")
        # The question is compiled for the key alone, and all columns are put in its place; the key stays the first.
        quoted, table = connection.ops.quote_name, connection.ops.quote_name(kind.model._meta.db_table)
        listed = ", ".join(f"{table}.{quoted(str(field.column))}" for field in columns)
        self.select_key, self.select_all = f'SELECT {table}."id" AS "pk" FROM ', f"SELECT {listed} FROM "
        self.pick = itemgetter(*(self.attnames.index(str(field.attname)) for field in told))

    def write(self, record: Case, actor: Actor) -> str:
        """The record with what the actor may do to it next."""
        values = [getattr(record, attname) for attname in self.attnames]
        return self._written([values], iter([0]), [_offers(self.kind.workflow.moves(record, actor))])[1:-1]

    def write_all(self, found: Sequence[Sequence[Any]], actor: Actor) -> str:
        """What was read, as a JSON array of records."""
        offers: dict[Any, str] = {}
        places = self._offers_of(found, actor, offers)
        return self._written(found, places, offers.values())

    def read(self, rows: "QuerySet[Any]") -> Sequence[Sequence[Any]]:
        """The columns of `rows`, and the sort key where they were annotated with one."""
        if "sort_key" in rows.query.annotations:
            return list(rows.values_list(*self.attnames, "sort_key"))
        if self.translated or self.key != 0:
            return list(rows.values_list(*self.attnames))
        # Resolving and compiling each column, and walking through the rows, would cost more than the question itself.
        try:
            statement, values = rows.values_list("pk").query.sql_with_params()
        except EmptyResultSet:
            return []
        if not statement.startswith(self.select_key):
            return list(rows.values_list(*self.attnames))
        with connection.cursor() as cursor:
            cursor.execute(self.select_all + statement.removeprefix(self.select_key), values)
            return cursor.fetchall()

    def _written(self, found: Iterable[Sequence[Any]], places: Iterator[int], offers: Iterable[str]) -> str:
        """The rows in one go, each with the place of its moves in `offers`; these, which many share, come last.

        Within a text a quotation mark is written `\\"`, so that no text looks like a place.
        """
        names, pick = self.names, self.pick
        rows = [
            dict(zip(names, (*pick(values), place), strict=True)) for values, place in zip(found, places, strict=True)
        ]
        text, written = json_text(rows), list(offers)
        return PLACE.sub(lambda place: f'"transitions":{written[int(place[1])]}}}', text)

    def _offers_of(self, found: Sequence[Sequence[Any]], actor: Actor, offers: dict[Any, str]) -> Iterator[int]:
        """The place of each row's moves in `offers`. Without guards they are the same for all rows of one status."""
        flow = self.kind.workflow
        wanting = {status for move in flow.transitions if move.guards for status in move.sources}
        records = [self._record(values) if values[self.status] in wanting else None for values in found]
        prefetch_related_objects([record for record in records if record], *self.kind.prefetch)
        open_moves: dict[str, tuple[Transition, ...]] = {}
        places: dict[Any, int] = {}
        for values, record in zip(found, records, strict=True):
            status = values[self.status]
            if status not in open_moves:
                moves = flow.moves(record or self._record(values), actor)
                open_moves[status] = tuple(move.transition for move in moves)
            unmet = tuple(flow.unmet(move, record, actor) for move in open_moves[status]) if record else ()
            if (status, unmet) not in offers:
                places[status, unmet] = len(offers)
                offers[status, unmet] = _offers(flow.moves(record or self._record(values), actor))
            yield places[status, unmet]

    def _record(self, values: Sequence[Any]) -> Case:
        record = self.kind.model.__new__(self.kind.model)
        record.__dict__.update(zip(self.attnames, values, strict=False))
        record._state = ModelState()
        record._state.adding, record._state.db = False, connection.alias
        return record


def _offers(moves: Iterable[Move]) -> str:
    return json_text(
        [
            {
                "name": move.transition.name,
                "label": move.transition.label,
                "allowed": move.allowed,
                "unmet": move.unmet,
            }
            for move in moves
        ]
    )
