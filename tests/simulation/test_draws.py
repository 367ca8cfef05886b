"""How long things may take: the tables against their formulas, a common factor of a site, and the same bytes twice."""

from math import exp, log

import numpy as np
import pytest

from techtransfer.schedule import Link, Network, Node, compile_network
from techtransfer.schedule.chance import SIGMA, Draw, site_factors
from techtransfer.schedule.simulate import Simulated, simulate
from techtransfer.schedule.spread import LogNormal, Pert, table_of
from techtransfer.simulation.results import percentile


@pytest.mark.parametrize(("low", "likely", "high"), [(8, 10, 15), (0, 10, 10), (10, 10, 40), (2, 20, 21), (1, 2, 3650)])
def test_a_beta_pert_has_the_mean_and_the_variance_of_its_formulas(low: int, likely: int, high: int) -> None:
    table = table_of(Pert(low, likely, high))
    alpha, beta = 1 + 4 * (likely - low) / (high - low), 1 + 4 * (high - likely) / (high - low)
    variance = (high - low) ** 2 * alpha * beta / ((alpha + beta) ** 2 * (alpha + beta + 1))
    assert table.mean() == pytest.approx((low + 4 * likely + high) / 6, abs=1e-4 * (high - low))
    assert table.var() == pytest.approx(variance, rel=2e-3)
    assert low <= table[0] <= table[-1] <= high
    assert np.all(np.diff(table) >= 0)


def test_a_posterior_is_a_lognormal_and_what_has_begun_is_not_finished_before_today() -> None:
    table = table_of(LogNormal(20, log(1.3), 0.25))
    assert np.median(table) == pytest.approx(26, rel=1e-3)
    assert table.mean() == pytest.approx(26 * exp(0.25**2 / 2), rel=2e-3)
    left = table_of(LogNormal(20, log(1.3), 0.25, beyond=30, less=30))
    assert left.min() >= 0
    whole = table[table > 30] - 30
    assert np.median(left) == pytest.approx(np.median(whole), abs=0.05)
    assert table_of(LogNormal(20, 0.0, 0.0, beyond=25, less=25))[0] == 0


def test_a_hold_is_as_long_as_past_ones_were() -> None:
    table = table_of(LogNormal.between(17, 30))
    assert (np.median(table), np.quantile(table, 0.8)) == (pytest.approx(17, rel=1e-3), pytest.approx(30, rel=1e-3))
    late = table_of(LogNormal.between(17, 30, beyond=40))
    assert late.min() >= 40, "one that has outlasted them is not over yesterday"


def test_the_factors_of_a_site_have_the_mean_one() -> None:
    factors = site_factors(np.random.Generator(np.random.PCG64(3)), 200_000)
    assert factors.mean() == pytest.approx(1, abs=2e-3)
    assert np.log(factors).std() == pytest.approx(SIGMA, rel=0.01)


def parallel(site: str | None) -> Simulated:
    """Twelve steps in a row, each of 8, 10 or 15 days, at one site or without any."""
    nodes = [Node(key, 10) for key in range(12)]
    network = compile_network(nodes, [Link(key, key + 1) for key in range(11)])
    return simulate(network, 0, {key: Draw(Pert(8, 10, 15), site) for key in range(12)}, 20_000, 11, studies=[11])


def test_steps_of_one_site_share_its_good_and_bad_times() -> None:
    alone, together = parallel(None).finish[11], parallel("Basel").finish[11]
    assert together.mean() == pytest.approx(alone.mean(), rel=0.01)
    variance = 49 * (15 / 7) * (27 / 7) / (36 * 7)  # of one step; rounding to whole days adds a twelfth
    assert alone.std() == pytest.approx((12 * (variance + 1 / 12)) ** 0.5, rel=0.03)
    assert together.std() > 3 * alone.std(), "independent draws understate the tail"
    assert np.quantile(together, 0.9) - np.quantile(alone, 0.9) > 10


def test_the_middle_of_a_case_worked_by_hand() -> None:
    """Ten days, then a test of 2 to 10, most likely 6, and a slot on day 16 and every week: late tests miss it."""
    network = compile_network(
        [Node("make", 10), Node("test", 6), Node("fill", 2, slots=(16, 23, 30)), Node("study", 0)],
        [Link("make", "test"), Link("test", "fill"), Link("fill", "study")],
    )
    found = simulate(network, 0, {"test": Draw(Pert(2, 6, 10))}, 10_000, 1, studies=["study"])
    # The slot on day 16 is met by tests of six days or fewer, and the fill takes two.
    in_time = float(np.mean(table_of(Pert(2, 6, 10)) < 6.5))
    ends = np.sort(found.finish["study"])
    assert float(np.mean(ends == 18)) == pytest.approx(in_time, abs=0.015)
    assert set(ends.tolist()) == {18, 25}
    assert (int(ends[4_999]), int(ends[7_999])) == (18, 25)
    assert found.criticality("study") == {"make": 1.0, "test": 1.0, "fill": 1.0, "study": 1.0}


def test_a_percentile_is_a_run_that_there_was() -> None:
    ends = np.arange(1, 501)
    assert [percentile(ends, share).toordinal() - percentile(ends, 50).toordinal() for share in (80, 90)] == [150, 200]


def bytes_of(network: Network, seed: int) -> bytes:
    draws = {key: Draw(Pert(8, 10, 15), "Basel" if key % 2 else None) for key in network.ids}
    found = simulate(network, 0, draws, 12_345, seed)
    return b"".join(found.finish[key].tobytes() for key in network.ids) + repr(found.on_chain).encode()


def test_the_same_input_is_the_same_bytes_and_another_seed_is_not() -> None:
    network = compile_network([Node(key, 10) for key in range(6)], [Link(key, key + 1) for key in range(5)])
    assert bytes_of(network, 9) == bytes_of(network, 9) != bytes_of(network, 10)
