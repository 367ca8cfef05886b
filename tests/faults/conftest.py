"""The house in which the faults happen: mortal processes at the test database, with a broker of their own."""

import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psutil
import pytest
from django.db import connection
from redis import Redis

from oversight.kernel.access.scope import scope
from oversight.kernel.outbox import publish
from oversight.kernel.outbox.models import Effect, Event
from oversight.kernel.trail.change import change
from oversight.runtime.processes import ROOT, wait_until
from oversight.runtime.valkey import Valkey
from techtransfer.simulation.asking import ASKED
from tests.cast import World
from tests.support.models import Memo

from .mortal import NAME


class House:
    """Bears workers and relays, has things happen, and looks at what came of them."""

    def __init__(self, world: World, valkey: Valkey, place: Path) -> None:
        self.world, self.place = world, place
        self.worker: psutil.Process | None = None
        self.broker_url = valkey.url
        self.broker = Redis.from_url(valkey.url)
        (place / "killed").mkdir()
        addresses = {name: _at_test_database(os.environ[name]) for name in ("DATABASE_URL", "RELAY_URL")}
        environment = os.environ | addresses | {"REDIS_URL": valkey.url, "FAULTS": str(place / "killed")}
        with (place / "words").open("wb") as words:
            self.nursery = subprocess.Popen(
                [sys.executable, "-m", "tests.faults.nursery"],
                cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=words, text=True,
            )  # fmt: skip

    def bear(self, *life: str) -> psutil.Process:
        """A new worker or relay."""
        self.nursery.stdin.write(" ".join(life) + "\n")
        self.nursery.stdin.flush()
        return psutil.Process(int(self.nursery.stdout.readline()))

    def happen(self, *facts: dict[str, str]) -> list[int]:
        """One event for each of `facts`, in one transaction; their ids."""
        with change(by=self.world.nina):
            memo = Memo.objects.create(title="Cause")
            for each in facts:
                publish("memo.written", record=memo, by=self.world.nina, **each)
            return sorted(Event.objects.filter(record_id=memo.pk).values_list("pk", flat=True))

    def waiting(self) -> int:
        """How many events are not settled; of a simulation, which waits its minute, nothing is asked here."""
        with scope(self.world.nina):
            return Event.objects.visible_to(self.world.nina).filter(state="WAITING").exclude(name=ASKED).count()

    @property
    def killed(self) -> int:
        """How many events have killed."""
        return len(list((self.place / "killed").iterdir()))

    def settle(self, *, seconds: float) -> None:
        """Wait until every event is settled, with new workers for those that were killed."""

        def is_settled() -> bool:
            if self.worker is None or not is_alive(self.worker):
                self.worker = self.bear("worker")
            return not self.waiting()

        assert wait_until(is_settled, seconds=seconds, every=0.05), f"{self.waiting()} wait:\n{self.words()}"

    def assert_one_effect_each(self, events: list[int]) -> None:
        """Each event was handled, and left one effect and one row by the subscriber: no more and no less."""
        with scope(self.world.nina):
            states = Event.objects.filter(pk__in=events).values_list("state", flat=True)
            assert sorted(states) == ["DONE"] * len(events)
            effects = Effect.objects.filter(subscriber=NAME).order_by("event_id").values_list("event_id", flat=True)
            assert list(effects) == events
            titles = Memo.objects.filter(title__startswith="Effect of").values_list("title", flat=True)
            assert sorted(titles) == sorted(f"Effect of {event}" for event in events)

    def words(self) -> str:
        """The last that the processes said."""
        return (self.place / "words").read_text()[-3000:]

    def end(self) -> None:
        """End the nursery and with it everybody."""
        family = psutil.Process(self.nursery.pid).children(recursive=True)
        self.nursery.communicate(timeout=20)
        psutil.wait_procs(family, timeout=10)


@pytest.fixture
def house(lasting_world: World, tmp_path: Path, settings) -> Iterator[House]:
    settings.SEAL_LOG = str(tmp_path / "seals.log")
    with Valkey(password=secrets.token_urlsafe(), log=tmp_path / "valkey.log") as valkey:
        house = House(lasting_world, valkey, tmp_path)
        yield house
        house.end()


def is_alive(process: psutil.Process) -> bool:
    """Whether `process` still runs; a zombie does not."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _at_test_database(url: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{connection.settings_dict['NAME']}"))
