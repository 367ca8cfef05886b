"""dev.py makes the environment of a checkout once, repairs a half-made one, and survives two commands at once."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from oversight.runtime.processes import ROOT

HANDED_OVER = "import os, sys\nprint(sys.prefix, os.getcwd(), os.environ['DATA_DIR'], *sys.argv[1:])\n"


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout with dev.py, locks that name nothing, and a runtime that says what it was handed."""
    root = tmp_path_factory.mktemp("checkout")
    shutil.copy(ROOT / "dev.py", root)
    for lock in ("requirements.lock", "requirements-dev.lock"):
        (root / lock).write_text(f"# {lock}\n")
    (root / "oversight" / "runtime").mkdir(parents=True)
    (root / "oversight" / "runtime" / "__main__.py").write_text(HANDED_OVER)
    return root


def start(checkout: Path, *arguments: str) -> "subprocess.Popen[str]":
    environment = os.environ | {"VENV": "environment", "DATA_DIR": "data"}
    return subprocess.Popen(
        [sys.executable, checkout / "dev.py", *arguments],
        cwd=checkout.parent,
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def test_it_makes_keeps_and_repairs_the_environment(checkout: Path) -> None:
    expected = f"{checkout / 'environment'} {checkout} {checkout.parent / 'data'}"
    installing = "Installing the locked packages (about half a minute, once) …\n"

    both = [start(checkout, "test", "-k", "one"), start(checkout, "test", "-k", "one")]
    said = [process.communicate(timeout=120) for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert [out for out, _ in said] == [f"{expected} test -k one\n"] * 2
    assert sorted(err for _, err in said) == ["", installing]

    # What the development lock made serves the smaller one too.
    assert start(checkout, "up").communicate(timeout=120) == (f"{expected} up\n", "")

    (checkout / "environment" / "bin" / "python").unlink()
    (checkout / "environment" / "unfinished").touch()
    assert start(checkout, "up").communicate(timeout=120) == (f"{expected} up\n", installing)
    assert start(checkout, "up").communicate(timeout=120) == (f"{expected} up\n", "")

    (checkout / "requirements.lock").write_text("no requirement at all\n")
    failing = start(checkout, "up")
    _, said_in_the_end = failing.communicate(timeout=120)
    assert failing.returncode == 1
    assert said_in_the_end.endswith("The packages could not be installed; is the package index reachable?\n")


def test_an_unknown_command_gets_the_usage(checkout: Path) -> None:
    process = start(checkout, "down")
    out, said = process.communicate(timeout=60)
    assert (process.returncode, out) == (1, "")
    assert said.splitlines()[0].startswith("python3 dev.py up")
