"""Writes rows of the past, hundreds to one message: each with the person, the moment and the reason told before it.

What is told to the database and what the database keeps of it is the same as through the doors; what is saved is the
way there and back, some ten thousand times.
"""

from datetime import datetime
from typing import Any

from django.db import connection, models

from oversight.kernel.access.scope import SETTINGS, Actor, Told
from oversight.kernel.trail.change import change


class Pen:
    """Collects statements in the order in which they were made; `flush` sends them."""

    def __init__(self, system: Actor) -> None:
        self.system = system
        self.statements: list[str] = []
        self.told: dict[str, str] = {}
        self.cursor = connection.cursor()  # one for all: it only fills values in

    def act(self, actor: Actor, moment: datetime, reason: str) -> None:
        """Say who does what follows, when and why; only what differs from before is sent."""
        fresh = dict(zip(SETTINGS, Told(actor, True, reason).settings(), strict=True)) | {"at": moment.isoformat()}
        self.statements += [
            self._filled(f"SET LOCAL app.{name} = %s", [value])
            for name, value in fresh.items()
            if self.told.get(name) != value
        ]
        self.told = fresh

    def insert(self, row: models.Model) -> None:
        """One new row; its key is the database's to give."""
        fields = [field for field in row._meta.concrete_fields if not field.primary_key]
        names = ", ".join(f'"{field.column}"' for field in fields)
        marks = ", ".join(["%s"] * len(fields))
        statement = f'INSERT INTO "{row._meta.db_table}" ({names}) VALUES ({marks})'
        self.statements.append(self._filled(statement, [_value(row, field) for field in fields]))

    def update(self, row: models.Model, names: list[str], **where: Any) -> None:
        """The named columns of one row, which `where` finds."""
        fields = [row._meta.get_field(name) for name in names]
        sets = ", ".join(f'"{field.column}" = %s' for field in fields)
        found = " AND ".join(f'"{column}" = %s' for column in where)
        statement = f'UPDATE "{row._meta.db_table}" SET {sets} WHERE {found}'
        self.statements.append(self._filled(statement, [*(_value(row, field) for field in fields), *where.values()]))

    def flush(self) -> None:
        """Send what was collected; inside the loader's transaction."""
        if not self.statements:
            return
        with change(by=self.system, reason="The demo world is told."), connection.cursor() as cursor:
            cursor.execute(";\n".join(self.statements))
        self.statements, self.told = [], {}

    def _filled(self, statement: str, values: list[Any]) -> str:
        return str(self.cursor.mogrify(statement, values).decode())


def _value(row: models.Model, field: Any) -> Any:
    return field.get_db_prep_save(getattr(row, field.attname), connection)
