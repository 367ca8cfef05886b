"""The browser of the journeys is found, installed where that is ours to do, or asked for."""

import os
import re
from pathlib import Path

import pytest

from oversight.runtime.chromium import INSTALL, ensure_chromium
from oversight.runtime.refusal import Refusal


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only directory on the PATH, still empty."""
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def place(program: Path, script: str = "") -> None:
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)


def test_one_on_the_path_is_taken(programs: Path) -> None:
    place(programs / "google-chrome")
    assert ensure_chromium() == str(programs / "google-chrome")
    place(programs / "chromium")
    assert ensure_chromium() == str(programs / "chromium")


def test_without_debian_packages_it_is_asked_for(programs: Path) -> None:
    with pytest.raises(Refusal, match="install it with the system's package manager"):
        ensure_chromium()


def test_root_gets_it_installed_and_others_are_told_the_command(programs: Path) -> None:
    browser = programs / "chromium"
    install = f"echo $@ > {programs}/asked && : > {browser} && /bin/chmod 755 {browser}"
    place(programs / "apt-get", f'test "$1" = update || {{ {install}; }}')
    if os.geteuid() == 0:
        assert ensure_chromium() == str(browser)
        assert (programs / "asked").read_text() == "install -y --no-install-recommends chromium\n"
    else:
        with pytest.raises(Refusal, match=re.escape(INSTALL)):
            ensure_chromium()


def test_unreachable_package_servers_are_a_sentence(programs: Path) -> None:
    place(programs / "apt-get", "echo 'Could not resolve'; exit 100")
    expected = "Chromium could not be installed" if os.geteuid() == 0 else "install it as root"
    with pytest.raises(Refusal, match=expected):
        ensure_chromium()
