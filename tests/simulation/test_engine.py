"""Many runs at once: each column is what the scalar engine gives, under every rule, and so is each chain."""

from itertools import pairwise
from typing import Any

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.plans import realistic
from techtransfer.schedule import Dates, Link, Network, Node, ScheduleError, compile_network, forward, trace
from techtransfer.schedule.chains import on_chains
from techtransfer.schedule.runs import Pass, Runs
from techtransfer.schedule.simulate import Draw, Hold, simulate
from techtransfer.schedule.spread import Pert
from techtransfer.schedule.vectors import LINE
from tests.schedule.networks import STATUS, Plan, plans

many = settings(max_examples=150, deadline=None, database=None, suppress_health_check=list(HealthCheck))
N = 7
LENGTHS = st.lists(st.integers(0, 12), min_size=N, max_size=N)
HOLDS = st.lists(st.integers(-5, 90), min_size=N, max_size=N)
PICK = st.integers(0, 1_000)


def run(network: Network, lengths: dict[Any, list[int]], holds: dict[Any, list[int]]) -> tuple[Pass, Runs]:
    """Given lengths and ends of holds, run by run."""
    prepared = Pass.of(network, STATUS, range(len(network.ids)))

    def length(position: int) -> Any:
        given = lengths.get(network.ids[position])
        return None if given is None else (np.array(given), min(given))

    def hold(position: int) -> Any:
        given = holds.get(network.ids[position])
        return None if given is None else np.array(given) - STATUS

    return prepared, prepared.run(N, length, hold)


def column(network: Network, lengths: dict[Any, list[int]], holds: dict[Any, list[int]], k: int) -> Dates | None:
    """The same run by the scalar engine; None where it has no dates."""
    changes: dict[Any, dict[str, Any]] = {}
    for key in (lengths.keys() | holds.keys()) & network.position.keys():
        node = network.rules[network.at(key)].node
        if node.actual_finish is not None:
            continue  # what is done is not drawn
        changes[key] = {}
        if key in lengths:
            changes[key]["duration" if node.actual_start is None else "remaining"] = lengths[key][k]
        if key in holds:
            changes[key]["finish_not_before"] = holds[key][k]
    try:
        return forward(network, STATUS, changes)
    except ScheduleError:
        return None


@many
@given(plans(), st.dictionaries(st.integers(0, 8), LENGTHS), st.dictionaries(st.integers(0, 8), HOLDS, max_size=2))
def test_each_column_is_a_scalar_pass(plan: Plan, lengths: dict[int, list[int]], holds: dict[int, list[int]]) -> None:
    network = plan.network
    _, runs = run(network, lengths, holds)
    finishes = {key: np.broadcast_to(runs.days[2 * network.at(key) + 1], (N,)) for key in network.ids}
    for k in range(N):
        dates = column(network, lengths, holds, k)
        if dates is None:
            assert any(finish[k] >= LINE for finish in finishes.values())
            continue
        assert {key: finish[k] + STATUS for key, finish in finishes.items()} == dict(dates.finish)


@many
@given(
    plans(), st.dictionaries(st.integers(0, 8), LENGTHS), st.dictionaries(st.integers(0, 8), HOLDS, max_size=2), PICK
)
def test_each_chain_is_the_scalar_chain(
    plan: Plan, lengths: dict[int, list[int]], holds: dict[int, list[int]], pick: int
) -> None:
    network = plan.network
    prepared, runs = run(network, lengths, holds)
    study = pick % len(network.ids)
    found = on_chains(prepared, runs, study, N)
    counted: dict[int, int] = {}
    for k in range(N):
        dates = column(network, lengths, holds, k)
        if dates is None:
            return  # the scalar engine has no chain at all where one node has no date
        for key in set(trace(network, dates, network.ids[study])):
            counted[network.at(key)] = counted.get(network.at(key), 0) + 1
    assert found == counted


@many
@given(plans(), PICK)
def test_constant_lengths_give_the_deterministic_dates(plan: Plan, pick: int) -> None:
    network = plan.network
    dates = forward(network, STATUS)
    draws = {node.id: Draw(Pert(node.duration, node.duration, node.duration)) for node in plan.nodes}
    for node in plan.nodes:
        if node.actual_start is not None and node.remaining is not None:
            draws[node.id] = Draw(Pert(node.remaining, node.remaining, node.remaining))
    found = simulate(network, STATUS, draws, 5, pick)
    for key in network.ids:
        assert found.finish[key].tolist() == [dates.finish[key]] * 5
        assert found.criticality(key) == dict.fromkeys(trace(network, dates, key), 1.0)


def chain(*nodes: Node, links: list[Link] | None = None) -> Network:
    return compile_network(nodes, links or [Link(a.id, b.id) for a, b in pairwise(nodes)])


def test_a_run_without_a_slot_is_counted_and_later_than_any_date() -> None:
    network = chain(Node("make", 10), Node("fill", 3, slots=(12,)), Node("study", 0))
    found = simulate(network, 0, {"make": Draw(Pert(5, 10, 30))}, 1_000, 1, studies=["study"])
    late = int(np.count_nonzero(simulate(network, 0, {"make": Draw(Pert(5, 10, 30))}, 1_000, 1).finish["make"] > 12))
    assert 0 < late < 1_000
    assert found.lost("study") == late
    assert sorted(set(found.finish["study"].tolist()))[0] == 15
    assert found.finish["study"].max() >= LINE
    assert found.criticality("study")["fill"] == 1.0
    assert found.on_chain["study"]["fill"] == 1_000 - late


def test_a_hold_that_was_drawn_is_never_over_before_tomorrow() -> None:
    network = chain(Node("make", 10, actual_start=-4, remaining=6, finish_not_before=9), Node("study", 0))
    draws = {"make": Draw(hold=Hold(-20, Pert(5, 10, 60)))}
    finish = simulate(network, 0, draws, 2_000, 7).finish["make"]
    assert finish.min() == 7  # tomorrow, and then six days of work
    assert finish.max() <= -20 + 60 + 6


def test_a_plan_of_a_thousand_steps_is_the_scalar_one_too() -> None:
    nodes, links, calendars = realistic(1_000, 3)
    network, today, launch = compile_network(nodes, links, calendars), 100, 999
    lengths = {node.id: np.array([node.duration, node.duration + 3, 2 * node.duration]) for node in nodes}
    prepared = Pass.of(network, today, [network.at(launch)])
    ids, rules = network.ids, network.rules
    runs = prepared.run(3, lambda place: (lengths[ids[place]], int(lengths[ids[place]].min())), lambda place: None)
    for k in range(3):
        changes = {
            key: {"duration" if rules[network.at(key)].node.actual_start is None else "remaining": int(days[k])}
            for key, days in lengths.items()
            if not rules[network.at(key)].done
        }
        finish = forward(network, today, changes).finish[launch]
        assert runs.days[2 * network.at(launch) + 1][k] + today == finish
