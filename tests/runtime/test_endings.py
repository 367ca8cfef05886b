"""However an instance ends, nobody is left behind and the data opens again."""

import signal
from pathlib import Path

import psycopg2

from tests.runtime.instances import Up, ask_health


def test_ctrl_c_ends_everything(tmp_path: Path) -> None:
    up = Up(tmp_path / "data")
    try:
        # gunicorn with two workers, celery with two, beat, Valkey, PostgreSQL with its helpers
        assert len(up.family) > 8
        assert up.send(signal.SIGINT) == 0
        assert up.survivors(seconds=0) == []
        assert up.words.endswith("Everything has ended.\n")
        assert not (tmp_path / "data" / "runtime.json").exists()
    finally:
        up.end()


def test_a_killed_instance_leaves_nobody_and_opens_again(tmp_path: Path) -> None:
    first = Up(tmp_path / "data")
    connection = psycopg2.connect(first.announced["superuser_url"])
    connection.autocommit = True
    connection.cursor().execute("CREATE DATABASE witness")
    connection.close()
    assert first.send(signal.SIGKILL) == -signal.SIGKILL
    second = Up(tmp_path / "data", PORT=str(first.port))
    try:
        assert first.survivors(seconds=5) == []
        assert ask_health(second.port)[0] == 200
        connection = psycopg2.connect(second.announced["superuser_url"].removesuffix("postgres") + "witness")
        assert connection.info.dbname == "witness"
        connection.close()

        second.child("celery", "beat").kill()
        assert second.process.wait(30) == 1
        assert second.survivors(seconds=0) == []
        assert "beat ended by itself; its last words:\n" in second.words
    finally:
        second.end()
