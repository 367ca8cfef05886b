"""What a superuser does once per cluster and database: roles, the database, and the sentinels over its guards.

No Django here: the runtime calls this before there is anything to configure.
"""

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from psycopg2 import sql

SENTINELS = Path(__file__).parent / "sql" / "sentinels.sql"

# What each role may be beyond signing in. `keeper` owns the functions that read across sponsors and cannot sign in;
# `loader` exists only where past-dated demo or test history is loaded.
ROLES = {
    "owner": "LOGIN CREATEDB NOSUPERUSER NOBYPASSRLS",
    "app": "LOGIN NOSUPERUSER NOCREATEDB NOBYPASSRLS",
    "sealer": "LOGIN NOSUPERUSER NOCREATEDB NOBYPASSRLS",
    "relay": "LOGIN NOSUPERUSER NOCREATEDB NOBYPASSRLS",
    "auditor": "LOGIN NOSUPERUSER NOCREATEDB NOBYPASSRLS",
    "backup": "LOGIN NOSUPERUSER NOCREATEDB BYPASSRLS",
    "keeper": "NOLOGIN NOSUPERUSER NOCREATEDB NOBYPASSRLS",
    "loader": "LOGIN NOSUPERUSER NOCREATEDB NOBYPASSRLS",
}
OPTIONAL = {"loader"}


def prepare(superuser_url: str, *, database: str, passwords: Mapping[str, str], template: bool = False) -> None:
    """Create or bring up to date the roles, the database and its sentinels; safe to run again.

    `passwords` maps role names to passwords; roles without one keep theirs. `loader` is made only if named there.
    `template` marks the database as one that the owner may copy (the test databases are).
    """
    with _Session(superuser_url) as cursor:
        for role, attributes in ROLES.items():
            if role in OPTIONAL and role not in passwords:
                continue
            cursor.execute("SELECT FROM pg_roles WHERE rolname = %s", [role])
            verb = "ALTER" if cursor.rowcount else "CREATE"
            statement = sql.SQL(f"{verb} ROLE {{}} {attributes}").format(sql.Identifier(role))
            if role in passwords:
                statement += sql.SQL(" PASSWORD {}").format(sql.Literal(passwords[role]))
            cursor.execute(statement)
        cursor.execute("GRANT keeper TO owner WITH INHERIT FALSE, SET TRUE")
        cursor.execute("GRANT pg_read_all_data TO backup")
        cursor.execute("GRANT pg_read_all_stats TO sealer")  # whose open transaction keeps the seal waiting
        for role in ("app", "auditor", "relay"):
            cursor.execute(f"ALTER ROLE {role} SET idle_in_transaction_session_timeout = '5min'")
        if "loader" in passwords:
            cursor.execute("GRANT app TO loader")
        cursor.execute("SELECT FROM pg_database WHERE datname = %s", [database])
        name = sql.Identifier(database)
        if not cursor.rowcount:
            cursor.execute(sql.SQL("CREATE DATABASE {} OWNER owner").format(name))
        cursor.execute(sql.SQL("REVOKE TEMPORARY, CONNECT ON DATABASE {} FROM PUBLIC").format(name))
        cursor.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO app, sealer, relay, auditor, backup").format(name))
        if template:
            cursor.execute(sql.SQL("ALTER DATABASE {} IS_TEMPLATE true").format(name))
    with _Session(_at(superuser_url, database)) as cursor:
        cursor.execute(SENTINELS.read_text())


class _Session:
    """An autocommitting session of the superuser."""

    def __init__(self, url: str) -> None:
        self.connection = psycopg2.connect(url)
        self.connection.autocommit = True

    def __enter__(self) -> "psycopg2.extensions.cursor":
        return self.connection.cursor()

    def __exit__(self, *exc: object) -> None:
        self.connection.close()


def _at(url: str, database: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))
