"""What the database itself upholds for each audited table: the trail, permanence, tenancy.

Generated from the models and from the columns that the tables really have, so that it can run at any point of the
migration history, forwards and backwards. Idempotent: a table whose guards are as they should be is left alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper
from django.db.models import Model

from oversight.kernel.access.models import SecurityEvent

from . import statements, walls
from .audited import Audited, audited
from .models import Block, Incarnation, Part

UPGRADED = "Structure changed by an upgrade"

_TABLES = """
SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum),
       coalesce(obj_description(to_regprocedure(format('trail.%I()', 'log_' || c.relname)), 'pg_proc'), '')
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' GROUP BY c.relname
"""
_STANDING = """
SELECT name, trail.fingerprint(t, h),
       ARRAY(SELECT tgname::text FROM pg_trigger WHERE tgrelid = t AND NOT tgisinternal),
       ARRAY(SELECT tgname::text FROM pg_trigger WHERE tgrelid = h AND NOT tgisinternal),
       ARRAY(SELECT conname::text FROM pg_constraint WHERE conrelid = t AND contype = 'f' AND convalidated),
       ARRAY(SELECT polname::text FROM pg_policy WHERE polrelid IN (t, h)),
       EXISTS (SELECT FROM pg_trigger WHERE tgrelid IN (t, h) AND (tgisinternal AND tgenabled = 'D'
                 OR NOT tgisinternal AND tgenabled <> 'A')),
       EXISTS (SELECT FROM pg_rewrite WHERE ev_class IN (t, h))
         OR EXISTS (SELECT FROM pg_inherits WHERE inhparent IN (t, h)),
       has_table_privilege('app', h, 'INSERT, UPDATE, DELETE, TRUNCATE')
  FROM (SELECT name, format('public.%%I', name)::regclass AS t, format('public.%%I', history)::regclass AS h
          FROM unnest(%s::text[], %s::text[]) each (name, history)) names
"""


class Unguarded(RuntimeError):
    """A migration would leave a table without its trail."""


@dataclass(frozen=True, slots=True)
class Guard:
    """The SQL that one record's tables should have, and what was noted when it was last installed."""

    model: type[Model]
    table: str
    history: str
    missing: tuple[str, ...]  # columns of the record that the history lacks
    columns: tuple[str, ...]  # that record and history both have
    keys: tuple[str, ...]  # its composite foreign keys, by name
    sql: str
    noted: str
    append_only: bool

    @property
    def digest(self) -> str:
        return sha256(self.sql.encode()).hexdigest()

    @property
    def outgrown(self) -> bool:
        """Whether the guards were made for other columns than the tables have now."""
        return bool(self.noted) and not self.noted.startswith(self.digest)

    def problems(self, standing: tuple[Any, ...] | None) -> list[str]:
        """What is not as it should be, in words; empty when the guards stand. `standing`: as in `_STANDING`."""
        if self.missing or standing is None:
            return [f"{self.history} lacks {', '.join(self.missing)}: run makemigrations and migrate"]
        fingerprint, on_table, on_history, keys, policies, disabled, bent, writable = standing
        found = []
        for table, there, due in (
            (self.table, on_table, statements.RECORD_GUARDS | ({"guard_row"} if self.append_only else set())),
            (self.history, on_history, statements.HISTORY_GUARDS),
        ):
            if odd := due ^ set(there):
                found.append(f"{table}: {', '.join(sorted(odd))} missing or unknown")
        if absent := set(self.keys) - set(keys):
            found.append(f"{self.table}: the keys {', '.join(sorted(absent))} are missing")
        if disabled:
            found.append(f"{self.table}: a guard or a foreign key is switched off")
        if bent:
            found.append(f"{self.table}: a rule or a child table stands beside it")
        if writable:
            found.append(f"{self.history}: the application may write there")
        if unknown := set(policies) - statements.POLICIES - set(statements.STAFF_POLICIES):
            found.append(f"{self.table}: unknown policies {', '.join(sorted(unknown))}")
        if self.noted != f"{self.digest} {fingerprint}":
            found.append(f"the guards of {self.table} are not those that its columns call for: run migrate")
        return found


