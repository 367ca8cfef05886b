"""The second wall: row-level security and composite keys, around records, their history and what is no record."""

from collections.abc import Iterator, Sequence
from functools import cache
from hashlib import sha256
from typing import Any, cast

from django.apps import apps
from django.db.backends.utils import CursorWrapper
from django.db.models import Model

from oversight.kernel.access.models import Grant, Membership, Share, Sponsor
from oversight.kernel.access.tenancy import TenantRow

from . import statements
from .audited import Audited, audited

# table → its columns, and what a comment says of the guards that were installed
Tables = dict[str, tuple[list[str], str]]

STAFF_ONLY = (Sponsor, Membership, Grant, Share)

_TABLES = """
SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum), coalesce(obj_description(c.oid, 'pg_class'), '')
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' GROUP BY c.oid, c.relname
"""


@cache
def unrecorded() -> tuple[type[TenantRow], ...]:
    """The models of a sponsor's rows that are no records: what is owed, queued or remembered, not decided."""
    kept = {each.model for each in audited()}
    return tuple(model for model in apps.get_models() if issubclass(model, TenantRow) and model not in kept)


def around(each: Audited, table: str) -> str:
    """The policies of a record's table, or of its history's."""
    if each.shape is None:
        if table == each.table:
            return ""  # people are read to sign in, before there is a tenant; they hold no sponsor's data
        # Of a person whom sponsors share, each reads what its own people or the system changed.
        ours = "SELECT m.user_id FROM public.access_membership m"
        mine = f"id IN ({ours}) AND (history_user_id IS NULL OR history_user_id IN ({ours}))"
        partner = "true"
    else:
        mine = f"{each.tenant_column} = (SELECT access.tenant())"
        partner = statements.partner_condition(each.shape, each.cdmo_column, each.table, each.shared_column)
        if each.model is Sponsor:
            partner = "true"  # a partner may know for whom it works
    return "".join(
        (
            statements.SECURE.format(table=table),
            *_policies(table, mine, partner, readers=("keeper", "auditor")),
            *(
                statements.policy(table, name, "app", statements.EVERY_CDMO, command=command, narrowing=True)
                for name, command in statements.STAFF_POLICIES.items()
                if (each.model in STAFF_ONLY or getattr(each.model, "STAFF_WRITES", False)) and table == each.table
            ),
        )
    )


def same_tenant(model: type[Model], table: str, columns: Sequence[str], tables: Tables) -> Iterator[tuple[str, str]]:
    """Composite foreign keys, by name: references are checked past row-level security, so the key has the tenant.

    Between rows of a pair the CDMO is in the key, too. Where a row may be without one, that key is not looked at, and
    a second one holds it to the tenant.
    """
    for field in model._meta.concrete_fields:
        parent, column = field.related_model, str(field.column)
        if column not in columns or not (isinstance(parent, type) and issubclass(parent, TenantRow)):
            continue
        if parent._meta.db_table not in tables:
            continue
        name = f"{table[:35]}_{column[:18]}"
        pair = getattr(model, "CDMO_COLUMN", None) == parent.CDMO_COLUMN == "cdmo_id" and column != "cdmo_id"
        pair = pair and field.name not in getattr(model, "BEYOND", ())
        yield _key(f"{name}_tenant", table, column, parent, ["tenant_id", "cdmo_id"] if pair else ["tenant_id"])
        if pair and cast(Any, model._meta.get_field("cdmo_id")).null:
            yield _key(f"{name}_own_tenant", table, column, parent, ["tenant_id"])


def _key(name: str, table: str, column: str, parent: type[TenantRow], shared: list[str]) -> tuple[str, str]:
    return name, statements.SAME_TENANT.format(
        name=name,
        table=table,
        columns=names([*shared, column]),
        parent=parent._meta.db_table,
        parent_columns=names([*shared, "id"]),
        index=f"{parent._meta.db_table[:45]}_{'pair' if len(shared) > 1 else 'tenant'}_key",
    )


def install(cursor: CursorWrapper) -> None:
    """Bring the walls around rows that are no records up to date."""
    for table, sql, standing in _walls(cursor):
        if standing != f"{_digest(sql)} {_fingerprint(cursor, table)}":
            cursor.execute(sql)
            cursor.execute(f"""COMMENT ON TABLE "{table}" IS '{_digest(sql)} {_fingerprint(cursor, table)}'""")


def problems(cursor: CursorWrapper) -> list[str]:
    """Which of these walls are not those that the code calls for, in words."""
    return [
        f"the policies of {table} are not those that its model calls for: run migrate"
        for table, sql, standing in _walls(cursor)
        if standing != f"{_digest(sql)} {_fingerprint(cursor, table)}"
    ]


def names(columns: Sequence[str], prefix: str = "") -> str:
    """Quoted columns, with commas."""
    return ", ".join(f'{prefix}"{column}"' for column in columns)


def _walls(cursor: CursorWrapper) -> Iterator[tuple[str, str, str]]:
    cursor.execute(_TABLES)
    tables: Tables = {name: (columns, comment) for name, columns, comment in cursor.fetchall()}
    for model in unrecorded():
        if (table := model._meta.db_table) in tables:
            columns, standing = tables[table]
            yield table, _sql(model, table, columns, tables), standing


def _sql(model: type[TenantRow], table: str, columns: Sequence[str], tables: Tables) -> str:
    shared = model.SHARED_COLUMN if model.SHARED_COLUMN in columns else None  # a later migration may bring it
    partner = statements.partner_condition(model.SHAPE, model.CDMO_COLUMN, table, shared)
    if model.MEMBER_COLUMN:  # nobody's, until the transaction has said which membership reads
        partner = f"({partner}) AND {model.MEMBER_COLUMN} = nullif(current_setting('app.member', true), '')::bigint"
    readers = sorted(set(model.RIGHTS) - {"app", "loader"})
    return "".join(
        (
            statements.SECURE.format(table=table),
            *_policies(table, "tenant_id = (SELECT access.tenant())", partner, readers=readers),
            statements.APPEND_ONLY.format(table=table) if model.APPEND_ONLY else "",
            *(sql for _, sql in same_tenant(model, table, columns, tables)),
        )
    )


def _policies(table: str, mine: str, partner: str, *, readers: Sequence[str]) -> Iterator[str]:
    yield statements.policy(table, "tenant", "app", mine)
    yield statements.policy(table, "partner", "app", partner, narrowing=True)
    yield statements.policy(table, "owner", "owner", f"(SELECT access.migrating()) OR {mine}")
    for role in readers:
        command = "SELECT" if role == "auditor" else "ALL"
        yield statements.policy(table, role, role, statements.OPEN, command=command)


def _digest(sql: str) -> str:
    return sha256(sql.encode()).hexdigest()


def _fingerprint(cursor: CursorWrapper, table: str) -> str:
    cursor.execute("SELECT trail.fingerprint(%s::regclass, %s::regclass)", [table, table])
    return str(cursor.fetchone()[0])
