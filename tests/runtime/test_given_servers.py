"""Servers of somebody's own: nothing is loaded into them, and half an environment is refused."""

import secrets
import signal
import time
from pathlib import Path

import psutil

from oversight.runtime.instance import prepare_roles
from oversight.runtime.place import ROLES
from oversight.runtime.postgres import Postgres
from oversight.runtime.processes import free_port
from tests.runtime.instances import Up, ask_health, run, surroundings


def test_half_an_environment_is_refused(tmp_path: Path) -> None:
    database = {"DATABASE_URL": "postgres://app:x@127.0.0.1:1/oversight", "PORT": str(free_port())}
    half = run("up", env=surroundings(tmp_path, **database, OWNER_URL="postgres://owner:x@127.0.0.1:1/oversight"))
    assert half.returncode == 1
    missing = "SEALER_URL and RELAY_URL must be set too"
    assert half.stderr == f"DATABASE_URL is set, so {missing}: one database role per duty.\n"
    none = run("up", env=surroundings(tmp_path, **database, OVERSIGHT_DEMO="1"))
    assert "so OWNER_URL, SEALER_URL, RELAY_URL and LOADER_URL must be set too" in none.stderr


def test_it_serves_without_a_broker_and_loads_no_demo_world(tmp_path: Path) -> None:
    passwords = {role: secrets.token_urlsafe() for role in ROLES}
    with Postgres(tmp_path / "postgres", password=secrets.token_urlsafe(), fast=True) as server:
        given = prepare_roles(server, passwords)
        up = Up(tmp_path / "data", **given, REDIS_URL=f"redis://127.0.0.1:{free_port()}/0")
        try:
            ask_health(up.port)  # the first who asks waits for the plan of migrations
            began = time.monotonic()
            status, health = ask_health(up.port)
            assert time.monotonic() - began < 2
            assert (status, health["status"], health["database"]) == (200, "ok", "ok")
            assert (health["broker"], health["worker"], health["relay"]) == ("unreachable", "no answer", "no answer")
            assert len(psutil.Process(up.process.pid).children()) == 4, "web, worker, relay and beat; no server"
            assert "OVERSIGHT_DEMO" not in up.child("gunicorn").environ()
            assert "Sponsor" not in up.words
            assert "superuser_url" not in up.announced
            assert up.announced["owner_url"] == given["OWNER_URL"]

            server.stop()
            status, health = ask_health(up.port)
            assert (status, health["status"], health["database"]) == (503, "unavailable", "unreachable")
            assert up.send(signal.SIGTERM) == 0
            assert up.survivors(seconds=0) == []
        finally:
            up.end()
