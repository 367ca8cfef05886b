"""Finds the browser in which the journeys run, and installs it where that is ours to do."""

import os
import shutil
import subprocess
import sys

from oversight.runtime.refusal import Refusal

NAMES = ("chromium", "chromium-browser", "google-chrome")
INSTALL = "apt-get update && apt-get install -y --no-install-recommends chromium"


def ensure_chromium() -> str:
    """The path of a Chromium, installed first from Debian's packages when there is none and we are root."""
    if found := _on_path():
        return found
    if not shutil.which("apt-get"):
        raise Refusal("The journeys need Chromium on the PATH; install it with the system's package manager.")
    if os.geteuid() != 0:
        raise Refusal(f"The journeys need Chromium on the PATH; install it as root: {INSTALL}")
    print("Installing Chromium (once) …", file=sys.stderr, flush=True)
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(
        ["/bin/sh", "-c", INSTALL], env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    if done.returncode:
        last = "\n".join(done.stdout.splitlines()[-5:])
        raise Refusal(f"Chromium could not be installed; are Debian's package servers reachable?\n{last}\n({INSTALL})")
    if found := _on_path():
        return found
    raise Refusal(f"Chromium was installed but is not on the PATH ({INSTALL}).")


def _on_path() -> str | None:
    return next((found for name in NAMES if (found := shutil.which(name))), None)
