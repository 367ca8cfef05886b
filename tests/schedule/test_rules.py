"""The corners of the time model, one by one, with days a person can check."""

from typing import Any

import pytest

from techtransfer.schedule import (
    Calendar,
    Driver,
    Link,
    Network,
    Node,
    ScheduleError,
    backward,
    compile_network,
    dates_of,
    forward,
    out_of_sequence,
    steps,
)

# Day 0 is a Monday, so 5 and 6 are the first weekend.
WEEK = Calendar.of([day for day in range(-70, 371) if day % 7 < 5], 371)


def network(nodes: list[Node], *links: Link) -> Network:
    return compile_network(nodes, links, {"week": WEEK})


def dates_in(nodes: list[Node], *links: Link, today: int = 0) -> dict[Any, tuple[int, int]]:
    dates = forward(network(nodes, *links), today)
    return {key: (dates.start[key], dates.finish[key]) for key in dates.network.ids}


# Calendars.


def test_a_calendar_counts_adds_subtracts_and_snaps() -> None:
    assert [WEEK.snap(day) for day in (4, 5, 6, 7)] == [4, 7, 7, 7]
    assert [WEEK.add(day, 1) for day in (4, 5, 6, 7)] == [5, 8, 8, 8]
    assert [WEEK.add(3, days) for days in (0, 1, 2, 3)] == [3, 4, 5, 8]
    assert [WEEK.subtract(8, days) for days in (0, 1, 2)] == [8, 7, 4]
    assert (WEEK.count(0, 7), WEEK.count(4, 8), WEEK.count(5, 7)) == (5, 2, 0)


@pytest.mark.parametrize("length", range(6))
@pytest.mark.parametrize("bound", range(3, 17))
def test_each_way_back_gives_the_latest_day_there_is(bound: int, length: int) -> None:
    def last(move: Any) -> int:
        return max(day for day in range(-30, 60) if move(day) <= bound)

    assert WEEK.latest_to_snap(bound) == last(WEEK.snap)
    assert WEEK.latest_to_subtract(bound, length) == last(lambda day: WEEK.subtract(day, length))
    assert WEEK.subtract(bound, length) == last(lambda day: WEEK.add(day, length))
    assert WEEK.latest_to_place(bound, length) == last(lambda day: WEEK.place(day, length)[1])
    first = min(day for day in range(-30, 60) if WEEK.snap(day) == day and WEEK.place(day, length)[1] >= bound)
    assert WEEK.start_to_reach(bound, length) == first


def test_a_calendar_begins_at_its_first_work_day_and_ends_at_its_horizon() -> None:
    days = Calendar.of([10, 11, 12, 30], 20)  # the 30th is beyond the horizon and not used
    assert (days.snap(-5), days.add(0, 3), days.count(0, 20)) == (10, 13, 3)
    for move, *given in ((days.snap, 13), (days.add, 11, 3), (days.count, 0, 21), (days.subtract, 11, 2)):
        with pytest.raises(Exception, match=r"horizon 20|first work day 10"):
            move(*given)


def test_a_milestone_of_a_site_falls_on_one_of_its_work_days() -> None:
    assert dates_in([Node("made", 5), Node("signed", 0, "week")], Link("made", "signed"))["signed"] == (7, 7)
    assert dates_in([Node("made", 5), Node("told", 0)], Link("made", "told"))["told"] == (5, 5)


# Links.


@pytest.mark.parametrize(
    ("lag", "calendar", "start"),
    [(0, None, 5), (3, None, 8), (-2, None, 3), (3, "week", 10), (-2, "week", 3), (1, "week", 8)],
)
def test_a_lag_counts_by_its_own_calendar(lag: int, calendar: str | None, start: int) -> None:
    pair = [Node("a", 5, "week"), Node("b", 1)]
    assert dates_in(pair, Link("a", "b", "FS", lag, calendar))["b"][0] == start


def test_a_link_to_the_finish_moves_a_whole_activity_and_its_length_stays() -> None:
    assert dates_in([Node("a", 10), Node("b", 4)], Link("a", "b", "FF"))["b"] == (6, 10)
    assert dates_in([Node("a", 3), Node("b", 4)], Link("a", "b", "SF", 9))["b"] == (5, 9)
    # To reach a Sunday's midnight a week's work has to run into Monday.
    assert dates_in([Node("a", 7), Node("b", 2, "week")], Link("a", "b", "FF"))["b"] == (4, 8)


def test_one_bound_to_a_slot_keeps_it_and_its_finish_stretches() -> None:
    nodes = [Node("a", 10), Node("fill", 2, slots=(1, 29))]
    assert dates_in(nodes, Link("a", "fill", "FF"))["fill"] == (1, 10)


# Slots.


@pytest.mark.parametrize(("days", "start"), [(1, 1), (2, 29), (29, 29)])
def test_three_days_cost_nothing_or_a_month(days: int, start: int) -> None:
    nodes = [Node("a", days), Node("fill", 2, slots=(1, 29))]
    assert dates_in(nodes, Link("a", "fill"))["fill"] == (start, start + 2)


def test_a_promised_day_is_taken_though_the_site_is_closed() -> None:
    assert dates_in([Node("a", 5), Node("fill", 1, "week", slots=(5, 19))], Link("a", "fill"))["fill"] == (5, 8)


def test_no_slot_left_is_said_of_the_node() -> None:
    with pytest.raises(ScheduleError, match="Node 'fill' has no slot left on day 30 or later") as refused:
        forward(network([Node("fill", 1, slots=(1, 29))]), 30)
    assert (refused.value.code, refused.value.key) == ("no_slot", "fill")


# Holds.


