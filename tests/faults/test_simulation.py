"""A worker dies in the middle of a simulation of two thousand steps: another makes the same runs, to the byte."""

import os
import signal
import time
from dataclasses import replace
from uuid import uuid4

import pytest

from oversight.kernel.access.scope import scope
from oversight.kernel.outbox.models import Event
from oversight.kernel.trail.change import change
from oversight.runtime.processes import wait_until
from techtransfer.models import Dependency, Simulation, SimulationResult
from techtransfer.simulation.asking import ASKED, ask
from techtransfer.simulation.inputs import read_inputs
from techtransfer.simulation.running import computed
from techtransfer.warning.looking import posteriors
from tests.cast import raw

from .conftest import House
from .test_cascade import Wide
from .whole import assert_whole

RUNS = 20_000
WHO_HAS_IT_IN_HAND = """
SELECT client_port FROM pg_locks JOIN pg_stat_activity USING (pid)
 WHERE locktype = 'advisory' AND granted
   AND (classid::bigint << 32 | objid::bigint) = hashtextextended('outbox event ' || %s, 0)
"""
FAR_ENOUGH = RUNS // 10


class Watched:
    """One simulation, and all that others saw of how far it was."""

    def __init__(self, wide: Wide, seed: int) -> None:
        self.wide, self.by = wide, wide.supply.system
        omar = replace(wide.world.omar, request=uuid4().hex)
        with scope(omar):
            self.row = ask(wide.supply.programme, runs=RUNS, seed=seed, by=omar)
            self.event = Event.objects.visible_to(omar).get(name=ASKED, record_id=self.row.pk)
        self.seen: list[tuple[str, int]] = []

    def look(self) -> Simulation:
        """Its row as everybody may read it now."""
        with scope(self.by):
            row = Simulation.objects.visible_to(self.by).select_related("result").get(pk=self.row.pk)
        if not self.seen or self.seen[-1] != (row.status, row.runs_done):
            self.seen.append((row.status, row.runs_done))
        return row

    def wait_for_the_middle(self) -> None:
        """Until others read that some runs are made, and not all."""
        assert wait_until(lambda: self.look().runs_done >= FAR_ENOUGH, seconds=60, every=0.02), self.wide.house.words()
        assert (self.look().status, self.row.runs_done < RUNS) == ("RUNNING", True)

    def end(self) -> Simulation:
        """Until it is over, with another worker if this one is dead."""

        def is_over() -> bool:
            self.wide.revive()
            return not self.look().is_waited_for

        assert wait_until(is_over, seconds=60, every=0.05), self.wide.house.words()
        return self.look()


def kill_child(watched: Watched) -> None:
    """The process that makes the runs, and no other."""
    ((port,),) = raw(WHO_HAS_IT_IN_HAND, watched.event.pk)
    for child in watched.wide.worker.children(recursive=True):
        if port in {each.laddr.port for each in child.net_connections("tcp")}:
            child.kill()
            return
    raise AssertionError("no process of the worker makes the runs")


def kill_worker(watched: Watched) -> None:
    """All of its processes."""
    os.killpg(watched.wide.worker.pid, signal.SIGKILL)


@pytest.fixture
def wide(house: House) -> Wide:
    wide = Wide(house, "telling")
    with change(by=wide.supply.system):
        Dependency.objects.bulk_create(  # whatever leads nowhere is not run
            Dependency(
                tenant_id=wide.world.acme.pk, number=f"DEP-{place:05}", programme=wide.supply.programme,
                predecessor=step, successor=wide.supply.dosed, status="ACTIVE",
            )
            for place, step in enumerate(wide.steps, 60_000)
        )  # fmt: skip
    house.bear("relay")
    return wide


def test_whoever_dies_another_makes_the_same_runs(wide: Wide) -> None:
    for seed, die in enumerate((kill_child, kill_worker), 11):
        watched = Watched(wide, seed)
        watched.wait_for_the_middle()
        died_at, began = len(watched.seen), time.monotonic()
        die(watched)
        found = watched.end()
        print(f"\n{die.__name__}: seen {watched.seen}, the rest {time.monotonic() - began:.1f} s")
        assert (found.status, found.runs_done, found.problem, found.is_reused) == ("DONE", RUNS, "", False)
        assert all(0 <= done <= RUNS for _, done in watched.seen)
        assert (watched.seen[0][1], watched.seen[-1]) == (0, ("DONE", RUNS))
        after = [done for _, done in watched.seen[died_at:]]
        assert min(after) < FAR_ENOUGH, "whoever took it up began anew, and said so"
        assert after[after.index(min(after)) :] == sorted(after[after.index(min(after)) :]), "and went forwards alone"
        _assert_one_result(watched, found)
    wide.settle()
    assert_whole(wide.world, [wide.supply.programme, *wide.steps])


def _assert_one_result(watched: Watched, found: Simulation) -> None:
    """One result, the bytes of which a run gives that nobody disturbs; and the event has had its one effect."""
    by, programme = watched.by, watched.wide.supply.programme
    with scope(by):
        results = SimulationResult.objects.visible_to(by).filter(programme=programme, seed=found.seed, runs=RUNS)
        (result,) = results
        inputs = read_inputs(programme, posteriors=posteriors(programme.pk, by=by), by=by)
        assert inputs.fingerprint == result.inputs_sha256
        assert computed(inputs, found) == result.result
        assert wait_until(lambda: _state(watched.event) == "DONE", seconds=20), "it is settled"
        assert watched.event.effects.filter(subscriber="simulation").count() == 1


def _state(event: Event) -> str:
    event.refresh_from_db(fields=["state"])
    return event.state
