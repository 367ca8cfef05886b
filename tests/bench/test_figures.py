"""What the bench says of growth, of goals that are the least, and of what is not built yet."""

import json
from pathlib import Path

import pytest

from bench.exponent import exponent, in_words
from bench.figures_file import noting
from bench.pace import Pace
from bench.report import Row, report

SHARE = Row("P8", "share of COPY", 4.9, " %", 35.0, "imported 1.0 s", at_least=True)
UNBUILT = Row("P9", "risk of 500 CDMOs / one scan", 0, goal=2.0, is_built=False)


@pytest.mark.parametrize("power", [0.0, 0.5, 1.0, 2.0])
def test_the_exponent_is_that_of_the_power(power: float) -> None:
    curve = tuple((size, 0.003 * size**power) for size in (10, 100, 5_000, 1_000_000))
    assert exponent(curve) == pytest.approx(power, abs=1e-9)


def test_a_curve_in_words() -> None:
    assert in_words(((200, 0.0123), (10_000, 1.5))) == "12.3 ms at 200, 1,500.0 ms at 10,000"


def test_a_share_has_to_be_at_least_its_goal() -> None:
    assert str(SHARE) == "P8 | share of COPY | 4.90 % (imported 1.0 s) | ≥ 35 % | missed"
    assert Row("P8", "", 35.0, " %", 35.0, at_least=True).met is True


def test_what_is_not_built_is_said_and_judges_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert str(UNBUILT) == "P9 | risk of 500 CDMOs / one scan | not built yet | ≤ 2× | –"
    assert report([UNBUILT, Row("P1", "", 1.0, goal=1.1)]) == 0
    assert report([UNBUILT]) == 1, "nothing was judged"


def test_a_quick_look_takes_fewer_turns_and_leaves_the_largest_out() -> None:
    quick, whole = Pace(quick=True), Pace()
    assert [quick.turns(turns) for turns in (3, 15, 100, 1_000)] == [2, 2, 6, 66]
    assert (quick.sizes((200, 1_000, 10_000)), whole.sizes((200, 1_000))) == ((200, 1_000), (200, 1_000))
    assert (quick.seconds(7.5), whole.turns(1_000), quick.tries(3), whole.tries(3)) == (0.5, 1_000, 1, 3)


def test_the_figures_are_kept_as_they_come(tmp_path: Path) -> None:
    note = noting(tmp_path / "figures.json", "PostgreSQL 18")
    note(SHARE)
    note(Row("P11.list", "growth", 0.01, "", 0.05, curve=((1_000, 0.02), (1_000_000, 0.021))))
    kept = json.loads((tmp_path / "figures.json").read_text())
    assert kept["head"] == "PostgreSQL 18"
    assert [(row["id"], row["met"]) for row in kept["rows"]] == [("P8", False), ("P11.list", True)]
    assert kept["rows"][1]["curve"] == [[1_000, 0.02], [1_000_000, 0.021]]