def test_a_hold_stretches_the_finish_and_leaves_the_start() -> None:
    nodes = [Node("a", 3, finish_not_before=20), Node("after", 1), Node("beside", 1)]
    told = dates_in(nodes, Link("a", "after"), Link("a", "beside", "SS", 1))
    assert told == {"a": (0, 20), "after": (20, 21), "beside": (1, 2)}


def test_a_hold_beyond_the_due_day_makes_its_own_node_late_and_nothing_before_it() -> None:
    plan = network([Node("before", 2), Node("held", 5, finish_not_before=30)], Link("before", "held"))
    late = backward(plan, forward(plan, 0), {"held": 20})["held"]
    assert (dict(late.float), dict(late.late_start)) == ({"before": 13, "held": -10}, {"before": 13, "held": -8})


# Progress.


def test_what_has_not_begun_is_not_before_the_status_date() -> None:
    assert dates_in([Node("a", 3)], today=50)["a"] == (50, 53)


def test_what_is_left_runs_from_the_status_date_and_waits_for_the_others() -> None:
    begun = Node("b", 9, actual_start=40, remaining=4)
    assert dates_in([begun], today=50)["b"] == (40, 54)
    assert dates_in([Node("a", 8), begun], Link("a", "b"), today=50)["b"] == (40, 62)
    assert dates_in([Node("b", 9, actual_start=40)], today=50)["b"] == (40, 59)  # nobody said how much is left


def test_a_not_before_no_longer_holds_what_has_begun() -> None:
    assert dates_in([Node("a", 3, not_before=90, slots=(80,), actual_start=40, remaining=3)], today=50)["a"] == (40, 53)


def test_what_is_done_has_its_own_dates() -> None:
    done = [
        Node("a", 3, actual_start=1, actual_finish=9),
        Node("b", 3, actual_finish=9),
        Node("c", 3, "week", actual_finish=9),
    ]
    assert dates_in(done, Link("a", "b"), today=50) == {"a": (1, 9), "b": (6, 9), "c": (4, 9)}


def test_progress_against_the_links_is_flagged() -> None:
    nodes = [
        Node("done", 5, actual_start=0, actual_finish=5),
        Node("open", 5),
        Node("fine", 5, actual_start=5),
        Node("early", 5, actual_start=6),
        Node("too soon", 5, actual_start=6),
    ]
    links = [Link("done", "fine"), Link("open", "early"), Link("done", "too soon", "FS", 3)]
    plan = network(nodes, *links)
    assert sorted(out_of_sequence(plan, forward(plan, 10))) == ["early", "too soon"]


def test_what_is_done_did_not_wait_for_what_is_not() -> None:
    plan = network(
        [Node("open", 5), Node("before", 2, actual_start=0, actual_finish=2), Node("study", 1),
         Node("done", 3, actual_start=2, actual_finish=5)],
        Link("open", "done"), Link("before", "done"), Link("done", "study"),
    )  # fmt: skip
    late = backward(plan, forward(plan, 10), {"study": 20})["study"]
    assert dict(late.late_finish) == {"study": 20, "done": 19, "before": 16}
    assert dict(late.float) == {"study": 9, "done": 14, "before": 14}


# Late dates.


def test_a_due_day_is_kept_by_the_latest_work_days() -> None:
    plan = network([Node("a", 3, "week"), Node("b", 2, "week"), Node("aside", 1)], Link("a", "b"))
    late = backward(plan, forward(plan, 0), {"b": 14})["b"]  # the midnight before a Monday
    assert (dict(late.late_start), dict(late.late_finish)) == ({"a": 7, "b": 10}, {"a": 10, "b": 14})
    assert dict(late.float) == {"a": 7, "b": 7}


def test_a_slot_waits_so_what_comes_before_it_may_be_late() -> None:
    plan = network([Node("a", 3), Node("fill", 2, slots=(1, 8, 29))], Link("a", "fill"))
    late = backward(plan, forward(plan, 0), {"fill": 20})["fill"]
    assert dict(late.late_start) == {"a": 5, "fill": 8}


def test_a_due_day_that_is_missed_gives_negative_float() -> None:
    plan = network([Node("a", 10), Node("b", 5)], Link("a", "b"))
    assert dict(backward(plan, forward(plan, 0), {"b": 12})["b"].float) == {"a": -3, "b": -3}


# Why.


def test_the_chain_goes_through_a_slot_to_what_missed_it_and_by_the_start_through_a_hold() -> None:
    plan = network(
        [Node("a", 3), Node("fill", 2, slots=(1, 29), finish_not_before=60), Node("b", 1), Node("c", 1)],
        Link("a", "fill"), Link("fill", "b", "SS", 4), Link("fill", "c"),
    )  # fmt: skip
    dates = forward(plan, 0)
    assert [(step.id, step.side, step.driver) for step in steps(plan, dates, "b")] == [
        ("a", "finish", Driver("status")),
        ("fill", "start", Driver("slot", "a", 0)),
        ("b", "finish", Driver("link", "fill", 1)),
    ]
    assert [(step.id, step.driver.kind) for step in steps(plan, dates, "c")] == [("fill", "hold"), ("c", "link")]


def test_of_two_that_drive_alike_the_first_link_is_named_and_a_link_before_a_date() -> None:
    nodes = [Node("a", 3), Node("b", 3), Node("c", 1, not_before=3)]
    dates = forward(network(nodes, Link("b", "c"), Link("a", "c")), 0)
    assert dates.driver["c"] == Driver("link", "b", 0)


def test_one_node_alone_under_a_what_if() -> None:
    plan = network([Node("a", 3, finish_not_before=20), Node("b", 1)], Link("a", "b"))
    dates = forward(plan, 0)
    assert dates_of(plan, dates, "a", {"finish_not_before": None}) == (0, 3)
    assert dates.finish["b"] == 21
