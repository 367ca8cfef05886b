"""An embedded Valkey: cache and doorbell; it keeps nothing, because the database holds the truth."""

import os
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import Self

from oversight.runtime import processes
from oversight.runtime.binaries import valkey_server
from oversight.runtime.environment import without_ours
from oversight.runtime.refusal import Refusal


class Valkey:
    """One server on a free loopback port, ended with its parent."""

    def __init__(self, *, password: str, log: Path) -> None:
        self.password, self.log = password, log
        self.port = 0
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> Self:
        """Start the server and return when it answers."""
        self.port = processes.free_port()
        self.log.parent.mkdir(parents=True, exist_ok=True)
        # Configured through its standard input: a password in the arguments would stand in the process list.
        lines = ("bind 127.0.0.1", f"port {self.port}", f"requirepass {self.password}", 'save ""', "appendonly no")
        reading, writing = os.pipe()
        os.write(writing, "\n".join(lines).encode())
        os.close(writing)
        command: list[str | Path] = [valkey_server(), "-"]
        self.process = processes.start(command, log=self.log, env=without_ours(os.environ), stdin=reading)
        os.close(reading)
        try:
            self._wait_until_ready()
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self) -> None:
        """End the server."""
        if self.process is not None:
            processes.end(self.process, signal.SIGTERM)

    def is_running(self) -> bool:
        """Whether the server was started and has not ended."""
        return self.process is not None and self.process.poll() is None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """The address of the server, password included."""
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + 20
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                if not self.is_running() or time.monotonic() > deadline:
                    raise Refusal(f"Valkey did not start:\n{processes.tail(self.log)}") from None
            time.sleep(0.02)
