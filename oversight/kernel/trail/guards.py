"""What the database itself upholds for each audited table: the trail, permanence, tenancy.

Generated from the models and from the columns that the tables really have, so that it can run at any point of the
migration history, forwards and backwards. Idempotent: a table whose guards are as they should be is left alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

from django.apps import apps
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper
from django.db.models import Model

from oversight.kernel.access.models import Sponsor, User
from oversight.kernel.access.tenancy import TenantRow

from . import statements
from .models import Block, Part

# table → its columns, and what the comment of its log function says of the guards that were installed
Tables = dict[str, tuple[list[str], str]]

_TABLES = """
SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum),
       coalesce(obj_description(to_regprocedure(format('trail.%I()', 'log_' || c.relname)), 'pg_proc'), '')
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' GROUP BY c.relname
"""
_STANDING = """
SELECT trail.fingerprint(t, h),
       ARRAY(SELECT tgname::text FROM pg_trigger WHERE tgrelid = t AND NOT tgisinternal AND tgenabled = 'A'),
       ARRAY(SELECT tgname::text FROM pg_trigger WHERE tgrelid = h AND NOT tgisinternal),
       ARRAY(SELECT polname::text FROM pg_policy WHERE polrelid IN (t, h))
  FROM (SELECT %s::regclass AS t, %s::regclass AS h) names
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
    sql: str
    noted: str

    @property
    def digest(self) -> str:
        return sha256(self.sql.encode()).hexdigest()

    def problems(self, cursor: CursorWrapper) -> list[str]:
        """What is not as it should be, in words; empty when the guards stand."""
        if self.missing:
            return [f"{self.history} lacks {', '.join(self.missing)}: run makemigrations and migrate"]
        cursor.execute(_STANDING, [f'public."{self.table}"', f'public."{self.history}"'])
        fingerprint, on_table, on_history, policies = cursor.fetchone()
        found = []
        if absent := statements.RECORD_GUARDS - set(on_table):
            found.append(f"{self.table}: {', '.join(sorted(absent))} missing or disabled")
        if set(on_history) != statements.HISTORY_GUARDS:
            odd = statements.HISTORY_GUARDS ^ set(on_history)
            found.append(f"{self.history}: {', '.join(sorted(odd))} missing or unknown")
        if unknown := set(policies) - statements.POLICIES:
            found.append(f"{self.table}: unknown policies {', '.join(sorted(unknown))}")
        if self.noted != f"{self.digest} {fingerprint}":
            found.append(f"the guards of {self.table} are not those that its columns call for: run migrate")
        return found


def audited() -> list[type[Model]]:
    """Every model of which the database keeps the versions."""
    return [model for model in apps.get_models() if hasattr(model._meta, "simple_history_manager_attribute")]


def tracked_columns(model: type[Model]) -> list[str]:
    """The columns of the record that its history keeps."""
    kept = {field.column for field in model.history.model._meta.concrete_fields}
    return [field.column for field in model._meta.concrete_fields if field.column in kept]


def guards(cursor: CursorWrapper) -> Iterator[Guard]:
    """The guard of each audited model whose two tables exist; not all do in the middle of the migration history."""
    cursor.execute(_TABLES)
    tables: Tables = {name: (columns, comment) for name, columns, comment in cursor.fetchall()}
    for model in audited():
        table, history = model._meta.db_table, model.history.model._meta.db_table
        if table in tables and history in tables:
            untracked = {f.column for f in model._meta.concrete_fields} - set(tracked_columns(model))
            here = [column for column in tables[table][0] if column not in untracked]
            there = set(tables[history][0])
            yield Guard(
                model=model,
                table=table,
                history=history,
                missing=tuple(column for column in here if column not in there),
                sql=_sql(model, [column for column in here if column in there], tables),
                noted=tables[table][1],
            )


