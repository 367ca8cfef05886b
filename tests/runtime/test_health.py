"""`/healthz` before the database is migrated."""

import os
import signal
import sys
from pathlib import Path

from oversight.runtime import processes
from oversight.runtime.environment import environment_of
from oversight.runtime.instance import Instance
from oversight.runtime.place import Place
from tests.runtime.instances import ask_health, surroundings


def test_nobody_is_sent_to_an_empty_database(tmp_path: Path) -> None:
    caller, port, log = surroundings(tmp_path), processes.free_port(), tmp_path / "web.log"
    place = Place(tmp_path)
    assert place.take(purpose="a test")
    with Instance(place, caller=caller) as instance:
        command = [sys.executable, "-m", "gunicorn", "oversight.wsgi", "--bind", f"127.0.0.1:{port}"]
        environment = environment_of("web", instance.values, caller=os.environ)
        web = processes.start([*command, "--no-control-socket"], log=log, env=environment)
        try:
            assert processes.wait_until(lambda: _listens(port), seconds=30), processes.tail(log)
            status, health = ask_health(port)
            assert (status, health["status"], health["database"]) == (503, "starting", "migrating")
            assert (health["broker"], health["worker"], health["seal"]) == ("ok", "no answer", "unknown")
        finally:
            processes.end(web, signal.SIGTERM)


def _listens(port: int) -> bool:
    try:
        ask_health(port)
    except OSError:
        return False
    return True
