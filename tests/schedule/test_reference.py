"""Published networks with published answers, read where they stand."""

import datetime
import json
from collections.abc import Mapping
from typing import Any

import pytest

from techtransfer.schedule import Calendar, Link, Network, Node, backward, compile_network, forward, trace

from .conftest import REFERENCE

CASES: dict[str, Any] = json.loads(REFERENCE.read_text())
LONG_AGO = -10_000  # a status date that holds nothing
EARLY_AND_LATE = ("early_start", "early_finish", "late_start", "late_finish")


def least(late: list[Mapping[Any, int]], key: Any) -> int:
    return min(each[key] for each in late if key in each)


def test_every_case_is_here() -> None:
    worked, links = len(CASES["worked_examples"]), len(CASES["link_types"]["cases"])
    assert (len(CASES["psplib"]), len(CASES["rcpsp_max"]), links, worked) == (60, 24, 36, 7)
    assert len(CASES["ms_project_2019"]["tasks"]) == 16


@pytest.mark.parametrize("case", CASES["psplib"], ids=lambda case: case["name"])
def test_a_psplib_network_is_as_long_as_its_header_says(case: dict[str, Any]) -> None:
    nodes = [Node(key, length) for key, length in enumerate(case["duration"])]
    links = [Link(key, succ) for key, succs in enumerate(case["succ"]) for succ in succs]
    assert forward(compile_network(nodes, links), 0).finish[len(nodes) - 1] == case["mpm_time"]


@pytest.mark.parametrize("case", CASES["rcpsp_max"], ids=lambda case: case["name"])
def test_a_start_to_start_network_ends_at_its_lower_bound(case: dict[str, Any]) -> None:
    nodes = [Node(key, length) for key, length in enumerate(case["duration"])]
    links = [Link(pred, succ, "SS", lag) for pred, succ, lag in case["ss"]]
    assert forward(compile_network(nodes, links), 0).start[len(nodes) - 1] == case["network_lower_bound"]


@pytest.mark.parametrize("case", CASES["link_types"]["cases"], ids=lambda case: case["name"])
def test_each_type_of_link_gives_the_published_dates(case: dict[str, Any]) -> None:
    nodes = [Node(key, length, not_before=0 if key == "begin" else None) for key, length in case["activities"]]
    network = compile_network(nodes, [Link(*each) for each in case["relations"]])
    dates = forward(network, LONG_AGO)
    end = max(dates.finish.values())
    length = end - min(dates.start.values())
    late = backward(network, dates, {"end": end})["end"]
    told = {
        key: dict(
            zip(
                EARLY_AND_LATE,
                (dates.start[key], dates.finish[key], late.late_start[key], late.late_finish[key]),
                strict=True,
            )
        )
        for key in network.ids
    }
    assert (told, length) == (case["expect"], case["duration"])


@pytest.mark.parametrize("case", CASES["worked_examples"], ids=lambda case: case["name"])
def test_a_worked_example_comes_out_as_printed(case: dict[str, Any]) -> None:
    keys = range(1, len(case["duration"]) + 1)
    network = compile_network(
        [Node(key, length) for key, length in zip(keys, case["duration"], strict=True)],
        [Link(*each) for each in case["links"]],
    )
    dates = forward(network, 0)
    length = max(dates.finish.values())
    assert length == case.get("makespan", case.get("makespan_sixths"))
    late = backward(network, dates, dict.fromkeys(keys, length))
    starts = {key: least([each.late_start for each in late.values()], key) for key in keys}
    finishes = {key: least([each.late_finish for each in late.values()], key) for key in keys}
    columns = {
        "early_start": dates.start, "early_finish": dates.finish, "late_start": starts, "late_finish": finishes,
        "slack": {key: starts[key] - dates.start[key] for key in keys},
    }  # fmt: skip
    for name, told in columns.items():
        if name in case:
            assert [told[key] for key in keys] == case[name], name
    if "critical" in case:
        last = next(key for key in keys if dates.finish[key] == length)
        assert set(trace(network, dates, last)) <= set(case["critical"])  # of branches equally long it is one
        assert [key for key in keys if starts[key] == dates.start[key]] == case["critical"]
    for letter, published in case.get("published_days", {}).items():
        key = "ABCDEFGHIJKLMN".index(letter) + 1
        told_days = [dates.start[key], dates.finish[key], starts[key], finishes[key], starts[key] - dates.start[key]]
        assert [each / case["unit"] for each in told_days] == pytest.approx(published, abs=0.011)


# A file saved by Microsoft Project 2019: Monday to Friday, lags in work days.

FIRST_DAY = datetime.date(2018, 10, 18)
OURS = {"11": datetime.date(2018, 11, 1), "13": datetime.date(2018, 10, 31)}  # there an SS or SF link caps nothing


def day_of(moment: str) -> int:
    """A moment at 8:00 is the beginning of its day, one at 17:00 its end."""
    at = datetime.datetime.fromisoformat(moment)
    return (at.date() - FIRST_DAY).days + (at.hour == 17)


@pytest.fixture(scope="module")
def saved() -> tuple[Network, Calendar]:
    week = Calendar.of([day for day in range(-60, 100) if (FIRST_DAY.weekday() + day) % 7 < 5], 100)
    tasks = CASES["ms_project_2019"]["tasks"]
    nodes = [Node(task["uid"], task["duration_days"], "week") for task in tasks]
    links = [Link(pred, task["uid"], kind, lag, "week") for task in tasks for pred, kind, lag in task["links"]]
    return compile_network(nodes, links, {"week": week}), week


@pytest.mark.parametrize("task", CASES["ms_project_2019"]["tasks"], ids=lambda task: f"task {task['uid']}")
def test_a_saved_plan_keeps_its_dates(task: dict[str, Any], saved: tuple[Network, Calendar]) -> None:
    network, week = saved
    dates, uid = forward(network, 0), task["uid"]
    assert (dates.start[uid], dates.finish[uid]) == (day_of(task["early_start"]), day_of(task["early_finish"]))
    end = max(dates.finish.values())
    late = least([each.late_start for each in backward(network, dates, dict.fromkeys(network.ids, end)).values()], uid)
    slack = week.count(dates.start[uid], late)
    if uid in OURS:
        assert FIRST_DAY + datetime.timedelta(late) == OURS[uid]
        assert late < day_of(task["late_start"])
    else:
        assert (late, slack) == (day_of(task["late_start"]), task["total_slack_days"])
