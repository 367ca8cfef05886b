#!/usr/bin/env python3
"""The one command of a checkout: makes `.venv` from the hash-pinned lock, standard library alone, and hands over."""

import hashlib
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

if sys.version_info < (3, 11):  # noqa: UP036 - this file alone is read by whatever Python there is
    sys.exit("Oversight needs Python 3.11 or newer; this is Python {}.{}.".format(*sys.version_info))
if sys.platform == "win32":
    sys.exit("Oversight runs on Linux and macOS; on Windows run it inside WSL.")

import fcntl  # after the sentences above: Windows has no fcntl

ROOT = Path(__file__).resolve().parent
USAGE = """\
python3 dev.py up                 the whole system on this machine, with a demo world
python3 dev.py test [arguments]   the whole suite; arguments go to pytest, and --full kills ten times as often
python3 dev.py bench [names]      the benchmarks, or those of these names alone; --quick: a first look
python3 dev.py manage <command>   a management command, against the running instance or servers of its own
"""
LOCK, DEV_LOCK = ROOT / "requirements.lock", ROOT / "requirements-dev.lock"


def stamp_of(lock: Path) -> str:
    """What a finished environment says about itself: the packages and the Python that it was made with."""
    # The development lock is a superset of the other, so a stamp for it vouches for both.
    locks = {LOCK, lock}
    return hashlib.sha256(b"".join(path.read_bytes() for path in sorted(locks)) + sys.version.encode()).hexdigest()


def is_ready(venv: Path, lock: Path) -> bool:
    """Whether `venv` was finished from `lock`, or from the development lock, which holds more."""
    stamp = venv / "oversight.stamp"
    if not stamp.exists() or (venv / "unfinished").exists():
        return False
    return stamp.read_text() in {stamp_of(lock), stamp_of(DEV_LOCK)}


def run(command: list[str | Path], failure: str) -> None:
    """Run `command` without a word unless it fails."""
    done = subprocess.run(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode:
        sys.exit(f"{done.stdout}\n{failure}")


def make_venv(venv: Path, lock: Path) -> None:
    """Make, renew or repair `venv` so that it holds what `lock` names, and stamp it."""
    if not all(importlib.util.find_spec(module) for module in ("venv", "ensurepip")):
        sys.exit("Python's venv module is missing. On Debian or Ubuntu: apt-get install python3-venv. Then try again.")
    python, unfinished = venv / "bin" / "python", venv / "unfinished"
    print("Installing the locked packages (about half a minute, once) …", file=sys.stderr, flush=True)
    if unfinished.exists() or not is_usable(python):
        base = getattr(sys, "_base_executable", sys.executable)
        run([base, "-m", "venv", "--clear", venv], "The virtual environment could not be made.")
    unfinished.touch()
    pip = [python, "-m", "pip", "install", "--disable-pip-version-check", "--only-binary=:all:", "--require-hashes"]
    run([*pip, "-r", lock], "The packages could not be installed; is the package index reachable?")
    (venv / "oversight.stamp").write_text(stamp_of(lock))
    unfinished.unlink()


def is_usable(python: Path) -> bool:
    """Whether `python` starts, has pip and is the Python that runs this."""
    try:
        command = [python, "-c", "import pip, sys; print(sys.version)"]
        done = subprocess.run(command, text=True, capture_output=True)
    except OSError:
        return False
    return done.returncode == 0 and done.stdout.strip() == sys.version


def ensure_venv(lock: Path) -> Path:
    """The Python of an environment that holds what `lock` names, made first if need be."""
    venv = ROOT / os.environ.get("VENV", ".venv")
    venv.mkdir(parents=True, exist_ok=True)
    # The directory itself is the lock: it outlives `venv --clear`, so two commands at once take turns.
    handle = os.open(venv, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        if not is_ready(venv, lock):
            make_venv(venv, lock)
    finally:
        os.close(handle)
    return venv / "bin" / "python"


def main(arguments: list[str]) -> None:
    """Hand `arguments` over to `oversight.runtime` inside the environment that the command needs."""
    if not arguments or arguments[0] not in {"up", "test", "bench", "manage"}:
        sys.exit(USAGE)
    python = ensure_venv(DEV_LOCK if arguments[0] in {"test", "bench"} else LOCK)
    if os.environ.get("DATA_DIR"):
        os.environ["DATA_DIR"] = str(Path(os.environ["DATA_DIR"]).resolve())
    if arguments[0] == "test" and "--full" in arguments:
        os.environ["OVERSIGHT_ROUNDS"] = "200"  # of faults (tests/faults); 20 otherwise
        arguments = [each for each in arguments if each != "--full"]
    os.chdir(ROOT)
    os.execv(python, [str(python), "-m", "oversight.runtime", *arguments])  # noqa: S606 - no shell is wanted


if __name__ == "__main__":
    main(sys.argv[1:])
