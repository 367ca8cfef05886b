"""Rights table by table: what nobody granted here, no role has."""

from typing import Any

from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model

from oversight.kernel.access.models import DemoWorld, Grant, SecurityEvent, Tries

from .audited import audited
from .guards import install, install_append_only
from .models import Block, Incarnation, Part, SealerRun
from .walls import unrecorded

READ = "SELECT"
WRITE = "SELECT, INSERT, UPDATE"
ALL = "SELECT, INSERT, UPDATE, DELETE"

# Tables of the kernel and of the libraries that are no records: role → right. Not named: nobody's but the owner's.
SYSTEM: dict[str, dict[str, str]] = {
    Block._meta.db_table: {"app": READ, "sealer": "SELECT, INSERT", "auditor": READ},
    Part._meta.db_table: {"sealer": "SELECT, INSERT", "auditor": READ},
    SealerRun._meta.db_table: {"app": READ, "sealer": WRITE, "auditor": READ},
    Incarnation._meta.db_table: {"app": READ, "sealer": READ, "auditor": READ, "keeper": READ},
    SecurityEvent._meta.db_table: {"app": "INSERT, SELECT (id)", "auditor": READ},
    Tries._meta.db_table: {"app": ALL, "auditor": READ},
    "mfa_authenticator": {"app": ALL, "keeper": "SELECT (user_id, type)", "auditor": "SELECT (id, user_id, type)"},
    "usersessions_usersession": {"app": ALL},
    DemoWorld._meta.db_table: {"app": READ, "loader": "SELECT, INSERT", "auditor": READ},
    "django_session": {"app": ALL},
    "account_emailaddress": {"app": ALL},
    "account_emailconfirmation": {"app": ALL},
    "django_migrations": {"app": READ, "auditor": READ},
    "django_content_type": {"app": READ, "auditor": READ, "keeper": READ},
    "auth_permission": {"app": READ, "auditor": READ},
    "auth_group": {"app": READ},
    "auth_group_permissions": {"app": READ},
    "access_user_groups": {"app": READ},
    "access_user_user_permissions": {"app": READ},
    "guardian_groupobjectpermission": {"app": READ},
    "guardian_userobjectpermission": {},  # access_grant stands in its place
}
DELETABLE: frozenset[type[Model]] = frozenset({Grant})


def rights() -> dict[str, dict[str, str]]:
    """Every table of the application → role → right."""
    granted = {table: dict(roles) for table, roles in SYSTEM.items()}
    for row in unrecorded():
        granted[row._meta.db_table] = dict(row.RIGHTS)
    for each in audited():
        # Nobody who only reads may read what the history leaves out: the hash of a password is as good as a key.
        readable = READ if not each.untracked else f"SELECT ({', '.join(each.columns)})"
        app = ALL if each.model in DELETABLE else "SELECT, INSERT" if each.append_only else WRITE
        granted[each.table] = {"app": app, "auditor": readable, "keeper": readable}
        granted[each.history] = {"app": READ, "auditor": READ, "keeper": "SELECT, INSERT"}
    return granted


def grant(connection: BaseDatabaseWrapper) -> None:
    """Give each role what `rights()` says and take back all else."""
    with connection.cursor() as cursor:
        present = set(connection.introspection.table_names(cursor))
        cursor.execute("SELECT rolname FROM pg_roles")
        roles = {name for (name,) in cursor.fetchall()}
        for table, granted in rights().items():
            if table in present:
                others = ", ".join(sorted(roles & {"app", "sealer", "relay", "auditor", "keeper", "loader"}))
                cursor.execute(f'REVOKE ALL ON "{table}" FROM PUBLIC, {others}')
                for role, right in granted.items():
                    if role in roles:
                        cursor.execute(f'GRANT {right} ON "{table}" TO {role}')
        for table in ("access_sponsor", *_keys_first()):
            if table in present:
                cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [f'"{table}"'])
                cursor.execute(f"GRANT USAGE ON SEQUENCE {cursor.fetchone()[0]} TO app")


def _keys_first() -> list[str]:
    """The tables whose keys the application may take before it writes the rows."""
    return [each.table for each in audited() if getattr(each.model, "KEYS_FIRST", False)]


def grant_after_migrate(*, using: str, **kwargs: Any) -> None:
    """After every migrate: guards, rights, and the seals' permanence."""
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        install(connections[using])
        install_append_only(cursor)
        grant(connections[using])
        cursor.execute("SELECT trail.begin_incarnation()")
