"""`up`: the whole system on one machine, started in order, watched, and ended together."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from oversight.runtime import address, interruption, processes
from oversight.runtime.environment import announcement, environment_of
from oversight.runtime.instance import Instance
from oversight.runtime.place import Place
from oversight.runtime.refusal import Refusal

HEALTH_SECONDS = 120
ENDING_SECONDS = 8


class Supervisor:
    """Runs our processes beside the servers of `instance` until it is asked to end or one of them does."""

    def __init__(self, place: Place, instance: Instance, *, port: int) -> None:
        self.place, self.instance, self.port = place, instance, port
        self.url = f"http://localhost:{port}"
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        self.began = time.monotonic()

    def run(self) -> None:
        """Start everything, show how to sign in, and watch until somebody asks for the end."""
        with self.instance:
            try:
                self._start_all()
                self._welcome()
                while True:
                    self._refuse_if_fallen()
                    time.sleep(0.2)
            finally:
                interruption.ignore()
                self._end_children()

    def _start_all(self) -> None:
        self._say("servers started")
        # Before anybody can be told "ready": whoever reads /healthz may rely on the file.
        self.place.announce(announcement(self.instance.values, url=self.url, pid=os.getpid()))
        # The web first, so that /healthz can say what is still missing. SIGQUIT is gunicorn's quick end.
        self._start("web", _web(self.port), orphaned=signal.SIGQUIT)
        self._finish("migrate", "--noinput")
        self._say("database migrated")
        if self.instance.is_demo:
            self._finish("load_demo")
            self._say("demo world loaded")
        # An orphaned worker would wait for a broker that is gone, so nothing gentler ends it; its pool ends with it.
        # A task cut short is delivered again, and the database knows how far it came.
        self._start("worker", _celery("worker", "-c", "2", "--without-gossip", "--without-mingle"), signal.SIGKILL)
        self._start("relay", [sys.executable, "manage.py", "relay"])
        self._start("beat", _celery("beat", "--schedule", str(self.place.path / "beat-schedule"), "--pidfile="))
        self._wait_until_healthy()
        self._say("ready")

    def _start(self, name: str, command: list[str], orphaned: signal.Signals = signal.SIGTERM) -> None:
        environment = environment_of(name, self.instance.values, caller=self.instance.caller)
        environment.setdefault("PUBLIC_URL", self.url)
        self.children[name] = processes.start(command, log=self._log(name), env=environment, orphaned=orphaned)

    def _finish(self, command: str, *arguments: str) -> None:
        """Run a management command to its end, while watching the others."""
        self._start(command, [sys.executable, "manage.py", command, *arguments])
        while self.children[command].poll() is None:
            self._refuse_if_fallen(besides=command)
            time.sleep(0.02)
        if self.children.pop(command).returncode:
            raise Refusal(f"`{command}` failed:\n{processes.tail(self._log(command))}")

    def _wait_until_healthy(self) -> None:
        deadline = time.monotonic() + HEALTH_SECONDS
        while not address.is_healthy(self.port):
            self._refuse_if_fallen()
            if time.monotonic() > deadline:
                raise Refusal(f"/healthz did not answer 200 in {HEALTH_SECONDS} s:\n{processes.tail(self._log('web'))}")
            time.sleep(0.05)

    def _welcome(self) -> None:
        print(f"\nOversight is running at {self.url}\n")
        if self.instance.is_demo:
            print(f"{self._sign_ins()}\n")
        print("Ctrl-C ends everything", flush=True)

    def _sign_ins(self) -> str:
        environment = environment_of("demo_logins", self.instance.values, caller=self.instance.caller)
        with processes.open_log(self._log("demo_logins")) as log:
            done = subprocess.run(
                [sys.executable, "manage.py", "demo_logins"],
                cwd=processes.ROOT,
                env=environment,
                stdout=subprocess.PIPE,
                stderr=log,
                preexec_fn=processes.ending_with_parent(signal.SIGTERM),
            )
        if done.returncode:
            raise Refusal(f"`demo_logins` failed:\n{processes.tail(self._log('demo_logins'))}")
        return table(json.loads(done.stdout), columns=("sponsor", "role", "cdmo", "email", "password"))

    def _refuse_if_fallen(self, *, besides: str = "") -> None:
        fallen = [name for name, child in self.children.items() if name != besides and child.poll() is not None]
        for name in [*fallen, *self.instance.fallen()]:
            raise Refusal(f"{name} ended by itself; its last words:\n{processes.tail(self._log(name))}")

    def _end_children(self) -> None:
        # Asked all at once, then waited for one by one: together they take as long as the slowest.
        for child in self.children.values():
            if child.poll() is None:
                child.terminate()
        deadline = time.monotonic() + ENDING_SECONDS
        for child in self.children.values():
            processes.finish(child, seconds=max(0.1, deadline - time.monotonic()))

    def _say(self, message: str) -> None:
        print(f"{time.monotonic() - self.began:6.1f} s  {message}", flush=True)

    def _log(self, name: str) -> Path:
        return self.place.logs / f"{name}.log"


def up(caller: Mapping[str, str]) -> int:
    """Bring everything up, and return the exit code when it has ended."""
    port, place = address.port_of(caller), Place.of(caller)
    _take(place, port)
    interruption.heed()
    try:
        instance = Instance(place, caller=caller)
        address.refuse_taken(port)
        Supervisor(place, instance, port=port).run()
    except interruption.Interrupted:
        print("\nEverything has ended.", flush=True)
    finally:
        place.leave()
    return 0


def table(rows: list[dict[str, str | None]], *, columns: tuple[str, ...]) -> str:
    """`rows` as aligned text under the names of `columns`."""
    lines = [tuple("CDMO" if name == "cdmo" else name.capitalize() for name in columns)]
    lines += [tuple(str(row.get(name) or "") for name in columns) for row in rows]
    widths = [max(map(len, cells)) for cells in zip(*lines, strict=True)]
    padded = [[cell.ljust(width) for cell, width in zip(line, widths, strict=True)] for line in lines]
    return "\n".join("  ".join(line).rstrip() for line in padded)


def _take(place: Place, port: int) -> None:
    purpose = {"purpose": "up", "url": f"http://localhost:{port}"}
    if processes.wait_until(lambda: place.take(**purpose), seconds=1):
        return
    holder = place.holder()
    where = f"at {holder['url']}" if holder["url"] else f"for `{holder['purpose']}`"
    raise Refusal(f"Oversight already runs {where} (process {holder['pid']}) on {place.path}.")


def _web(port: int) -> list[str]:
    options = ["--worker-class", "gthread", "--workers", "2", "--threads", "4", "--graceful-timeout", "5"]
    # The control socket would lie in the home directory, shared by every instance of the machine.
    options += ["--no-control-socket", "--bind", f"127.0.0.1:{port}", "--access-logfile", "-"]
    # No path: calendars and letters have secrets in theirs.
    options += ["--access-logformat", "%(h)s %(t)s %(m)s %(s)s %(b)s %(L)s"]
    return [sys.executable, "-m", "gunicorn", "oversight.wsgi", *options]


def _celery(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "celery", "-A", "oversight.celery", *arguments, "--loglevel", "INFO"]
