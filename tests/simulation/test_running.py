"""Runs of a programme: asked for, made once for the same plan, kept for good."""

from datetime import date
from math import log

import numpy as np
import pytest
from django.utils import timezone

from oversight.kernel.access.scope import scope
from techtransfer.schedule.spread import table_of
from techtransfer.simulation import Posterior, running
from techtransfer.simulation.inputs import read_inputs
from tests.cast import World, system
from tests.factories.milestone import put
from tests.techtransfer.planning import Planned

from .conftest import asked, made, told


def test_omar_asks_and_reads_what_two_thousand_runs_say(plan: Planned, world: World) -> None:
    simulation = made(asked(plan.programme, by=world.omar), world)
    assert (simulation.status, simulation.runs_done, simulation.asked_name) == ("DONE", 2_000, "Omar Haddad")
    study = told(simulation)
    assert study["code"] == "ACM-101-2"
    assert study["undated"] == 0
    assert study["percentiles"]["p50"] <= study["percentiles"]["p80"] <= study["percentiles"]["p90"]
    assert sum(week["runs"] for week in study["weeks"]) == 2_000
    assert {driver["title"]: driver["runs"] for driver in study["drivers"]} == {
        "Make DS-26-014": 2_000,
        "Release DS-26-014": 2_000,
        "Fill DP-27-002": 2_000,
        "Pack CL-27-01": 2_000,
    }


def test_the_same_plan_is_not_run_twice(plan: Planned, world: World) -> None:
    first = made(asked(plan.programme, by=world.omar, seed=5), world)
    again = made(asked(plan.programme, by=world.nina, seed=5), world)
    other = made(asked(plan.programme, by=world.nina, seed=6), world)
    assert (again.result_id, again.is_reused) == (first.result_id, True)
    assert (other.result_id != first.result_id, other.is_reused) == (True, False)
    assert other.result.inputs_sha256 == first.result.inputs_sha256


def test_a_worker_that_dies_leaves_it_to_the_next(plan: Planned, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    simulation = asked(plan.programme, by=world.omar)
    with monkeypatch.context() as dying:
        dying.setattr(running, "computed", _die)
        with pytest.raises(SystemExit):
            made(simulation, world)
    again = made(simulation, world)
    assert (again.status, again.runs_done) == ("DONE", 2_000)
    assert made(simulation, world).result_id == again.result_id, "and whoever hears a third bell finds it done"


def test_what_nobody_foresaw_is_said_and_not_kept_from_the_reader(
    plan: Planned, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "computed", _break)
    found = made(asked(plan.programme, by=world.omar), world)
    assert (found.status, found.problem, found.result_id) == ("FAILED", running.BROKEN, None)


def test_the_result_is_the_same_bytes_when_it_is_computed_anew(plan: Planned, world: World) -> None:
    simulation = made(asked(plan.programme, by=world.omar, seed=9), world)
    assert simulation.result is not None
    with scope(system(world.acme)):
        inputs = read_inputs(plan.programme, by=system(world.acme))
        assert running.computed(inputs, simulation) == simulation.result.result
        assert inputs.fingerprint == simulation.result.inputs_sha256


def test_progress_is_seen_while_the_runs_are_made(plan: Planned, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "EVERY", 0)
    said: list[int] = []
    monkeypatch.setattr(running, "_tell", lambda simulation, done: said.append(done))
    made(asked(plan.programme, by=world.omar, runs=12_000), world)
    assert said == [0, 5_000, 10_000, 12_000]


def test_a_posterior_takes_the_place_of_the_three_durations(plan: Planned, world: World) -> None:
    by = system(world.acme)
    with scope(by):
        inputs = read_inputs(plan.programme, posteriors={plan.make.pk: Posterior(log(2), 0.0, 0)}, by=by)
    assert (inputs.drawn.by_posterior, inputs.drawn.by_default, inputs.drawn.steps) == (1, 3, 4)
    length = inputs.drawn.draws[plan.make.pk].length
    assert length is not None
    assert set(table_of(length).round(6).tolist()) == {60.0}


def test_an_open_hold_is_as_long_as_past_ones_were(plan: Planned, world: World) -> None:
    put(world, plan.make, held_since=date(2026, 11, 2), held_until=date(2027, 3, 10))
    by = system(world.acme)
    with scope(by):
        inputs = read_inputs(plan.programme, by=by)
    hold = inputs.drawn.draws[plan.make.pk].hold
    assert hold is not None
    table = table_of(hold.takes)
    left = (date(2027, 3, 10) - timezone.now().date()).days
    assert (round(float(np.median(table))), round(float(np.quantile(table, 0.8)))) == (left, round(left * 1.5))


def _die(*given: object) -> str:
    raise SystemExit


def _break(*given: object) -> str:
    raise RuntimeError("Something else")
