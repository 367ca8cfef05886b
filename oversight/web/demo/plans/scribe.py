"""Puts records of the past on file, a table at a time, with their numbers and keys."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby

from oversight.kernel.access.scope import Actor
from oversight.kernel.trail.change import change
from oversight.kernel.workflow.models import Case

from ..pen import Pen

TOLD = "The demo world is told."
Filing = tuple[Case, Actor, datetime]  # a row, who puts it on file, and when


class Scribe:
    """One pen, and what it takes to write records with it."""

    def __init__(self, system: Actor) -> None:
        self.system, self.pen = system, Pen(system)

    def file(self, rows: Sequence[Filing]) -> None:
        """Number and insert rows of one table, in the order of time, and learn their keys."""
        self.number(rows)
        self.insert(rows)

    def number(self, rows: Sequence[Filing]) -> None:
        """Numbers that rise with time, from each series."""
        ordered = sorted(rows, key=lambda row: (row[0].numbers.text, row[2]))
        with change(by=self.system, reason=TOLD):
            for (pattern, _), group in groupby(ordered, key=lambda row: (row[0].numbers, row[2].year)):
                same = list(group)
                for (row, *_), number in zip(same, pattern.next_many(len(same), same[0][2].date()), strict=True):
                    row.number = number

    def insert(self, rows: Sequence[Filing]) -> None:
        """Insert rows that have their numbers."""
        if not rows:
            return
        for row, author, moment in sorted(rows, key=lambda row: row[2]):
            self.pen.act(author, moment, "")
            self.pen.insert(row)
        self.pen.flush()
        self._learn([row for row, *_ in rows])

    def write(self, row: Case, by: Actor, moment: datetime, reason: str, **values: object) -> None:
        """Change these columns of a row; what stands there already is not written."""
        changed = {name: value for name, value in values.items() if getattr(row, name) != value}
        if changed:
            for name, value in changed.items():
                setattr(row, name, value)
            self.pen.act(by, moment, reason)
            self.pen.update(row, list(changed), id=row.pk, tenant_id=row.tenant_id)

    def _learn(self, rows: Iterable[Case]) -> None:
        by_number = {row.number: row for row in rows}
        model = type(next(iter(by_number.values())))
        with change(by=self.system, reason=TOLD):
            found = model._base_manager.filter(tenant_id=self.system.tenant, number__in=by_number)
            for number, pk in found.values_list("number", "pk"):
                by_number[number].pk = pk
                by_number[number]._state.adding = False
