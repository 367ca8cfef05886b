"""Real instances for the tests of this folder, run as a person runs them."""

import fcntl
import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psutil

from oversight.runtime.environment import without_ours
from oversight.runtime.processes import ROOT, free_port, wait_until

GENEROUS = 150


def surroundings(data_dir: Path, **more: str) -> dict[str, str]:
    """The environment of somebody who knows nothing of the suite's own servers."""
    return without_ours(os.environ) | {"DATA_DIR": str(data_dir), "PYTHONDONTWRITEBYTECODE": "1"} | more


def run(*arguments: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a command of the runtime to its end."""
    command = [sys.executable, "-m", "oversight.runtime", *arguments]
    return subprocess.run(command, cwd=ROOT, env=env, text=True, capture_output=True, timeout=GENEROUS)


def ask_health(port: int, host: str = "127.0.0.1") -> tuple[int, dict[str, str]]:
    """Status and body of /healthz."""
    connection = http.client.HTTPConnection(host, port, timeout=10)
    connection.request("GET", "/healthz")
    answer = connection.getresponse()
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers
    return answer.status, json.loads(answer.read())


def opened_before(shared: Path, data_dir: Path) -> Path:
    """`data_dir`, as an instance that ran once and was ended has left its own: the first who asks makes it for all."""
    made = shared / "opened-before"
    with (shared / "opened-before.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            first = Up(shared / "first")
            assert first.send(signal.SIGINT) == 0, first.words
            first.data_dir.rename(made)
    shutil.copytree(made, data_dir)
    return data_dir


class Up:
    """One `up`, its printed words and all of its processes."""

    def __init__(self, data_dir: Path, **more: str) -> None:
        self.data_dir, self.port = data_dir, int(more.get("PORT") or free_port())
        self.words_file = data_dir.with_suffix(".words")
        with self.words_file.open("wb") as words:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "oversight.runtime", "up"],
                cwd=ROOT,
                env=surroundings(data_dir, **{"PORT": str(self.port)} | more),
                stdout=words,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        began = time.monotonic()
        wait_until(lambda: "Ctrl-C" in self.words or self.process.poll() is not None, seconds=GENEROUS)
        print(f"up took {time.monotonic() - began:.1f} s")
        assert self.process.poll() is None, self.words
        self.family = psutil.Process(self.process.pid).children(recursive=True)

    @property
    def words(self) -> str:
        """What it has printed so far."""
        return self.words_file.read_text()

    @property
    def announced(self) -> dict[str, Any]:
        """The contents of runtime.json."""
        values: dict[str, Any] = json.loads((self.data_dir / "runtime.json").read_text())
        return values

    def child(self, *words: str) -> psutil.Process:
        """The direct child whose command line has all of `words`."""
        children = psutil.Process(self.process.pid).children()
        found = [child for child in children if all(word in child.cmdline() for word in words)]
        assert len(found) == 1, (words, found)
        return found[0]

    def send(self, number: signal.Signals) -> int:
        """Send a signal to the supervisor alone and return its exit code."""
        self.family = psutil.Process(self.process.pid).children(recursive=True)
        self.process.send_signal(number)
        return self.process.wait(30)

    def survivors(self, *, seconds: float) -> list[psutil.Process]:
        """Those of its processes that still live after at most `seconds`."""
        _gone, alive = psutil.wait_procs(self.family, timeout=seconds)
        return [process for process in alive if process.is_running() and process.status() != psutil.STATUS_ZOMBIE]

    def end(self) -> None:
        """End it, whatever became of the test."""
        if self.process.poll() is None:
            self.send(signal.SIGTERM)
