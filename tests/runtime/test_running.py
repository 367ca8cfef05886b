"""One running instance, looked at from all sides."""

import json
import re
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg2
import pytest

from oversight.runtime.processes import ROOT, free_port
from tests.runtime.instances import Up, ask_health, run, surroundings

# What a careless caller leaves in the environment: none of it may reach a process.
TRAPS = {f"{role}_URL": "postgres://trap" for role in ("OWNER", "SEALER", "RELAY", "AUDITOR", "BACKUP", "LOADER")}
TRAPS |= {"SUPERUSER_URL": "postgres://trap"}
OURS = {*TRAPS, "DATABASE_URL", "REDIS_URL", "SECRET_KEY", "SEAL_KEY_FILE", "SEAL_LOG"}
SIGNED_OUT = {"DATABASE_URL", "REDIS_URL", "SECRET_KEY"}
SPEAKERS = ("web", "worker", "relay", "beat", "migrate", "postgres")


@pytest.fixture(scope="module")
def instance(data: Path) -> Iterator[Up]:
    up = Up(data, **TRAPS)
    try:
        yield up
        assert up.send(signal.SIGHUP) == 0
        assert up.survivors(seconds=0) == []
    finally:
        up.end()


def test_it_answers_by_name_and_by_number(instance: Up) -> None:
    for host in ("localhost", "127.0.0.1"):
        status, health = ask_health(instance.port, host)
        assert (status, health["status"], health["database"], health["broker"]) == (200, "ok", "ok", "ok")
        assert set(health) == {"status", "database", "clock", "broker", "worker", "relay", "seal"}


def test_it_says_where_it_is_and_who_may_sign_in(instance: Up) -> None:
    assert f"\nOversight is running at http://localhost:{instance.port}\n" in instance.words
    assert instance.words.endswith("\nCtrl-C ends everything\n")
    logins = json.loads(run("manage", "demo_logins", env=surroundings(instance.data_dir)).stdout)
    heading = re.search(r"^Sponsor +Role +CDMO +Email +Password$", instance.words, re.MULTILINE)
    assert heading is not None
    rows = instance.words[heading.end() :].split("\n\n")[0].strip().splitlines()
    assert [row.split()[-2:] for row in rows] == [[login["email"], login["password"]] for login in logins]


def test_it_announces_every_address_to_its_owner_alone(instance: Up) -> None:
    assert set(instance.announced) == {
        *("url", "pid", "data_dir", "django_settings_module", "oversight_demo", "secret_key", "redis_url"),
        *("database_url", "owner_url", "sealer_url", "relay_url", "auditor_url", "backup_url", "loader_url"),
        *("superuser_url", "seal_key_file", "seal_log"),
    }
    assert instance.announced["url"] == f"http://localhost:{instance.port}"
    assert instance.announced["pid"] == instance.process.pid
    for name in ("runtime.json", "secrets.json", "seal.key", "lock"):
        assert stat.S_IMODE((instance.data_dir / name).stat().st_mode) == 0o600, name
    schedule = list(instance.data_dir.glob("beat-schedule*"))
    logs = list((instance.data_dir / "logs").iterdir())
    assert {path.name for path in logs} >= {f"{name}.log" for name in SPEAKERS}
    assert {path.name: oct(stat.S_IMODE(path.stat().st_mode)) for path in [*schedule, *logs]} == {
        path.name: "0o600" for path in [*schedule, *logs]
    }
    assert schedule != []
    assert re.fullmatch("[0-9a-f]{64}", (instance.data_dir / "seal.key").read_text())


@pytest.mark.requirement("ASVS-2.10.1")
def test_each_role_signs_in_with_a_password_of_its_own(instance: Up) -> None:
    passwords = set()
    for role in ("owner", "sealer", "relay", "auditor", "backup", "loader", "superuser", "database"):
        connection = psycopg2.connect(instance.announced[f"{role}_url"])
        expected = {"superuser": "postgres", "database": "app"}.get(role, role)
        assert connection.info.user == expected
        passwords.add(connection.info.password)
        connection.close()
    assert len(passwords) == 8


def test_each_process_holds_only_what_its_duty_needs(instance: Up) -> None:
    duties = {
        ("gunicorn",): SIGNED_OUT,
        ("celery", "beat"): {"REDIS_URL"},
        ("manage.py", "relay"): {"REDIS_URL", "RELAY_URL"},
        ("celery", "worker"): SIGNED_OUT | {"SEALER_URL", "SEAL_KEY_FILE", "SEAL_LOG"},
    }
    servers = {child.pid for child in psutil.Process(instance.process.pid).children()}
    for words, expected in duties.items():
        process = instance.child(*words)
        servers.discard(process.pid)
        for member in [process, *process.children(recursive=True)]:
            held = member.environ()
            assert {name for name in held if name in OURS} == expected, words
            assert "postgres://trap" not in held.values()
    assert len(servers) == 2, "PostgreSQL and Valkey"
    for pid in servers:
        assert not OURS & set(psutil.Process(pid).environ())


def test_the_web_starts_without_a_warning(instance: Up) -> None:
    log = (instance.data_dir / "logs" / "web.log").read_text()
    assert "Listening at" in log
    assert [line for line in log.splitlines() if "arning" in line or "No directory" in line] == []


def test_a_second_one_on_the_same_data_names_the_first(instance: Up) -> None:
    second = run("up", env=surroundings(instance.data_dir, PORT=str(free_port())))
    assert second.returncode == 1
    assert second.stderr == (
        f"Oversight already runs at http://localhost:{instance.port} (process {instance.process.pid})"
        f" on {instance.data_dir}.\n"
    )
    assert ask_health(instance.port)[0] == 200


def test_a_taken_port_is_refused_and_nothing_is_left(instance: Up, tmp_path) -> None:
    other = run("up", env=surroundings(tmp_path / "other", PORT=str(instance.port)))
    assert other.returncode == 1
    assert re.fullmatch(
        rf"Port {instance.port} is taken by another program; choose one, for example PORT=\d+\.\n", other.stderr
    )
    assert sorted(path.name for path in (tmp_path / "other").iterdir()) == ["lock", "logs"]


def test_manage_finds_the_running_instance(instance: Up) -> None:
    code = "import os; print(os.environ['OWNER_URL'], os.environ['SUPERUSER_URL'])"
    done = run("manage", "shell", "--no-imports", "-c", code, env=surroundings(instance.data_dir, **TRAPS))
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == [instance.announced["owner_url"], instance.announced["superuser_url"]]


def test_manage_passes_the_exit_code_through(instance: Up) -> None:
    done = run("manage", "shell", "-c", "raise SystemExit(3)", env=surroundings(instance.data_dir))
    assert done.returncode == 3


def test_the_command_of_the_checkout_hands_over(instance: Up) -> None:
    command = [sys.executable, "dev.py", "manage", "demo_logins"]
    done = subprocess.run(command, cwd=ROOT, env=surroundings(instance.data_dir), text=True, capture_output=True)
    assert done.returncode == 0, done.stderr
    assert {"email", "password", "sponsor", "role", "cdmo"} == set(json.loads(done.stdout)[0])
