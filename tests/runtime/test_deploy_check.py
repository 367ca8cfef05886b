"""`check --deploy` finds nothing in the environment that docker-compose.yml gives a process; a warning is a failure."""

import os
import re
import secrets
import subprocess
import sys

import pytest
import yaml

from oversight.runtime.environment import EVERYTHING
from oversight.runtime.processes import ROOT
from oversight.settings import prod

SERVICES = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
NAMED = {"SITE_NAME": "oversight.example.com", "EMAIL_HOST": "mail.example.com", "EMAIL_PORT": "587"}
EMPTY = ("SECRET_KEY_FALLBACKS", "EMAIL_HOST_USER", "EMAIL_HOST_PASSWORD", "EMAIL_SECURITY", "EMAIL_FROM")


def deployed(service: str) -> dict[str, str]:
    """What `service` gets of a person who filled in `.env` as it says there, and nothing of ours."""
    values = dict.fromkeys(EMPTY, "") | NAMED

    def value(found: re.Match[str]) -> str:
        return values.setdefault(found[1], secrets.token_hex(32))

    given = SERVICES[service]["environment"]
    kept = {"PATH", "HOME", "LANG", "PYTHONDONTWRITEBYTECODE"} - EVERYTHING
    ours = {name: re.sub(r"\$\{(\w+)(?::\?[^}]*)?\}", value, text) for name, text in given.items()}
    return {name: os.environ[name] for name in kept if name in os.environ} | ours


def check(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "DEBUG"]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)


@pytest.mark.requirement("ASVS-14.3.2")
@pytest.mark.parametrize("service", ["web", "worker", "prepare"])
def test_nothing_is_found_in_production(service: str) -> None:
    done = check(deployed(service))
    assert prod.SILENCED_SYSTEM_CHECKS == ["security.W021"], "one, for its reason"
    assert (done.returncode, done.stdout, done.stderr) == (0, "System check identified no issues (1 silenced).\n", "")


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("SECRET_KEY", "short", "security.W009"),
        ("SECRET_KEY_FALLBACKS", "short", "security.W025"),
        ("DJANGO_SETTINGS_MODULE", "oversight.settings.dev", "security.W008"),
    ],
)
def test_what_would_be_wrong_is_found(name: str, value: str, said: str) -> None:
    done = check(deployed("web") | {name: value})
    assert done.returncode == 1 and said in done.stderr
