"""`dev.py bench` has a place of its own below DATA_DIR, and times nobody but itself."""

import os
from pathlib import Path

import pytest

from oversight.runtime import commands
from oversight.runtime.place import Place
from oversight.runtime.refusal import Refusal


def test_a_second_bench_is_refused_while_the_first_is_at_work(tmp_path: Path) -> None:
    first = Place(tmp_path / "bench")
    assert first.take(purpose="bench")
    said = f"Another bench is at work in {tmp_path / 'bench'} (process {os.getpid()}); wait for its end."
    with pytest.raises(Refusal) as refusal:
        commands.bench([], {"DATA_DIR": str(tmp_path)})
    first.leave()
    assert str(refusal.value) == said


def test_a_running_instance_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    instance = Place(tmp_path)
    assert instance.take(purpose="up")
    (tmp_path / "seals.log").write_text("of the instance")
    (tmp_path / "bench").mkdir()
    (tmp_path / "bench" / "seals.log").write_text("of a run before")
    given: list[tuple[Path, list[str], dict[str, str]]] = []

    def run(place: Place, command: list[str], caller: dict[str, str]) -> int:
        given.append((place.path, command[1:], caller))
        place.leave()
        return 0

    monkeypatch.setattr(commands, "_run_with_servers", run)
    caller = {"DATA_DIR": str(tmp_path), "DATABASE_URL": "postgres://theirs", "REDIS_URL": "redis://theirs"}
    assert commands.bench(["--quick", "lists"], caller) == 0
    assert given == [(tmp_path / "bench", ["-m", "bench", "--quick", "lists"], {"DATA_DIR": str(tmp_path)})]
    assert (tmp_path / "seals.log").read_text() == "of the instance"
    assert not (tmp_path / "bench" / "seals.log").exists()
    instance.leave()