def install(connection: BaseDatabaseWrapper) -> None:
    """Bring the guards of all audited tables up to date; raises Unguarded when one cannot stand."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT to_regprocedure('trail.begin_incarnation()') IS NOT NULL, to_regclass('access_share') IS NOT NULL"
        )
        if cursor.fetchone() != (True, True):  # before the kernel's own first migrations
            return
        for guard in list(guards(cursor)):
            if guard.missing or guard.problems(cursor):
                _install(guard, cursor)
        if broken := [problem for guard in guards(cursor) for problem in guard.problems(cursor)]:
            raise Unguarded("This migration would leave the audit trail broken: " + "; ".join(broken))


def _install(guard: Guard, cursor: CursorWrapper) -> None:
    cursor.execute(guard.sql)
    cursor.execute("SELECT trail.fingerprint(%s::regclass, %s::regclass)", [guard.table, guard.history])
    note = f"{guard.digest} {cursor.fetchone()[0]}"
    cursor.execute(
        f"""SET LOCAL ROLE keeper; COMMENT ON FUNCTION trail."log_{guard.table}"() IS '{note}'; RESET ROLE"""
    )


def install_append_only(cursor: CursorWrapper) -> None:
    """The seals, once written, stay."""
    for model in (Block, Part):
        cursor.execute(statements.APPEND_ONLY.format(table=model._meta.db_table))


def _sql(model: type[Model], columns: list[str], tables: Tables) -> str:
    table, history = model._meta.db_table, model.history.model._meta.db_table
    identity = [c for c in ("id", model.TENANT_COLUMN, model.CDMO_COLUMN) if c in columns]
    tracked = [c for c in columns if c != "version"]
    body = statements.LOG.format(
        history=history,
        columns=_names(columns),
        old_values=_names(columns, "OLD."),
        new_values=_names(columns, "NEW."),
        stamp_names=", ".join(statements.STAMP),
        stamp_values=", ".join(statements.STAMP.values()),
    )
    parts = [_tenancy(model, name) for name in (table, history)]
    parts += [
        statements.TRAIL.format(
            table=table,
            history=history,
            body=body,
            old_tracked=_names(tracked, "OLD."),
            new_tracked=_names(tracked, "NEW."),
            old_identity=_names(identity, "OLD."),
            new_identity=_names(identity, "NEW."),
        ),
        statements.APPEND_ONLY.format(table=history),
        statements.HISTORY.format(
            table=history,
            short=history[:50],
            lead=f"{model.TENANT_COLUMN}, " if model.TENANT_COLUMN == "tenant_id" else "",
        ),
    ]
    parts += [_same_tenant(model, field, tables) for field in model._meta.concrete_fields if field.column in columns]
    return "".join(parts)


def _tenancy(model: type[Model], table: str) -> str:
    people = model is User
    if people and table == User._meta.db_table:
        return ""  # signing in reads it before there is a tenant; it holds no sponsor's data
    if people:
        mine, partner = "id IN (SELECT m.user_id FROM public.access_membership m)", "true"
    else:
        mine = f"{model.TENANT_COLUMN} = (SELECT access.tenant())"
        partner = statements.partner_condition(model.SHAPE, model.CDMO_COLUMN, model._meta.db_table)
        if model is Sponsor:
            partner = "true"  # a partner may know for whom it works
    return "".join(
        (
            statements.SECURE.format(table=table),
            statements.policy(table, "tenant", "app", mine),
            statements.policy(table, "partner", "app", partner, narrowing=True),
            statements.policy(table, "owner", "owner", f"(SELECT access.migrating()) OR {mine}"),
            statements.policy(table, "keeper", "keeper", statements.OPEN),
            statements.policy(table, "auditor", "auditor", statements.OPEN, command="SELECT"),
        )
    )


def _same_tenant(model: type[Model], field, tables: Tables) -> str:
    """A composite foreign key: PostgreSQL checks references past row-level security, so the tenant stands in the key."""
    parent = field.related_model
    if not (field.is_relation and isinstance(parent, type) and issubclass(parent, TenantRow)):
        return ""
    if parent._meta.db_table not in tables:
        return ""
    shared = ["tenant_id"]
    if model.CDMO_COLUMN == parent.CDMO_COLUMN == "cdmo_id" and field.column != "cdmo_id":
        shared.append("cdmo_id")
    return statements.SAME_TENANT.format(
        name=f"{model._meta.db_table[:35]}_{field.column[:18]}_tenant",
        table=model._meta.db_table,
        columns=_names([*shared, field.column]),
        parent=parent._meta.db_table,
        parent_columns=_names([*shared, "id"]),
        index=f"{parent._meta.db_table[:45]}_{'pair' if len(shared) > 1 else 'tenant'}_key",
    )


def _names(columns: list[str], prefix: str = "") -> str:
    return ", ".join(f'{prefix}"{column}"' for column in columns)
