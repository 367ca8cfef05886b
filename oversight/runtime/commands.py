"""`manage` and `bench`: one command, against the running instance or servers of its own."""

import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence

from oversight.runtime import address, interruption, processes
from oversight.runtime.environment import from_announcement, whole_environment
from oversight.runtime.instance import Instance
from oversight.runtime.place import Place
from oversight.runtime.refusal import Refusal

PATIENCE = 120
# Commands that need neither servers nor data, and answer before Django would have started.
PURE = {"schedule": "techtransfer.schedule"}


def manage(arguments: Sequence[str], caller: Mapping[str, str]) -> int:
    """Run a management command where the data is: in the running instance, in a given database, or on its own."""
    if arguments and (module := PURE.get(arguments[0])):
        processes.become([sys.executable, "-m", module, *arguments[1:]], caller)
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
    """Run the benchmarks beside servers of their own, whose data outlive the run; two at once would time each other."""
    plain = {name: value for name, value in caller.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
    place = Place(Place.of(caller).path / "bench")
    if not place.take(purpose="bench"):
        raise Refusal(f"Another bench is at work in {place.path} (process {place.holder()['pid']}); wait for its end.")
    place.path.chmod(0o711)  # where the server has to run as another user, it must reach its files
    (place.path / "seals.log").unlink(missing_ok=True)  # what it tells of is in no database that is kept
    return _run_with_servers(place, [sys.executable, "-m", "bench", *arguments], plain)


def _run_with_servers(place: Place, command: list[str], caller: Mapping[str, str]) -> int:
    """Run `command` beside embedded servers that live only as long."""
    interruption.heed()
    try:
        with Instance(place, caller=caller) as instance:
            try:
                return _attend(command, whole_environment(instance.values, caller=caller))
            finally:
                interruption.ignore()
    except interruption.Interrupted as asked:
        return asked.exit_code
    finally:
        place.leave()


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
