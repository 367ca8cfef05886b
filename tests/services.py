"""The servers of the suite, started before pytest-django reads the settings: `addopts = -p tests.services`."""

import atexit
import os
import secrets
import tempfile
from contextlib import ExitStack
from pathlib import Path

import psycopg2
import pytest

from oversight.runtime.instance import prepare_roles
from oversight.runtime.place import SECRETS, write_private
from oversight.runtime.postgres import Postgres
from oversight.runtime.refusal import Refusal
from oversight.runtime.valkey import Valkey

TEMPLATE = "oversight_template"
STARTED = "OVERSIGHT_TEST_SERVERS"
_running = ExitStack()


def pytest_addoption() -> None:
    """Start what the environment does not name: the earliest hook, called once, when the plugin is registered."""
    atexit.register(_running.close)  # also when the arguments turn out to be wrong and no test runs
    home = Path(_running.enter_context(tempfile.TemporaryDirectory(prefix="oversight-test-")))
    home.chmod(0o711)  # where the server has to run as another user, it must reach its files
    if os.environ.get("PYTEST_XDIST_WORKER") and os.environ.pop(STARTED, ""):
        # The process that hands the tests out has servers of its own: those that run them share none.
        del os.environ["DATABASE_URL"], os.environ["REDIS_URL"]
    try:
        if os.environ.get("DATABASE_URL"):
            _refuse_silent_database(os.environ["DATABASE_URL"])
        else:
            _start_database(home)
        if not os.environ.get("REDIS_URL"):
            valkey = Valkey(password=secrets.token_urlsafe(), log=home / "valkey.log")
            os.environ["REDIS_URL"] = _running.enter_context(valkey).url
    except Refusal as refusal:
        _running.close()
        pytest.exit(str(refusal), returncode=1)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oversight.settings.test")


def _start_database(home: Path) -> None:
    """A cluster without durability, its roles, the template database, and every variable that names them."""
    passwords = {name: secrets.token_urlsafe() for name in SECRETS}
    server = _running.enter_context(Postgres(home / "postgres", password=passwords["postgres"], fast=True))
    os.environ |= prepare_roles(server, passwords, database=TEMPLATE, template=True)
    os.environ["SUPERUSER_URL"], os.environ[STARTED] = server.superuser_url, "yes"
    write_private(home / "seal.key", secrets.token_hex(32))
    os.environ["SEAL_KEY_FILE"] = str(home / "seal.key")
    os.environ["SEAL_LOG"] = str(home / "seals.log")
    os.environ["DATA_DIR"] = str(home)
    os.environ.setdefault("SECRET_KEY", passwords["secret_key"])


def _refuse_silent_database(url: str) -> None:
    try:
        psycopg2.connect(url, connect_timeout=5).close()
    except psycopg2.OperationalError as error:
        reason = str(error).strip().splitlines()[0]
        # The suite makes its own database, so one that does not exist yet is an answer too.
        if "does not exist" not in reason:
            raise Refusal(f"DATABASE_URL is set, but no database answers there ({reason}).") from None
