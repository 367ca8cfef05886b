"""One database role per duty: a process is one of them at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

OPTIONS = {"connect_timeout": 5}
MIGRATING = {"options": "-c app.migrating=on"}


def credentials(role: str) -> dict[str, Any]:
    """How `role` signs in; raises ImproperlyConfigured when this process was not given its address."""
    url = urlsplit(settings.ROLE_URLS.get(role, ""))
    if not url.username:
        raise ImproperlyConfigured(f"This needs the database role {role}: set {role.upper()}_URL.")
    return {
        "HOST": url.hostname or "",
        "PORT": str(url.port or ""),
        "USER": unquote(url.username),
        "PASSWORD": unquote(url.password or ""),
        "OPTIONS": OPTIONS | (MIGRATING if role == "owner" else {}),
    }


def become(identity: dict[str, Any], alias: str = DEFAULT_DB_ALIAS) -> dict[str, Any]:
    """Let the connection sign in as `identity`; answer the identity it had."""
    connection = connections[alias]
    before = {key: connection.settings_dict[key] for key in identity}
    connection.close()
    connection.settings_dict.update(identity)
    return before


@contextmanager
def acting_as(role: str, alias: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """Within, the process is `role` of the database."""
    before = become(credentials(role), alias)
    try:
        yield
    finally:
        become(before, alias)


@contextmanager
def connection_as(role: str, alias: str = DEFAULT_DB_ALIAS) -> Iterator[BaseDatabaseWrapper]:
    """A second connection beside the process's own, for one errand of `role`."""
    connection = connections[alias].copy()
    connection.settings_dict.update(credentials(role))
    try:
        yield connection
    finally:
        connection.close()
