"""What is said of a step that is likely to end late, what it rests on, and what comes of it."""

import json
from datetime import timedelta

import pytest

from oversight.kernel.access.scope import scope
from oversight.kernel.records.words import day_in_words
from techtransfer.tasks import look_for_the_delays
from techtransfer.warning.looking import posteriors
from tests.cast import World, system, today_there
from tests.factories.milestone import put
from tests.notifications.telling import deliver_all, told
from tests.techtransfer.acting import act, look, unmet

from .scene import ago, finished, look_at, say, slow, under_way, versions, warning_of

pytestmark = pytest.mark.django_db


def test_red_at_two_check_ins_says_from_how_many_steps_it_knows(world: World) -> None:
    finished(world)
    make = under_way(world, 30)
    say(world.paul, make, 20, 16)
    assert look_at(world, make) == 1
    first = warning_of(world, make)
    assert first is not None and (first.level, first.basis, first.red_at) == ("AMBER", "LEARNT", None)
    say(world.paul, make, 28, 23)
    last = say(world.paul, make, 40, 30)
    assert look_at(world, make) == 1
    red = warning_of(world, make)
    assert red is not None and red.pk == first.pk
    assert (red.level, red.chance, red.learnt_from, red.learnt_here) == ("RED", 94, 14, 14)
    assert red.agreed_on == make.planned_end and red.red_at is not None
    assert red.says == (
        "Likely to end late: 94 % at the last check-in and 85 % at the one before, from 14 finished steps of its kind, "
        "all at Lyra Biologics. "
        f"Check-in of {day_in_words(last.as_of)}: 40 % after 30 of 35 days."
    )


def test_below_eight_finished_steps_it_goes_by_the_estimate_and_says_so(world: World) -> None:
    finished(world, took=(35,) * 7)
    make = under_way(world, 30, optimistic_days=30, pessimistic_days=50)
    say(world.paul, make, 40, 30)
    look_at(world, make)
    found = warning_of(world, make)
    assert found is not None and (found.level, found.basis, found.learnt_from) == ("AMBER", "THREE_POINT", 7)
    assert found.says.startswith(
        f"Likely to end late: {found.chance} % at one check-in, by the three-point estimate of the plan: only 7 steps "
        "of its kind are finished, and 8 are needed to learn from. Check-in of "
    )
    with scope(system(world.acme)) as by:
        assert posteriors(make.programme_id, by=by) == {}


def test_without_past_and_estimate_no_chance_is_given(world: World) -> None:
    make = under_way(world, 30)
    say(world.paul, make, 40, 16)
    look_at(world, make)
    assert warning_of(world, make) is None
    say(world.paul, make, 45, 30)
    late = under_way(world, 30)  # and nobody has said a word of this one
    look_at(world, late)
    found = warning_of(world, late)
    assert found is not None and (found.level, found.basis, found.chance) == ("NOTED", "FACTS", None)
    assert found.says == (
        f"Check-in missed: it was asked for on {day_in_words(ago(29 - 14))}; there is none yet. No chance is given: no "
        "step of its kind is finished, and the step has no three-point estimate."
    )


def test_twice_gives_the_same_and_writes_nothing(world: World) -> None:
    finished(world)
    make = under_way(world, 30)
    slow(world, make)
    look_at(world, make)
    red = warning_of(world, make)
    assert red is not None
    assert [look_at(world, make) for _ in range(3)] == [0, 0, 0]
    with scope(system(world.acme)) as by:
        look_for_the_delays.run(actor=by)
    again = warning_of(world, make)
    assert again is not None and (again.pk, again.version, again.seen) == (red.pk, 1, red.seen)
    assert versions(world, red) == 1


def test_the_data_seen_are_kept_as_canonical_json(world: World) -> None:
    finished(world)
    make = under_way(world, 30)
    one, two, three = slow(world, make)
    look_at(world, make)
    red = warning_of(world, make)
    assert red is not None
    seen = json.loads(red.seen)
    assert red.seen == json.dumps(seen, sort_keys=True, separators=(",", ":"))
    assert (seen["plan_days"], seen["worked_days"], seen["room_days"], seen["finished"]) == (35, 30, 35, 14)
    assert seen["check_ins"] == [
        {"as_of": one.as_of.isoformat(), "id": one.pk, "percent": 20, "worked_days": 16},
        {"as_of": two.as_of.isoformat(), "id": two.pk, "percent": 28, "worked_days": 23},
        {"as_of": three.as_of.isoformat(), "id": three.pk, "percent": 40, "worked_days": 30},
    ]
    assert len(seen["chance_at_check_ins"]) == 3 and min(seen["chance_at_check_ins"][1:]) > 0.8
    with scope(system(world.acme)) as by:
        found = posteriors(make.programme_id, by=by)[make.pk]
    assert (round(found.mean, 6), round(found.sd, 6), found.elapsed) == (*seen["posterior"], 30)


