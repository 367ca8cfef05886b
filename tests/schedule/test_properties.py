"""What holds of every plan: the slow way gives the same dates, a part gives what the whole gives, late means late."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from techtransfer.schedule import (
    CycleError,
    Dates,
    Link,
    Network,
    Node,
    ScheduleError,
    backward,
    compile_network,
    forward,
    propagate,
    steps,
    trace,
)

from .networks import STATUS, Plan, plans
from .oracle import slow_dates

PUSHED = 1_000  # networks, in each of which every node is pushed
many = settings(max_examples=400, deadline=None, database=None, suppress_health_check=list(HealthCheck))
PICK = st.integers(0, 1_000)


def both(dates: Dates) -> dict[Any, tuple[int, int]]:
    return {key: (dates.start[key], dates.finish[key]) for key in dates.network.ids}


@many
@given(plans())
def test_the_slow_way_gives_the_same_dates(plan: Plan) -> None:
    assert both(forward(plan.network, STATUS)) == slow_dates(plan.nodes, plan.links, plan.open_days, STATUS)


CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "duration": st.integers(0, 12),
        "not_before": st.none() | st.integers(0, 90),
        "finish_not_before": st.none() | st.integers(0, 90),
        "calendar": st.sampled_from((None, "week", "wild")),
        "remaining": st.none() | st.integers(0, 12),
        "slots": st.none() | st.just(tuple(range(3, 1_200, 11))),
    },
)


@many
@given(plans(), st.dictionaries(st.integers(0, 8), CHANGES, max_size=3))
def test_the_part_that_moves_is_what_the_whole_gives(plan: Plan, wanted: dict[int, dict[str, Any]]) -> None:
    network = plan.network
    base = forward(network, STATUS)
    changes = {key: fields for key, fields in wanted.items() if key in network.position}
    whole = forward(network, STATUS, changes)
    moved = {
        key: (whole.start[key], whole.finish[key], whole.driver[key])
        for key in network.ids
        if (whole.start[key], whole.finish[key]) != (base.start[key], base.finish[key])
    }
    assert propagate(network, base, changes) == moved
    # The same, where the plan itself was changed and the base was kept.
    nodes = [replace(node, **changes.get(node.id, {})) for node in plan.nodes]
    anew = replace(plan, nodes=nodes).network
    assert both(forward(anew, STATUS)) == both(whole)
    kept = Dates.of(anew, STATUS, base.start, base.finish)
    assert propagate(anew, kept, changed=list(changes)) == moved


@settings(many, max_examples=PUSHED)
@given(plans(), PICK, st.integers(0, 15))
def test_the_late_start_keeps_the_date_and_one_day_more_breaks_it(plan: Plan, pick: int, spare: int) -> None:
    network = plan.network
    dates = forward(network, STATUS)
    study = network.ids[pick % len(network.ids)]
    due = dates.finish[study] + spare
    late = backward(network, dates, {study: due})[study]
    assert late.late_finish[study] == due or network.rules[network.at(study)].begun or plan_has_watchers(plan, study)

    def finish_with(key: Any, **fields: Any) -> int:
        return forward(network, STATUS, {key: fields}).finish[study]

    for node in plan.nodes:
        if node.actual_finish is not None:
            continue  # nothing can push it
        key = node.id
        if key not in late.late_start:
            assert finish_with(key, not_before=400, finish_not_before=400) <= due
            continue
        assert late.float[key] == late.late_start[key] - dates.start[key] >= 0
        assert finish_with(key, finish_not_before=late.late_finish[key]) <= due
        if node.actual_start is None:
            assert (
                finish_with(key, not_before=late.late_start[key])
                <= due
                < finish_with(key, not_before=late.late_start[key] + 1)
            )
        elif finish_with(key, finish_not_before=400) > due:  # only its finish can still move, if that leads anywhere
            assert finish_with(key, finish_not_before=late.late_finish[key] + 1) > due


def plan_has_watchers(plan: Plan, key: Any) -> bool:
    return any(link.pred == key for link in plan.links)


@many
@given(plans(), PICK, st.integers(1, 12), st.integers(0, 6))
def test_a_later_input_never_gives_an_earlier_date(plan: Plan, pick: int, days: int, what: int) -> None:
    before = forward(plan.network, STATUS)
    after = forward(*later(plan, pick, days, what))
    for key, (start, finish) in both(before).items():
        assert after.start[key] >= start
        assert after.finish[key] >= finish


def later(plan: Plan, pick: int, days: int, what: int) -> tuple[Network, int]:
    """The plan with one of its inputs some days later: a date, a lag, what remains, a link more, a slot less."""
    if what == 0:
        return plan.network, STATUS + days
    nodes, links = list(plan.nodes), list(plan.links)
    if what == 1 and links:
        place = pick % len(links)
        links[place] = replace(links[place], lag=links[place].lag + days)
    elif what == 2:
        a, b = sorted((pick % len(nodes), days % len(nodes)))
        if a != b:
            links.append(Link(a, b, ("FS", "SS", "FF", "SF")[pick % 4], days))
    else:
        place = pick % len(nodes)
        node = nodes[place]
        changed: dict[str, Any] = {
            name: day + days
            for name in ("not_before", "finish_not_before", "actual_start", "actual_finish", "remaining")
            if (day := getattr(node, name)) is not None
        }
        if node.slots:
            changed["slots"] = node.slots[1:]
        nodes[place] = replace(node, **(changed or {"not_before": days, "finish_not_before": 2 * days}))
    return replace(plan, nodes=nodes, links=links).network, STATUS


@many
@given(plans(), PICK)
def test_each_driver_explains_the_date_and_a_chain_leads_back_along_links(plan: Plan, pick: int) -> None:
    network = plan.network
    dates = forward(network, STATUS)
    key = network.ids[pick % len(network.ids)]
    chain = steps(network, dates, key)
    assert [step.id for step in chain] == trace(network, dates, key)
    assert chain[0].driver.link is None
    assert chain[-1].id == key
    for one, following in pairwise(chain):
        assert following.driver.link is not None
        link = plan.links[following.driver.link]
        assert (link.pred, link.succ) == (one.id, following.id) == (following.driver.pred, following.id)
        assert one.side == {"S": "start", "F": "finish"}[link.type[0]]
    for node in plan.nodes:
        driver = dates.driver[node.id]
        if (
            driver.link is not None
        ):  # one day later at the far end of a driving link is felt, but by slots and closed days
            assert plan.links[driver.link].succ == node.id
        elif driver.kind == "hold":
            assert node.finish_not_before == dates.finish[node.id]
        elif driver.kind == "not_before":
            assert node.not_before is not None and node.not_before <= dates.start[node.id]


LOOSE = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=14)


@many
@given(LOOSE)
def test_a_loop_is_named_as_it_runs(pairs: list[tuple[int, int]]) -> None:
    nodes = [Node(key, 1) for key in range(6)]
    left = set(range(6))
    while free := {key for key in left if not any(succ == key and pred in left for pred, succ in pairs)}:
        left -= free
    try:
        compile_network(nodes, [Link(*pair) for pair in pairs])
    except CycleError as error:
        assert left
        assert len(set(error.cycle)) == len(error.cycle) > 0
        for pair in zip(error.cycle, error.cycle[1:] + error.cycle[:1], strict=True):
            assert pair in pairs
    else:
        assert not left


@many
@given(plans(), PICK, st.integers(1, 30))
def test_a_missed_date_gives_the_latest_dates_that_would_have_kept_it(plan: Plan, pick: int, missed: int) -> None:
    network = plan.network
    dates = forward(network, STATUS)
    study = network.ids[pick % len(network.ids)]
    try:
        late = backward(network, dates, {study: dates.finish[study] - missed})[study]
    except ScheduleError as error:
        assert error.code == "horizon"
        return
    assert late.float[study] < 0
