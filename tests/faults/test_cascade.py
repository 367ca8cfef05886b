"""Workers and the database die in the middle of a cascade of two thousand steps: each date moves once, or not at all.

`dev.py test --full` kills ten times as often.
"""

import os
import random
import signal
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import cycle, islice
from uuid import uuid4

import pytest

from oversight.kernel.access.scope import scope
from oversight.kernel.notifications.models import Notice
from oversight.kernel.outbox.models import Event
from oversight.kernel.records.writes import move
from oversight.kernel.trail.change import change
from oversight.runtime.processes import wait_until
from techtransfer.models import Dependency, ImpactAlert, Milestone
from techtransfer.records import MILESTONE
from tests.cascade.supply import Supply, after
from tests.cast import raw
from tests.full import ROUNDS

from .conftest import House, is_alive
from .crashing import crash, write_down
from .whole import assert_whole

CRASHES = max(2, ROUNDS // 10)
WIDE = 2000
WHO_IS_AT_IT = """
SELECT client_port FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE locktype = 'advisory' AND granted
"""
AT_IT = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted"


class Wide:
    """Lyra's substance, and two thousand steps at both CDMOs that wait for it, each for the one before it too."""

    def __init__(self, house: House, life: str = "plain") -> None:
        self.house, self.world, self.supply = house, house.world, Supply(house.world)
        self.life, self.worker = life, house.bear(life)
        with change(by=self.supply.system):
            self.steps = Milestone.objects.bulk_create(list(self._steps()))
            behind = [(self.supply.make, step) for step in self.steps]
            behind += list(zip(self.steps, self.steps[1:], strict=False))[::2]
            Dependency.objects.bulk_create(
                Dependency(
                    tenant_id=self.world.acme.pk, number=f"DEP-{place:05}", programme=self.supply.programme,
                    predecessor=first, successor=then, status="ACTIVE",
                )
                for place, (first, then) in enumerate(behind, 50_000)
            )  # fmt: skip
        self.supply.cascade()
        self.keys = [step.pk for step in [*self.steps, *self.supply.steps]]
        self.said = 14  # days from now: when Lyra ends the making

    def _steps(self) -> Iterator[Milestone]:
        world = self.world
        for place in range(WIDE):
            site = world.orion_site if place % 2 else world.lyra_site
            yield Milestone(
                tenant_id=world.acme.pk, number=f"MS-{50_000 + place}", programme=self.supply.programme,
                product_code="ACM-101", title=f"Pull {place}", step="TESTING", stage="DS", cdmo=site.cdmo, site=site,
                calendar="EVERY_DAY", duration_days=1 + place % 7, owner_id=world.omar.user, owner_name="Omar Haddad",
            )  # fmt: skip

    def happen(self) -> str:
        """Lyra says that it ends another day; the id of the request in which it does."""
        self.said = 20 + (self.said + 5) % 11
        paul = replace(self.world.paul, request=uuid4().hex)
        with scope(paul):
            values = {"partner_end": after(self.said)}
            move(MILESTONE, self.supply.make.pk, "forecast", by=paul, version=None, values=values, reason="Resin")
        return paul.request

    def kill_child(self) -> None:
        """The process at work dies, and the worker bears another; when none is at it any more, the worker dies."""
        ports = {port for (port,) in raw(WHO_IS_AT_IT)}
        for child in self.worker.children(recursive=True):
            if ports & {each.laddr.port for each in child.net_connections("tcp")}:
                child.kill()
                return
        self.kill_worker()

    def kill_worker(self) -> None:
        """The worker dies, and all of its processes."""
        os.killpg(self.worker.pid, signal.SIGKILL)

    def revive(self) -> None:
        """Another worker, if this one is dead."""
        if not is_alive(self.worker):
            self.worker = self.house.bear(self.life)

    def settle(self, *, seconds: float = 120) -> None:
        """Until everything is delivered, by another worker if this one is dead."""

        def is_settled() -> bool:
            self.revive()
            return not self.house.waiting()

        assert wait_until(is_settled, seconds=seconds, every=0.05), f"{self.house.waiting()}:\n{self.house.words()}"

    def assert_whole(self, requests: list[str]) -> None:
        """Each request has moved each step once; every date is what a computation from the rows gives."""
        world = self.world
        with scope(self.supply.system):
            rows = raw(
                """SELECT history_request, count(*), count(DISTINCT id), count(DISTINCT history_txid)
                     FROM techtransfer_historicalmilestone WHERE history_source = 'task' AND history_request = ANY(%s)
                    GROUP BY 1""",
                requests,
            )
            assert {request: counts for request, *counts in rows} == {
                request: [len(self.keys), len(self.keys), 1] for request in requests
            }, "one version of each step for each cause, all of them in one transaction"
            alerts = ImpactAlert.objects.filter(programme=self.supply.programme)
            assert sorted(alerts.values_list("cdmo_id", "study_id"), key=str) == sorted(
                [(None, self.supply.study.pk), (None, None), (world.lyra.pk, None), (world.orion.pk, None)], key=str
            )
            versions = raw(
                "SELECT count(*) FROM techtransfer_historicalimpactalert WHERE history_request = ANY(%s)"
                " GROUP BY id, history_request",
                requests,
            )
            assert set(versions) == {(1,)}
            events = Event.objects.filter(name__startswith="impact_alert.", request__in=requests)
            assert len(set(events.values_list("record_id", "request"))) == events.count() == 4 * len(requests)
            told = Notice.objects.filter(event_id__in=events.values("pk")).values_list("membership_id", "event_id")
            assert len(set(told)) == len(told)
        self.assert_computed()
        assert_whole(world, [self.supply.programme, self.supply.study, *self.steps])

    def assert_computed(self) -> None:
        """By the arithmetic of the chain, and by the engine, which finds nothing to move."""
        ends = self.supply.dates()
        assert ends[self.supply.make.pk][1] == after(self.said)
        free = after(self.said + 1)
        for place, step in enumerate(self.steps):
            start = free
            if place % 2:
                start = self._next(ends[self.steps[place - 1].pk][1])
            assert ends[step.pk] == (start, start + timedelta(days=place % 7)), step.title
        assert ends[self.supply.dosed.pk][0] == after(self.said + 15)
        assert self.supply.cascade() == 0

    @staticmethod
    def _next(day: date | None) -> date:
        assert day is not None
        return day + timedelta(days=1)


@pytest.fixture
def wide(house: House) -> Wide:
    wide = Wide(house)
    house.bear("relay")
    wide.happen()
    wide.settle()  # everybody is awake
    return wide


def is_at_it() -> bool:
    """Whether a worker has an event in hand."""
    return bool(raw(AT_IT)[0][0])


def wait_for_the_middle(wide: Wide, request: str, seconds: float) -> None:
    """Until a worker is at it, and then some way into what it takes; it may be over when one looks."""
    assert wait_until(lambda: is_at_it() or done(wide, request), seconds=60, every=0.005), wide.house.words()
    time.sleep(seconds)


def measured(wide: Wide) -> float:
    """How long a cascade takes that nobody disturbs."""
    request = wide.happen()
    wait_for_the_middle(wide, request, 0)
    began = time.monotonic()
    assert wait_until(lambda: done(wide, request), seconds=60, every=0.01)
    taken = time.monotonic() - began
    wide.settle()
    return taken


def done(wide: Wide, request: str) -> bool:
    """Whether the study has heard of it."""
    with scope(wide.supply.system):
        return Event.objects.filter(name="study.forecast_moved", request=request).exists()


def test_whoever_dies_in_the_middle_of_a_cascade_each_date_moves_once(wide: Wide) -> None:
    dice, interrupted, requests = random.Random(5), 0, []  # noqa: S311  it decides when to kill
    whole = measured(wide)
    victims = (wide.kill_child, wide.kill_child, wide.kill_child, wide.kill_worker)  # who comes back soon, more often
    deaths = [*islice(cycle(victims), ROUNDS), *[crash] * CRASHES]
    for die in deaths:
        requests.append(wide.happen())
        if die is crash:
            write_down()
        wait_for_the_middle(wide, requests[-1], dice.uniform(0, whole))
        die()
        interrupted += not done(wide, requests[-1])
        wide.settle()
        assert wide.supply.dates()[wide.supply.make.pk][1] == after(wide.said)
    print(f"\n{interrupted} of {len(deaths)} died before the end of a cascade of {whole:.2f} s")
    assert interrupted >= len(deaths) // 3
    wide.assert_whole(requests)
