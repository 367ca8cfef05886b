"""The benchmarks judge as they say; measuring itself is left to `python3 dev.py bench`."""

import ast
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bench.race import milliseconds, race, race_to
from bench.report import Row, report
from oversight.runtime.processes import ROOT

MODULES = sorted((ROOT / "bench").glob("*.py"))
MET = Row("P14", "audited save / plain save", 1.62, goal=1.8, beside="audited 1.10 ms, plain 0.68 ms")
MISSED = Row("P3", "scoped list / plain list", 1.31, goal=1.25)
PRINTED = Row("SEAL", "rows sealed a second", 61_234.5, "")


def test_a_row_is_one_line_of_five_cells() -> None:
    assert str(MET) == ("P14 | audited save / plain save | 1.62× (audited 1.10 ms, plain 0.68 ms) | ≤ 1.80× | met")
    assert str(MISSED) == "P3 | scoped list / plain list | 1.31× | ≤ 1.25× | missed"
    assert str(PRINTED) == "SEAL | rows sealed a second | 61,234 | – | –"


def test_a_count_is_printed_without_decimals() -> None:
    assert str(Row("P7", "statements added", 3, "", 2)) == "P7 | statements added | 3 | ≤ 2 | missed"


@pytest.mark.parametrize(
    ("rows", "code"),
    [([MET, PRINTED], 0), ([MISSED, MET], 1), ([MET, MISSED, PRINTED], 1), ([PRINTED], 1), ([], 1)],
    ids=["met", "first missed", "missed midway", "nothing judged", "nothing measured"],
)
def test_one_miss_is_enough(rows: list[Row], code: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert report(rows) == code
    assert capsys.readouterr().out.splitlines()[1:] == [str(row) for row in rows]


@pytest.mark.parametrize(("value", "met"), [(1.8, True), (1.804, True), (1.806, False), (float("inf"), False)])
def test_what_is_judged_is_what_is_printed(value: float, met: bool) -> None:
    assert Row("P14", "", value, goal=1.8).met is met


def test_a_race_takes_turns_and_keeps_the_least() -> None:
    said: list[str] = []

    @contextmanager
    def around() -> Iterator[None]:
        time.sleep(0.02)  # not in the time
        yield

    def slow(turn: int) -> None:
        said.append(f"slow {turn}")
        time.sleep(0.004)

    def quick(turn: int) -> None:
        said.append(f"quick {turn}")

    times = race(2, around=around, warm_up=1, slow=slow, quick=quick)
    assert said == ["slow -1", "quick -1", "quick 0", "slow 0", "slow 1", "quick 1"]
    assert times["quick"] < 0.004 <= times["slow"] < 0.02
    assert milliseconds({"audited": 0.00123}) == "audited 1.23 ms"


def test_a_race_ends_early_when_its_time_is_up() -> None:
    turns: list[int] = []
    race(1_000, warm_up=0, seconds=0.0, only=turns.append)
    assert turns == [0, 1, 2, 3]


@pytest.mark.parametrize(("goal", "tries"), [(1.0, 1), (0.4, 2), (0.1, 3)], ids=["met", "met again", "missed"])
def test_what_seems_to_miss_is_measured_again_and_the_least_counts(
    goal: float, tries: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    measured = [{"ours": 1.0, "theirs": 1.0}, {"ours": 0.4, "theirs": 2.0}, {"ours": 0.8, "theirs": 1.5}]
    given = iter(measured)
    monkeypatch.setattr("bench.race.race", lambda turns, **_: next(given))
    times = race_to(goal, 5, "ours", "theirs")
    assert times == {"ours": min(each["ours"] for each in measured[:tries]), "theirs": 1.0}
    assert len(list(given)) == 3 - tries


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.name)
def test_every_figure_says_what_is_divided_by_what(module: Path) -> None:
    tree = ast.parse(module.read_text())
    public = [node for node in tree.body if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")]
    assert ast.get_docstring(tree)
    assert [node.name for node in public if not ast.get_docstring(node)] == []
