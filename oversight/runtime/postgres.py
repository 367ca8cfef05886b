"""An embedded PostgreSQL: a cluster in a directory, on a free loopback port, ended with its parent."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote

import psycopg2

from oversight.runtime import processes
from oversight.runtime.binaries import postgres_directory
from oversight.runtime.environment import without_ours
from oversight.runtime.refusal import Refusal

UNSHARE = ("unshare", "--user", "--map-user=65534", "--map-group=65534")
SETTINGS = ("listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=100", "timezone=UTC")
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class Postgres:
    """One cluster in `home`; `password` is the superuser's; `fast` gives up durability, for tests."""

    def __init__(self, home: Path, *, password: str, fast: bool = False, log: Path | None = None) -> None:
        self.home, self.password, self.fast = home, password, fast
        self.data, self.log = home / "data", log or home / "log"
        self.bin = postgres_directory()
        self.port = 0
        self._wrap: tuple[str, ...] = ()
        self._user: dict[str, Any] = {}
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> Self:
        """Make the cluster if there is none yet, start it, and return when it answers."""
        self.home.mkdir(parents=True, exist_ok=True)
        self._wrap, self._user = _identity(self.home)
        if not self.data.exists():
            self._initialise()
        self._wait_for_predecessor()
        self.port = processes.free_port()
        settings = [*SETTINGS, f"port={self.port}", *(FAST if self.fast else ())]
        self.process = processes.start(
            [*self._wrap, self.bin / "postgres", "-D", self.data, *(f"--{value}" for value in settings)],
            log=self.log,
            env=without_ours(os.environ),
            orphaned=signal.SIGINT,  # PostgreSQL's fast shutdown
            **self._user,
        )
        try:
            self._wait_until_ready()
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self) -> None:
        """Shut the cluster down at once, transactions in flight rolled back."""
        if self.process is not None:
            processes.end(self.process, signal.SIGINT, seconds=20)

    def is_running(self) -> bool:
        """Whether the server was started and has not ended."""
        return self.process is not None and self.process.poll() is None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def superuser_url(self) -> str:
        """The superuser's address of the maintenance database."""
        return self.url("postgres", self.password, "postgres")

    def url(self, role: str, password: str, database: str) -> str:
        """The address of `database` for `role`."""
        return f"postgres://{role}:{quote(password, safe='')}@127.0.0.1:{self.port}/{database}"

    def _initialise(self) -> None:
        # Made under another name and renamed when it is whole: nobody mistakes an interrupted one for a cluster.
        making = self.home / "making"
        shutil.rmtree(making, ignore_errors=True)
        with tempfile.NamedTemporaryFile("w", prefix="oversight-") as secret:
            secret.write(self.password)
            secret.flush()
            if self._user:
                os.chown(secret.name, self._user["user"], self._user["group"])
            program: list[str | Path] = [*self._wrap, self.bin / "initdb", "-D", making, "-U", "postgres"]
            secured = ["-A", "scram-sha-256", f"--pwfile={secret.name}"]
            written = ["-E", "UTF8", "--locale-provider=builtin", "--locale=C.UTF-8"]
            process = processes.start(
                [*program, *secured, *written, *(("--no-sync",) if self.fast else ())],
                log=self.log,
                env=without_ours(os.environ),
                cwd=self.home,
                **self._user,
            )
            try:
                code = process.wait()
            finally:
                processes.end(process)  # on Ctrl-C the programs that initdb has started go with it
        if code:
            raise Refusal(f"PostgreSQL could not make its files in {self.home}:\n{processes.tail(self.log)}")
        making.rename(self.data)

    def _wait_for_predecessor(self) -> None:
        """Let a server whose supervisor was killed finish, and forget a lock file whose process is another by now."""
        lock = self.data / "postmaster.pid"
        if not lock.exists():
            return
        pid = lock.read_text().split()[0]
        if not processes.wait_until(lambda: not _serves(pid, self.data), seconds=20):
            raise Refusal(f"Another PostgreSQL (process {pid}) still runs on {self.data}.")
        lock.unlink(missing_ok=True)

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + 60
        while True:
            try:
                psycopg2.connect(self.superuser_url, connect_timeout=5).close()
                return
            except psycopg2.OperationalError as error:
                if "password authentication failed" in str(error):
                    raise Refusal(f"PostgreSQL in {self.data} has another password than the one kept.") from error
            if not self.is_running() or time.monotonic() > deadline:
                raise Refusal(f"PostgreSQL did not start:\n{processes.tail(self.log)}")
            time.sleep(0.02)


def _serves(pid: str, data: Path) -> bool:
    """Whether process `pid` is a PostgreSQL on `data`: after a crash the number may belong to anybody."""
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return command[0].endswith(b"postgres") and str(data).encode() in command


def _identity(home: Path) -> tuple[tuple[str, ...], dict[str, Any]]:
    """How to run a server that refuses to be root: a prefix for its command, or another user for its process."""
    if os.geteuid() != 0:
        return (), {}
    # In a user namespace it sees another uid while its files stay ours: no account made, no owner changed.
    if shutil.which("unshare") and subprocess.run([*UNSHARE, "true"], capture_output=True).returncode == 0:
        return UNSHARE, {}
    nobody = pwd.getpwnam("nobody")
    os.chown(home, nobody.pw_uid, nobody.pw_gid)
    return (), {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
