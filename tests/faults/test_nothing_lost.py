"""Whatever is killed, and wherever: every event has one effect. `dev.py test --full` kills ten times as often."""

import os
from itertools import cycle, islice

from oversight.runtime.processes import wait_until

from .conftest import House, is_alive
from .mortal import RELAY_POINTS, WORKER_POINTS

ROUNDS = int(os.environ.get("OVERSIGHT_ROUNDS", "20"))
QUEUED = 10_000 if ROUNDS >= 200 else 400


def test_workers_killed_at_a_task(house: House) -> None:
    deaths = [{"victim": "child", "point": point} for point in islice(cycle(WORKER_POINTS), ROUNDS)]
    events = house.happen(*deaths, *[{}] * ROUNDS)
    house.bear("relay")
    house.settle(seconds=30 + 3 * ROUNDS)
    assert house.killed == ROUNDS
    house.assert_one_effect_each(events)


def test_the_whole_worker_killed(house: House) -> None:
    deaths = [{"victim": "worker", "point": point} for point in islice(cycle(WORKER_POINTS), ROUNDS)]
    events = house.happen(*deaths, *[{}] * ROUNDS)
    house.bear("relay")
    house.settle(seconds=30 + 5 * ROUNDS)
    assert house.killed == ROUNDS
    house.assert_one_effect_each(events)


def test_the_relay_killed_at_each_step(house: House) -> None:
    events = []
    for point in islice(cycle(RELAY_POINTS), ROUNDS):
        events += house.happen(*[{}] * 5)
        relay = house.bear("relay", point)
        assert wait_until(lambda relay=relay: not is_alive(relay), seconds=10), (point, house.words())
    assert house.waiting() == 5 * ROUNDS
    house.bear("relay")
    house.settle(seconds=30 + ROUNDS)
    house.assert_one_effect_each(events)


def test_the_broker_emptied_with_work_queued(house: House) -> None:
    events = house.happen(*[{}] * QUEUED)
    house.bear("relay")
    assert wait_until(lambda: house.broker.llen("celery") >= QUEUED, seconds=60), house.words()
    house.broker.flushall()
    house.settle(seconds=30 + QUEUED / 20)
    house.assert_one_effect_each(events)
