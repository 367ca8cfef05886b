"""The command as a person runs it: JSON on standard input, JSON and nothing else on standard output."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from oversight.runtime.environment import without_ours
from oversight.runtime.place import Place
from oversight.runtime.processes import ROOT
from techtransfer.management.commands.schedule import Command
from techtransfer.schedule.__main__ import run

from .refusals import PLAN, REFUSED, changed

ANSWER: dict[str, Any] = {
    "start": {"DS batch": 100, "fill": 138, "label": 98, "aside": 100, "7": 148},
    "finish": {"DS batch": 130, "fill": 141, "label": 102, "aside": 101, "7": 148},
    "driver": {
        "DS batch": {"kind": "hold"},
        "fill": {"kind": "slot", "pred": "DS batch"},
        "label": {"kind": "status"},
        "aside": {"kind": "status"},
        "7": {"kind": "link", "pred": "fill"},
    },
    "late_start": {"7": {"DS batch": 122, "fill": 138, "label": 156, "7": 160}},
    "late_finish": {"7": {"DS batch": 136, "fill": 154, "label": 160, "7": 160}},
    "float": {"7": {"DS batch": 22, "fill": 0, "label": 58, "7": 12}},
    "critical": {"7": ["DS batch", "fill", 7]},
}


def ask(given: object, *, how: tuple[str, ...] = ("-m", "techtransfer.schedule"), **env: str) -> tuple[int, Any]:
    """Exit code and answer; whatever it says elsewhere would be a traceback."""
    done = subprocess.run(
        [sys.executable, *how],
        input=given if isinstance(given, bytes) else json.dumps(given).encode(),
        cwd=ROOT, env=without_ours(os.environ) | env, capture_output=True, timeout=60,
    )  # fmt: skip
    assert done.stderr == b""
    return done.returncode, json.loads(done.stdout)


def test_a_plan_is_answered_with_its_dates() -> None:
    assert ask(PLAN) == (0, ANSWER)


def test_an_array_is_answered_in_its_order_and_a_bad_plan_in_its_place() -> None:
    loop = {"status_date": 0, "nodes": [{"id": "a", "duration": 1}, {"id": "b", "duration": 1}], "links": []}
    loop["links"] = [
        {"pred": "a", "succ": "b", "type": "FS", "lag": 0},
        {"pred": "b", "succ": "a", "type": "SS", "lag": 1},
    ]
    code, answers = ask([PLAN, loop, PLAN, 5])
    assert code == 2
    assert answers[0] == answers[2] == ANSWER
    assert set(answers[1]) == {"error", "cycle"}
    assert answers[1]["error"] == "cycle"
    assert sorted(answers[1]["cycle"]) == ["a", "b"]
    assert answers[3] == {"error": "invalid", "detail": "The plan has to be an object."}
    assert ask([PLAN, PLAN]) == (0, [ANSWER, ANSWER])
    assert ask([]) == (0, [])


def test_a_what_if_changes_fields_of_nodes() -> None:
    code, told = ask(changed(changes={"DS batch": {"finish_not_before": None}, "7": {"not_before": 150}}))
    assert code == 0
    assert (told["start"]["fill"], told["start"]["7"], told["driver"]["7"]) == (138, 150, {"kind": "not_before"})
    assert told["finish"]["DS batch"] == 114  # ten work days from a Wednesday


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_wrong_is_named_and_the_exit_is_2(name: str) -> None:
    given, code, detail = REFUSED[name]
    answers = io.StringIO()
    given = given if isinstance(given, bytes) else json.dumps(given).encode()
    assert run(io.BytesIO(given), answers) == 2
    told = json.loads(answers.getvalue())
    assert (set(told), told["error"]) == ({"error", "detail"}, code)
    assert detail in told["detail"]


@pytest.mark.parametrize("name", ["not JSON", "no slot left"])
def test_the_process_itself_ends_with_2(name: str) -> None:
    given, error, _ = REFUSED[name]
    code, told = ask(given)
    assert (code, told["error"]) == (2, error)


def test_the_commands_of_the_house_answer_the_same(tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert ask(PLAN, how=("-m", "oversight.runtime", "manage", "schedule"), DATA_DIR=str(data)) == (0, ANSWER)
    assert not data.exists()


def test_it_answers_while_an_instance_is_being_made_elsewhere(tmp_path: Path) -> None:
    place = Place(tmp_path)
    assert place.take(purpose="up")
    try:
        assert ask(b"[", how=("-m", "oversight.runtime", "manage", "schedule"), DATA_DIR=str(tmp_path))[0] == 2
    finally:
        place.leave()


def test_django_answers_the_same_without_a_database(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = io.StringIO()
    monkeypatch.setattr("sys.stdout", answers)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(json.dumps(PLAN).encode())))
    Command().run_from_argv(["manage.py", "schedule"])
    assert json.loads(answers.getvalue()) == ANSWER


def test_the_engine_needs_nothing_but_the_standard_library() -> None:
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); import techtransfer.schedule.__main__"
    subprocess.run([sys.executable, "-I", "-S", "-c", code], check=True)  # -S: no installed package can be found
