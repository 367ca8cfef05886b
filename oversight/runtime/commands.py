"""`manage` and `bench`: one command, against the running instance or servers of its own."""

import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from oversight.runtime import address, interruption, processes
from oversight.runtime.environment import environment_of, from_announcement, whole_environment
from oversight.runtime.instance import Instance
from oversight.runtime.place import Place
from oversight.runtime.refusal import Refusal

PATIENCE = 120


def manage(arguments: Sequence[str], caller: Mapping[str, str]) -> int:
    """Run a management command where the data is: in the running instance, in a given database, or on its own."""
    place, deadline = Place.of(caller), time.monotonic() + PATIENCE
    command = [sys.executable, "manage.py", *arguments]
    while not place.take(purpose=f"manage {' '.join(arguments)}"):
        if (announced := place.announced()) and address.has_started(address.port_in(announced["url"])):
            processes.become(command, whole_environment(from_announcement(announced), caller=caller))
        if time.monotonic() > deadline:
            holder = place.holder()
            raise Refusal(f"{place.path} is still in use by `{holder['purpose']}` (process {holder['pid']}).")
        time.sleep(0.05)
    if caller.get("DATABASE_URL"):
        place.leave()
        processes.become(command, caller)
    return _run_with_servers(place, command, caller)


def bench(arguments: Sequence[str], caller: Mapping[str, str]) -> int:
    """Run the benchmarks on a new database, which is gone afterwards."""
    plain = {name: value for name, value in caller.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
    with tempfile.TemporaryDirectory(prefix="oversight-bench-") as directory:
        place = Place(Path(directory))
        place.path.chmod(0o711)  # where the server has to run as another user, it must reach its files
        place.take(purpose="bench")
        return _run_with_servers(place, [sys.executable, "-m", "bench", *arguments], plain, migrated=True)


def _run_with_servers(place: Place, command: list[str], caller: Mapping[str, str], *, migrated: bool = False) -> int:
    """Run `command` beside embedded servers that live only as long."""
    interruption.heed()
    try:
        with Instance(place, caller=caller) as instance:
            try:
                if migrated:
                    _migrate(instance)
                return _attend(command, whole_environment(instance.values, caller=caller))
            finally:
                interruption.ignore()
    except interruption.Interrupted as asked:
        return asked.exit_code
    finally:
        place.leave()


def _migrate(instance: Instance) -> None:
    environment = environment_of("migrate", instance.values, caller=instance.caller)
    log = instance.place.logs / "migrate.log"
    command = [sys.executable, "manage.py", "migrate", "--noinput"]
    process = processes.start(command, log=log, env=environment)
    try:
        code = process.wait()
    finally:
        processes.end(process)
    if code:
        raise Refusal(f"`migrate` failed:\n{processes.tail(log)}")


def _attend(command: list[str], environment: Mapping[str, str]) -> int:
    """Run `command` at the person's terminal and return its exit code."""
    process = subprocess.Popen(
        command, cwd=processes.ROOT, env=environment, preexec_fn=processes.ending_with_parent(signal.SIGTERM)
    )
    # Ctrl-C reaches the command itself, which decides what it means: a shell goes on.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        code = process.wait()
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait()
    return code if code >= 0 else 128 - code
