"""While an instance starts: who may rely on what, and what is left when it is stopped midway."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from oversight.runtime import processes
from oversight.runtime.address import has_started, health, is_healthy
from oversight.runtime.processes import ROOT, free_port, wait_until
from tests.runtime.instances import GENEROUS, run, surroundings


@pytest.fixture
def starting(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], Path, int]]:
    """An `up` on a new data directory, just begun."""
    data, port = tmp_path / "data", free_port()
    command = [sys.executable, "-m", "oversight.runtime", "up"]
    with (tmp_path / "words").open("wb") as words:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=surroundings(data, PORT=str(port)),
            stdout=words,
            stderr=words,
            start_new_session=True,
        )
    yield process, data, port
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    process.wait(30)


def test_the_file_is_there_before_anybody_is_told_ready_and_manage_waits(
    starting: tuple[subprocess.Popen[bytes], Path, int],
) -> None:
    _process, data, port = starting
    assert wait_until((data / "runtime.json").exists, seconds=GENEROUS)
    assert (health(port), has_started(port), is_healthy(port)) == ("", False, False)
    early = run("manage", "demo_logins", env=surroundings(data))  # refuses while there is no demo world
    assert (early.returncode, early.stderr) == (0, "")
    assert len(json.loads(early.stdout)) > 1
    assert is_healthy(port)


def test_ctrl_c_while_the_cluster_is_made_leaves_nobody(tmp_path: Path) -> None:
    """An initdb whose own child would go on for a minute."""
    programs, begun, data = tmp_path / "bin", tmp_path / "begun", tmp_path / "data"
    programs.mkdir()
    (programs / "initdb").write_text(f"#!/bin/sh\nsleep 60 &\necho $! > {begun}\nwait\n")
    (programs / "initdb").chmod(0o755)
    environment = surroundings(data, PORT=str(free_port()), PG_BIN=str(programs))
    command = [sys.executable, "-m", "oversight.runtime", "up"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)
    assert wait_until(lambda: begun.exists() and begun.read_text().endswith("\n"), seconds=GENEROUS)
    making = psutil.Process(process.pid).children(recursive=True)
    assert int(begun.read_text()) in {child.pid for child in making}
    process.send_signal(signal.SIGINT)
    assert process.wait(30) == 0
    assert [child for child in making if child.is_running() and child.status() != psutil.STATUS_ZOMBIE] == []
    assert not (data / "postgres" / "data").exists()


def test_a_group_that_outlives_its_leader_is_gone_when_it_is_finished(tmp_path: Path) -> None:
    script = "import subprocess, sys; print(subprocess.Popen(['sleep', '60']).pid, flush=True)"
    process = processes.start([sys.executable, "-c", script], log=tmp_path / "log", env={"PATH": "/usr/bin:/bin"})
    assert wait_until(lambda: (tmp_path / "log").read_text().endswith("\n"), seconds=30)
    orphan = psutil.Process(int((tmp_path / "log").read_text()))
    processes.finish(process, seconds=30)
    assert not orphan.is_running() or orphan.status() == psutil.STATUS_ZOMBIE


def test_the_last_words_are_those_of_this_run(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("words of last week\n")
    log.chmod(0o644)
    for said in ("first", "second"):
        processes.finish(processes.start(["/bin/echo", said], log=log, env={}), seconds=30)
        assert processes.tail(log) == said
    processes.finish(processes.start(["/bin/false"], log=log, env={}), seconds=30)
    assert processes.tail(log) == ""
    assert log.read_text() == "words of last week\nfirst\nsecond\n"
    assert log.stat().st_mode & 0o777 == 0o600
