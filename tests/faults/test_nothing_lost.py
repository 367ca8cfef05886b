"""Whatever is killed, and wherever: every event has one effect. `dev.py test --full` kills ten times as often."""

from itertools import cycle, islice

import pytest

from oversight.runtime.processes import wait_until
from tests.full import ROUNDS

from .conftest import House, is_alive
from .mortal import RELAY_POINTS, WORKER_POINTS
from .whole import assert_whole

AT_ONCE = 10  # deaths that come together; more would only wait for each other, as the relay rings less and less often
QUEUED = 10_000 if ROUNDS >= 200 else 400


@pytest.mark.requirement("A11-16-lost")
@pytest.mark.parametrize("victim", ["child", "worker"])
def test_workers_killed_at_a_task(house: House, victim: str) -> None:
    events = []
    house.bear("relay")
    for done in range(0, ROUNDS, AT_ONCE):
        points = islice(cycle(WORKER_POINTS), min(AT_ONCE, ROUNDS - done))
        deaths = [{"victim": victim, "point": point} for point in points]
        events += house.happen(*deaths, *[{}] * AT_ONCE)
        house.settle(seconds=300)
    # Who dies last dies when all is settled. Who had settled may go down with another's worker first: another one dies.
    for _ in range(AT_ONCE):
        if wait_until(lambda: house.killed >= ROUNDS, seconds=10):
            break
        events += house.happen({"victim": victim, "point": WORKER_POINTS[0]})
        house.settle(seconds=120)
    assert house.killed >= ROUNDS
    house.assert_one_effect_each(events)
    assert_whole(house.world)


@pytest.mark.requirement("A11-16-lost")
def test_the_relay_killed_at_each_step(house: House) -> None:
    events = []
    for point in islice(cycle(RELAY_POINTS), ROUNDS):
        events += house.happen(*[{}] * 5)
        relay = house.bear("relay", point)
        assert wait_until(lambda relay=relay: not is_alive(relay), seconds=60), (point, house.words())
    assert house.waiting() == 5 * ROUNDS
    house.bear("relay")
    house.settle(seconds=30 + ROUNDS)
    house.assert_one_effect_each(events)
    assert_whole(house.world)


@pytest.mark.requirement("A11-16-lost")
def test_the_broker_emptied_with_work_queued(house: House) -> None:
    events = house.happen(*[{}] * QUEUED)
    house.bear("relay")
    assert wait_until(lambda: house.broker.llen("celery") >= QUEUED, seconds=60), house.words()
    house.broker.flushall()
    house.settle(seconds=30 + QUEUED / 20)
    house.assert_one_effect_each(events)
    assert_whole(house.world)
