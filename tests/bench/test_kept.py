"""The bench's data are made once, are never half, and are as they were after a run was measured on them."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection

from bench import kept, sources
from bench.kept import MAKING, MEASURED, Dataset, keep, measured
from oversight.kernel.database.roles import connection_as

pytestmark = pytest.mark.django_db(transaction=True)
OF_ITS_OWN = "bench_of_a_test"


def count() -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {OF_ITS_OWN}")
        return int(cursor.fetchone()[0])


def filling(rows: int, said: list[int]) -> Callable[[], kept.Told]:
    def fill() -> kept.Told:
        with connection_as("owner") as owner, owner.cursor() as cursor:
            cursor.execute(f"CREATE TABLE {OF_ITS_OWN} AS SELECT n FROM generate_series(1, %s) n", [rows])
            cursor.execute(f"GRANT SELECT, INSERT ON {OF_ITS_OWN} TO app")
        said.append(rows)
        return {"rows": rows}

    return fill


def ours() -> set[str]:
    return {name for name in kept._databases() if name.startswith(("kept_", MAKING, MEASURED))}


@pytest.fixture(autouse=True)
def swept() -> Iterator[None]:
    """The cluster is the suite's: nothing of these stories stays in it."""
    assert ours() == set()
    yield
    for name in ours():
        kept._drop(name)


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of which data are made."""
    monkeypatch.setattr(sources, "ROOT", tmp_path)
    file = tmp_path / "filling.py"
    file.write_text("seven rows")
    return file


def test_data_are_made_once_and_measuring_leaves_them_as_they_were(source: Path) -> None:
    said: list[int] = []
    dataset, home = Dataset("rows", filling(7, said), (source.name,)), connection.settings_dict["NAME"]
    for _ in range(2):
        with measured(dataset) as told, connection.cursor() as cursor:
            assert (told, count(), connection.settings_dict["NAME"]) == ({"rows": 7}, 7, MEASURED)
            cursor.execute(f"INSERT INTO {OF_ITS_OWN} VALUES (8)")
            assert count() == 8
        assert ours() == {dataset.database}
    assert (said, connection.settings_dict["NAME"]) == ([7], home)


def test_another_source_makes_them_anew_with_what_stands_on_them(source: Path) -> None:
    said: list[int] = []
    below = Dataset("rows", filling(7, said), (source.name,))
    above = Dataset("more", lambda: {"more": count() + 1}, (), base=below)
    with measured(above) as told:
        assert told == {"more": 8}
    before = ours()
    source.write_text("the same rows, said otherwise")
    with measured(above):
        pass
    assert said == [7, 7]
    assert len(before) == len(ours()) == 2 and before.isdisjoint(ours()), "what was stale is dropped"


def test_what_was_cut_short_is_never_taken_for_whole(source: Path) -> None:
    said: list[int] = []

    def cut_short() -> kept.Told:
        filling(3, said)()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        keep(Dataset("rows", cut_short, (source.name,)))
    assert ours() == {MAKING}
    with measured(Dataset("rows", filling(7, said), (source.name,))):
        assert count() == 7
    assert said == [3, 7]
    assert MAKING not in ours()


def test_a_run_that_was_killed_is_swept_away_by_the_next(source: Path) -> None:
    dataset = Dataset("rows", filling(7, []), (source.name,))
    kept._create(MEASURED, keep(dataset))
    with kept._inside(MEASURED), connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {OF_ITS_OWN} VALUES (8)")
    with measured(dataset):
        assert count() == 7
    assert ours() == {dataset.database}


def test_the_schema_is_in_the_digest_of_everything() -> None:
    found = [path for pattern in sources.SCHEMA for path in sources._files(pattern)]
    names = {str(path.relative_to(sources.ROOT)) for path in found}
    assert {
        "oversight/kernel/trail/functions.json", "oversight/kernel/database/sql/sentinels.sql",
        "oversight/kernel/trail/guards.py", "quality/migrations/0001_initial.py", "quality/models/deviation.py",
        "oversight/web/today/models.py", "oversight/kernel/clocks/migrations/0001_initial.py",
    } <= names  # fmt: skip
