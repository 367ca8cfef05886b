"""The data that figures are taken on: made once, kept as databases of the bench's own cluster, measured on copies.

A kept database carries the digest of what it was made of in its name, and gets that name when it is whole: one whose
making was cut short, or that another version of the code made, is never taken for it.
"""

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connections

from oversight.kernel.database.prepare import prepare
from oversight.kernel.database.roles import become, connection_as

from .sources import digest_of

MAKING, MEASURED = "making", "measured"

Told = dict[str, Any]  # what JSON can hold


@dataclass(frozen=True, slots=True)
class Dataset:
    """What is filled in, on top of another one's data; `fill` answers what measuring has to know of it."""

    name: str
    fill: Callable[[], Told]
    sources: tuple[str, ...]  # files and folders of the code that it is made of, and words that it depends on
    base: "Dataset | None" = None

    @property
    def digest(self) -> str:
        """Another one as soon as anything is that the data are made of."""
        return digest_of(*self.sources, *([self.base.digest] if self.base else []))

    @property
    def database(self) -> str:
        """Where it is kept."""
        return f"kept_{self.name}_{self.digest}"


def keep(dataset: Dataset) -> str:
    """The database that holds `dataset`, made first if there is none; what an older version of it holds is dropped."""
    kept = dataset.database  # by the code as it is now: it may be edited while data are made
    if kept in _databases():
        return kept
    begun = time.perf_counter()
    template = keep(dataset.base) if dataset.base else ""
    for name in _databases():
        if name == MAKING or name.startswith(f"kept_{dataset.name}_"):
            _drop(name)
    print(f"Making the data for {dataset.name}, once …", file=sys.stderr, flush=True)
    _create(MAKING, template)
    with _inside(MAKING):
        told = dataset.fill()
    _say(f'COMMENT ON DATABASE "{MAKING}" IS %s', json.dumps(told))
    _say(f'ALTER DATABASE "{MAKING}" RENAME TO "{kept}"')
    print(f"… in {time.perf_counter() - begun:.0f} s", file=sys.stderr, flush=True)
    return kept


@contextmanager
def measured(dataset: Dataset) -> Iterator[Told]:
    """Within, the process works in a copy of the kept data, which is gone afterwards; yields what is to be known."""
    kept = keep(dataset)
    _drop(MEASURED)
    _create(MEASURED, kept)
    try:
        with _inside(MEASURED):
            yield json.loads(
                _ask("SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", kept)
            )
    finally:
        _drop(MEASURED)


def _create(name: str, template: str) -> None:
    """An empty database, or a copy: pages are copied as files, since logging each would take longer."""
    if template:
        connections.close_all()
        _say(f'CREATE DATABASE "{name}" OWNER owner TEMPLATE "{template}" STRATEGY FILE_COPY')
    prepare(settings.ROLE_URLS["superuser"], database=name, passwords={})


def _drop(name: str) -> None:
    _say(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _databases() -> list[str]:
    return [name for (name,) in _all("SELECT datname FROM pg_database")]


@contextmanager
def _inside(database: str) -> Iterator[None]:
    before = become({"NAME": database})
    try:
        yield
    finally:
        become(before)


def _say(statement: str, *values: str) -> None:
    _all(statement, *values)


def _ask(statement: str, *values: str) -> str:
    return str(_all(statement, *values)[0][0])


def _all(statement: str, *values: str) -> list[tuple[Any, ...]]:
    with connection_as("superuser") as superuser:
        superuser.settings_dict["NAME"] = "postgres"
        with superuser.cursor() as cursor:
            cursor.execute(statement, list(values) or None)
            return list(cursor.fetchall()) if cursor.description else []
