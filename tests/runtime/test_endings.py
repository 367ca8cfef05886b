"""However an instance ends, nobody is left behind and the data opens again."""

import signal
from pathlib import Path

import psycopg2
import pytest

from tests.runtime.instances import Up, ask_health


def test_ctrl_c_ends_everything(data: Path) -> None:
    up = Up(data)
    try:
        # gunicorn with two workers, celery with two, beat, Valkey, PostgreSQL with its helpers
        assert len(up.family) > 8
        assert up.send(signal.SIGINT) == 0
        assert up.survivors(seconds=0) == []
        assert up.words.endswith("Everything has ended.\n")
        assert not (data / "runtime.json").exists()
    finally:
        up.end()


@pytest.mark.requirement("A11-7-1")
def test_a_killed_instance_leaves_nobody_and_opens_again(data: Path) -> None:
    first = Up(data)
    connection = psycopg2.connect(first.announced["superuser_url"])
    connection.autocommit = True
    connection.cursor().execute("CREATE DATABASE witness")
    connection.close()
    assert first.send(signal.SIGKILL) == -signal.SIGKILL
    assert first.survivors(seconds=5) == []
    second = Up(data, PORT=str(first.port))
    try:
        assert ask_health(second.port)[0] == 200
        connection = psycopg2.connect(second.announced["superuser_url"].removesuffix("oversight") + "witness")
        assert connection.info.dbname == "witness"
        connection.close()

        second.child("celery", "beat").kill()
        assert second.process.wait(30) == 1
        assert second.survivors(seconds=0) == []
        assert "beat ended by itself; its last words:\n" in second.words
    finally:
        second.end()