def guards(cursor: CursorWrapper) -> Iterator[Guard]:
    """The guard of each audited model that has its table; not all do in the middle of the migration history.

    A history table may come later only where another app keeps it: people are older than their trail.
    """
    cursor.execute(_TABLES)
    tables: walls.Tables = {name: (columns, comment) for name, columns, comment in cursor.fetchall()}
    for each in audited():
        if each.table in tables and (each.history in tables or each.keeps_its_own_history):
            here = [column for column in tables[each.table][0] if column not in each.untracked]
            there = set(tables[each.history][0]) if each.history in tables else set()
            columns = [column for column in here if column in there]
            yield Guard(
                model=each.model,
                table=each.table,
                history=each.history,
                missing=tuple(column for column in here if column not in there),
                columns=tuple(columns),
                keys=tuple(name for name, _ in walls.same_tenant(each.model, each.table, columns, tables)),
                sql=_sql(each, columns, tables),
                noted=tables[each.table][1],
                append_only=each.append_only,
            )


def install(connection: BaseDatabaseWrapper) -> None:
    """Bring the guards of all audited tables up to date; raises Unguarded when one cannot stand."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT to_regprocedure('trail.begin_incarnation()') IS NOT NULL, to_regclass('access_share') IS NOT NULL"
        )
        if cursor.fetchone() != (True, True):  # before the kernel's own first migrations
            return
        for guard, said in judged(cursor):
            if said and not guard.missing:
                _install(guard, cursor)
                if guard.outgrown:
                    cursor.execute(
                        "SELECT trail.note_upgrade(%s, %s, %s, %s)",
                        [guard.table, guard.history, list(guard.columns), UPGRADED],
                    )
        walls.install(cursor)
        if broken := problems(cursor):
            raise Unguarded("This migration would leave the audit trail broken: " + "; ".join(broken))


def problems(cursor: CursorWrapper) -> list[str]:
    """What is not as it should be around any table, in words."""
    return [*chain.from_iterable(said for _, said in judged(cursor)), *walls.problems(cursor)]


def judged(cursor: CursorWrapper) -> list[tuple[Guard, list[str]]]:
    """Each guard with its problems, from one statement for all."""
    each = list(guards(cursor))
    whole = [guard for guard in each if not guard.missing]
    cursor.execute(_STANDING, [[guard.table for guard in whole], [guard.history for guard in whole]])
    standing = {name: tuple(rest) for name, *rest in cursor.fetchall()}
    return [(guard, guard.problems(standing.get(guard.table))) for guard in each]


def _install(guard: Guard, cursor: CursorWrapper) -> None:
    cursor.execute(guard.sql)
    cursor.execute("SELECT trail.fingerprint(%s::regclass, %s::regclass)", [guard.table, guard.history])
    note = f"{guard.digest} {cursor.fetchone()[0]}"
    cursor.execute(
        f"""SET LOCAL ROLE keeper; COMMENT ON FUNCTION trail."log_{guard.table}"() IS '{note}'; RESET ROLE"""
    )


def install_append_only(cursor: CursorWrapper) -> None:
    """The seals and the security log, once written, stay."""
    for model in (Block, Part, Incarnation, SecurityEvent):
        cursor.execute(statements.APPEND_ONLY.format(table=model._meta.db_table))
    cursor.execute(statements.LOGGED_TIME.format(table=SecurityEvent._meta.db_table))


def _sql(each: Audited, columns: list[str], tables: walls.Tables) -> str:
    identity = [column for column in ("id", each.tenant_column, each.cdmo_column) if column in columns]
    tracked = [column for column in columns if column != "version"]
    body = statements.LOG.format(
        history=each.history,
        columns=walls.names(columns),
        old_values=walls.names(columns, "OLD."),
        new_values=walls.names(columns, "NEW."),
        blanks=statements.BLANKS,
        stamp_names=", ".join(statements.STAMP),
        stamp_values=", ".join(statements.STAMP.values()),
    )
    parts = [walls.around(each, name) for name in (each.table, each.history)]
    parts += [
        statements.TRAIL.format(
            table=each.table,
            history=each.history,
            body=body,
            columns=walls.names(columns),
            tracked_changed=_changed(tracked),
            identity_changed=_changed(identity),
        ),
        statements.APPEND_ONLY.format(table=each.table) if each.append_only else "",
        statements.APPEND_ONLY.format(table=each.history),
        statements.HISTORY.format(
            table=each.history,
            short=each.history[:50],
            lead="tenant_id, " if each.tenant_column == "tenant_id" else "",
            streams=statements.streams(each.history, tenant_column=each.tenant_column, cdmo_column=each.cdmo_column),
        ),
    ]
    parts += [sql for _, sql in walls.same_tenant(each.model, each.table, columns, tables)]
    return "".join(parts)


def _changed(columns: list[str]) -> str:
    """Column by column: a comparison of rows is deparsed differently after a dump, and would look like drift."""
    return " OR ".join(f'OLD."{column}" IS DISTINCT FROM NEW."{column}"' for column in columns)
