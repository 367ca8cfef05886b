"""Child processes that end with their parent, whatever happens to it."""

import contextlib
import ctypes
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

ROOT = Path(__file__).resolve().parents[2]
_began: dict[Path, int] = {}  # where in each log the words of its latest process begin
PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


def free_port() -> int:
    """A port of the loopback address on which nobody listens now.

    Below those that the system gives to whoever calls out: what listens here later finds it free still.
    """
    while True:
        port = 20_000 + secrets.randbelow(12_000)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def ending_with_parent(number: signal.Signals) -> Callable[[], None]:
    """What a child does before its program starts, so that the kernel sends it `number` when the caller dies."""
    parent = os.getpid()

    def arrange() -> None:
        if _LIBC is not None:
            _LIBC.prctl(PR_SET_PDEATHSIG, int(number))
            if os.getppid() != parent:  # the parent died between the fork and the call above
                os._exit(1)

    return arrange


def start(
    command: Sequence[str | Path],
    *,
    log: Path,
    env: Mapping[str, str],
    orphaned: signal.Signals = signal.SIGTERM,
    **options: Any,
) -> subprocess.Popen[bytes]:
    """Start `command` apart from the terminal, writing to `log`; `orphaned` is the signal it gets when we die."""
    with open_log(log) as output:
        return subprocess.Popen(
            command,
            cwd=options.pop("cwd", ROOT),
            env=env,
            stdin=options.pop("stdin", subprocess.DEVNULL),
            stdout=output,
            stderr=output,
            process_group=0,  # Ctrl-C in the terminal reaches only the supervisor, which ends the rest in order
            preexec_fn=ending_with_parent(orphaned),
            umask=0o077,  # what it writes is nobody else's
            **options,
        )


def open_log(log: Path) -> BinaryIO:
    """`log`, for its owner alone, ready for the words of one more process."""
    handle = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.fchmod(handle, 0o600)
    _began[log] = os.fstat(handle).st_size
    return os.fdopen(handle, "ab")


def end(process: subprocess.Popen[bytes], number: signal.Signals = signal.SIGTERM, *, seconds: float = 10) -> None:
    """Ask `process` to end by `number`, and see to it that it does."""
    if process.poll() is None:
        process.send_signal(number)
    finish(process, seconds=seconds)


def finish(process: subprocess.Popen[bytes], *, seconds: float) -> None:
    """Wait for `process`, which was asked to end; kill its whole group if it stays or leaves somebody behind."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(seconds)
    with contextlib.suppress(ProcessLookupError, PermissionError):  # an empty group, as it should be
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        wait_until(lambda: not _has_members(process.pid), seconds=5)
    process.wait()


def _has_members(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def become(command: list[str], env: Mapping[str, str]) -> NoReturn:
    """Go on as `command`, in the directory of the code."""
    os.chdir(ROOT)
    os.execve(command[0], command, dict(env))  # noqa: S606 - no shell is wanted


def tail(log: Path, lines: int = 15) -> str:
    """The last lines that the latest process of `log` wrote, for a message about its failure."""
    try:
        said = log.read_bytes()[_began.get(log, 0) :]
    except FileNotFoundError:
        return ""
    return "\n".join(said.decode(errors="replace").splitlines()[-lines:])


def wait_until(condition: Callable[[], bool], *, seconds: float, every: float = 0.02) -> bool:
    """Whether `condition` came true within `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(every)
    return True