def test_a_step_on_its_way_is_not_warned_of(world: World) -> None:
    finished(world)
    make = under_way(world, 30)
    say(world.paul, make, 50, 16)
    say(world.paul, make, 90, 30)
    assert look_at(world, make) == 0
    assert warning_of(world, make) is None


def test_what_came_of_it_is_noted_when_the_step_ends(world: World) -> None:
    finished(world)
    make = under_way(world, 38)  # three days after its end
    slow(world, make)
    look_at(world, make)
    put(world, make, status="DONE", actual_end=ago(0))
    assert look_at(world, make) == 2
    over = warning_of(world, make)
    assert over is not None and (over.status, over.ended, over.late_days, over.level) == ("OVER", "FINISHED", 3, "RED")
    assert look_at(world, make) == 0


def test_a_warning_pales_when_the_next_check_in_is_good_and_its_outcome_is_kept(world: World) -> None:
    finished(world)
    make = under_way(world, 20)
    say(world.paul, make, 20, 14)
    look_at(world, make)
    assert warning_of(world, make) is not None
    say(world.paul, make, 65, 20, remark="The resin came")
    look_at(world, make)
    gone = warning_of(world, make)
    assert gone is not None and (gone.status, gone.ended, gone.late_days) == ("OVER", "GONE", None)
    put(world, make, status="DONE", actual_end=ago(0))
    look_at(world, make)
    kept = warning_of(world, make)
    assert kept is not None and kept.late_days == -15


def test_set_aside_it_returns_with_the_next_check_in_that_says_the_same(world: World) -> None:
    finished(world)
    make = under_way(world, 30)
    say(world.paul, make, 20, 16)
    look_at(world, make)
    first = warning_of(world, make)
    assert first is not None
    act(first, "respond", by=world.omar, response="A second shift from Monday")
    act(first, "set-aside", by=world.omar, reason="The first week was planned so")
    assert look_at(world, make) == 0
    say(world.paul, make, 28, 23)
    say(world.paul, make, 40, 30)
    assert look_at(world, make) == 1
    second = warning_of(world, make)
    assert second is not None and second.pk != first.pk and second.level == "RED"
    aside = look(first, world.omar)
    assert (aside.status, aside.ended, aside.response) == ("ASIDE", "SET_ASIDE", "A second shift from Monday")
    assert unmet(lambda: act(aside, "set-aside", by=world.omar, reason="Again")) == (
        "“Set aside” is for a record that is Standing; this one is Set aside.",
    )


def test_days_on_which_it_stands_still_are_no_days_of_work(world: World) -> None:
    finished(world)
    make = under_way(world, 30)
    say(world.paul, make, 45, 16)
    put(world, make, held_since=ago(14), held_until=ago(-2))
    say(world.paul, make, 45, 30, remark="Still held")
    look_at(world, make)
    found = warning_of(world, make)
    assert found is not None
    seen = json.loads(found.seen)
    # 15 days of work before the hold; of 35 days to the agreed end it takes 16.
    assert (seen["worked_days"], seen["room_days"]) == (15, 19)
    assert [each["worked_days"] for each in seen["check_ins"]] == [15, 15]


def test_a_check_in_is_looked_at_by_the_background_and_its_owner_is_told(world: World) -> None:
    finished(world)
    make = under_way(world, 30)
    deliver_all(world)
    say(world.paul, make, 20, 16)
    deliver_all(world)
    deliver_all(world)
    amber = warning_of(world, make)
    assert amber is not None and amber.level == "AMBER"
    assert ("warned-amber", amber.number) in told(world.omar)
    say(world.paul, make, 28, 23)
    say(world.paul, make, 40, 30)
    deliver_all(world)
    deliver_all(world)
    assert ("warned-red", amber.number) in told(world.omar)
    for other in (world.paul, world.olga, world.vera):
        assert [what for what, _ in told(other) if what.startswith("warned")] == []


def test_an_expected_end_moves_the_date_of_the_step(world: World) -> None:
    make = under_way(world, 30)
    end = make.planned_end + timedelta(9)
    say(world.paul, make, 40, 30, expected_end=end, remark="One column is down")
    moved = look(make, world.omar)
    assert (moved.partner_end, moved.confirmed_on) == (end, today_there())
    with scope(world.omar):
        assert moved.history.first().history_change_reason == "One column is down"
