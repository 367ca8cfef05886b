"""Style, types and layers hold; what a tool says is shown when they do not."""

import subprocess
import sys
from pathlib import Path

import pytest

from oversight.runtime.processes import ROOT

PROGRAMS = Path(sys.executable).parent


@pytest.mark.parametrize("command", ["ruff check", "ruff format --check", "mypy", "lint-imports"])
def test_nothing_is_amiss(command: str) -> None:
    program, *arguments = command.split()
    done = subprocess.run([PROGRAMS / program, *arguments], cwd=ROOT, text=True, capture_output=True)
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
