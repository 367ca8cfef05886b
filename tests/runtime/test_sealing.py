"""The trail of a running instance: sealed by its worker, verified by the command, tampering named."""

from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest
from celery import Celery

from oversight.runtime.processes import wait_until
from tests.runtime.instances import Up, ask_health, run, surroundings

TABLE = "cdmos_historicalcdmo"


@pytest.fixture(scope="module")
def instance(data: Path) -> Iterator[Up]:
    up = Up(data)
    yield up
    up.end()


def verify(data_dir: Path) -> tuple[int, list[str]]:
    done = run("manage", "verify_trail", env=surroundings(data_dir))
    return done.returncode, done.stdout.splitlines()


def superuser(instance: Up, *statements: str) -> list[tuple]:
    connection = psycopg2.connect(instance.announced["superuser_url"])
    connection.autocommit = True
    with connection.cursor() as cursor:
        for statement in ("SET event_triggers = off", *statements):
            cursor.execute(statement)
        rows = cursor.fetchall() if cursor.description else []
    connection.close()
    return rows


def test_the_worker_seals_and_a_superusers_change_is_named(instance: Up) -> None:
    assert ask_health(instance.port)[1]["seal"] in ("pending", "ok")
    Celery(broker=instance.announced["redis_url"]).send_task("oversight.kernel.trail.tasks.seal_trail")
    assert wait_until(lambda: ask_health(instance.port)[1]["seal"] == "ok", seconds=30)
    assert (instance.data_dir / "seals.log").stat().st_mode & 0o777 == 0o600
    code, said = verify(instance.data_dir)
    assert code == 0 and said[-1].startswith("The trail is as it was sealed: ")

    [(key, tenant, name)] = superuser(
        instance, f"SELECT history_id, tenant_id, name FROM {TABLE} ORDER BY history_id LIMIT 1"
    )
    off, on = f"ALTER TABLE {TABLE} DISABLE TRIGGER ALL", f"ALTER TABLE {TABLE} ENABLE TRIGGER ALL"
    superuser(instance, off, f"UPDATE {TABLE} SET name = 'Forged' WHERE history_id = {key}", on)
    code, said = verify(instance.data_dir)
    assert code == 1
    assert f"altered: table={TABLE} history_id={key} tenant={tenant} block=1" in said
    superuser(instance, off, f"UPDATE {TABLE} SET name = '{name}' WHERE history_id = {key}", on)
    assert verify(instance.data_dir)[0] == 0

    here = surroundings(instance.data_dir)
    checked = run("manage", "check", "--database", "default", env=here)  # guards fire, but no longer ALWAYS
    assert checked.returncode == 1 and "the guards of cdmos_cdmo are not those" in checked.stderr
    assert run("manage", "migrate", env=here).returncode == 0
    assert run("manage", "check", "--database", "default", env=here).returncode == 0
