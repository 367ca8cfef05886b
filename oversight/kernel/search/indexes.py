"""The indexes by which records are found: made after every migrate, and held to what the code calls for."""

from typing import Any

from django.core.checks import CheckMessage, Error
from django.db import connections, transaction
from django.db.backends.utils import CursorWrapper

from .sources import Source, sources

_STANDING = """
SELECT c.relname, coalesce(obj_description(c.oid, 'pg_class'), '') FROM pg_class c
 WHERE c.relkind = 'i' AND c.relnamespace = 'public'::regnamespace AND c.relname LIKE 'search\\_%'
"""
_TABLES = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"


def index_after_migrate(*, using: str, **kwargs: Any) -> None:
    """Make what is missing or was made for other fields, and drop what nobody asks for."""
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute("SELECT to_regproc('access.lexemes') IS NOT NULL")
        if cursor.fetchone() != (True,):  # before the search's own migration
            return
        due, standing = _due(cursor), _standing(cursor)
        for name in standing.keys() - {source.index for source in due}:
            cursor.execute(f'DROP INDEX "{name}"')
        for source in due:
            if standing.get(source.index) != source.note:
                _make(cursor, source)


def rebuild(using: str = "default") -> list[str]:
    """Make every index again; answers the tables."""
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        due = _due(cursor)
        for source in due:
            _make(cursor, source)
    return [source.table for source in due]


def indexes_stand(*, databases: list[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """The drift check: an error for each table in which is not searched as the code calls for."""
    errors: list[CheckMessage] = []
    for alias in databases or ():
        with connections[alias].cursor() as cursor:
            standing = _standing(cursor)
            errors += [
                Error(f"{source.table} is not searched as the code calls for: run migrate", id="search.E001")
                for source in _due(cursor)
                if standing.get(source.index) != source.note
            ]
    return errors


def _due(cursor: CursorWrapper) -> list[Source]:
    cursor.execute(_TABLES)
    present = {name for (name,) in cursor.fetchall()}
    return [source for source in sources() if source.table in present]


def _standing(cursor: CursorWrapper) -> dict[str, str]:
    cursor.execute(_STANDING)
    return dict(cursor.fetchall())


def _make(cursor: CursorWrapper, source: Source) -> None:
    cursor.execute(f'DROP INDEX IF EXISTS "{source.index}"')
    cursor.execute(f'CREATE INDEX "{source.index}" ON "{source.table}" USING gin (({source.expression}))')
    cursor.execute(f"""COMMENT ON INDEX "{source.index}" IS '{source.note}'""")
