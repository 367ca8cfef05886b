"""`manage` with nothing running, and manage.py by itself."""

import json
import subprocess
import sys
from pathlib import Path

import psutil

from oversight.runtime.processes import ROOT, free_port, wait_until
from tests.runtime.instances import GENEROUS, run, surroundings

SHOW = "from django.db import connection; print(connection.settings_dict['PORT'], connection.settings_dict['NAME'])"


def test_it_brings_servers_of_its_own_and_takes_them_away(tmp_path: Path) -> None:
    code = "import os, json; print(json.dumps(dict(os.environ)))"
    done = run("manage", "shell", "--no-imports", "-c", code, env=surroundings(tmp_path))
    assert (done.returncode, done.stderr) == (0, "")
    held = json.loads(done.stdout)
    assert held["DATABASE_URL"].startswith("postgres://app:")
    assert held["DATABASE_URL"].endswith("/oversight")
    assert not (tmp_path / "runtime.json").exists()
    assert not (tmp_path / "postgres" / "data" / "postmaster.pid").exists()


def test_two_at_once_take_turns(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "oversight.runtime", "manage", "shell", "-c", "raise SystemExit(5)"]
    both = [subprocess.Popen(command, cwd=ROOT, env=surroundings(tmp_path)) for _ in range(2)]
    assert [process.wait(GENEROUS) for process in both] == [5, 5]


def test_killed_it_takes_its_servers_along(tmp_path: Path) -> None:
    code = "import pathlib, time; pathlib.Path('{}').touch(); time.sleep(60)".format(tmp_path / "begun")
    command = [sys.executable, "-m", "oversight.runtime", "manage", "shell", "--no-imports", "-c", code]
    process = subprocess.Popen(command, cwd=ROOT, env=surroundings(tmp_path))
    assert wait_until((tmp_path / "begun").exists, seconds=GENEROUS)
    family = psutil.Process(process.pid).children(recursive=True)
    assert len(family) > 2, "the command, Valkey, PostgreSQL and its helpers"
    process.kill()
    process.wait()
    assert psutil.wait_procs(family, timeout=5)[1] == []


def test_a_given_database_is_taken_as_it_is(tmp_path: Path) -> None:
    given = surroundings(tmp_path, DATABASE_URL="postgres://app:x@127.0.0.1:4321/elsewhere", SECRET_KEY="given")
    done = run("manage", "shell", "--no-imports", "-c", SHOW, env=given)
    assert done.stdout.split() == ["4321", "elsewhere"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["lock", "logs"]


def test_without_a_database_manage_py_says_what_to_start(tmp_path: Path) -> None:
    port = free_port()
    given = surroundings(tmp_path, DATABASE_URL=f"postgres://app:x@127.0.0.1:{port}/oversight", SECRET_KEY="given")
    code = "from django.db import connection; connection.ensure_connection()"
    neither = {name: value for name, value in given.items() if name != "DATABASE_URL"}
    for environment, said, advice in (
        (
            given,
            "The database that DATABASE_URL names does not answer (",
            "Start that server; or unset DATABASE_URL and",
        ),
        (neither, "No database answers (", "Start everything with `python3 dev.py up`, or"),
    ):
        done = subprocess.run(
            [sys.executable, "manage.py", "shell", "--no-imports", "-c", code],
            cwd=ROOT,
            env=environment,
            text=True,
            capture_output=True,
        )
        assert done.returncode == 1
        first, second = done.stderr.splitlines()
        assert first.startswith(said)
        assert second.startswith(advice + " run `python3 dev.py manage shell --no-imports -c ")
        assert second.endswith("`, which brings its own servers.")


def test_a_data_directory_that_cannot_be_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = run("manage", "check", env=surroundings(tmp_path / "file" / "data"))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"The data directory {tmp_path / 'file' / 'data'} cannot be used: Not a directory.\n"
