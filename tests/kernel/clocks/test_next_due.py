"""The copy of the next clock on a record: always that of its clocks, never a version of the record."""

from datetime import UTC, datetime, timedelta

import pytest

from oversight.kernel.access.scope import scope
from oversight.kernel.clocks.calendar import Unit
from oversight.kernel.clocks.models import Clock
from oversight.kernel.clocks.rules import Rule, Side
from oversight.kernel.clocks.services import answer, pause, resume, start, stop_all
from oversight.kernel.trail.change import change
from tests.cast import World, raw
from tests.support.models import Errand

FAST = Rule("containment", "Containment", 60, Unit.MINUTES, Side.CDMO)
SLOW = Rule("review", "Review", 2, Unit.HOURS, Side.SPONSOR)
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
ONE, TWO = NOON + timedelta(hours=1), NOON + timedelta(hours=2)


@pytest.fixture
def errand(world: World) -> Errand:
    with change(by=world.paul):
        return Errand.objects.create(cdmo=world.lyra, title="Fetch the sample")


def copy(errand: Errand) -> tuple[datetime | None, str, str]:
    fresh = Errand.objects.get(pk=errand.pk)
    assert (fresh.due_at, fresh.due_label, fresh.due_side) == (errand.due_at, errand.due_label, errand.due_side)
    return fresh.due_at, fresh.due_label, fresh.due_side


def test_the_record_shows_its_next_clock_after_every_step(world: World, errand: Errand) -> None:
    with change(by=world.paul):  # no reason: neither a new clock nor the copy is a change of the record
        start(errand, SLOW, from_=NOON)
        assert copy(errand) == (TWO, "Review", "SPONSOR")
        start(errand, FAST, from_=NOON)
        assert copy(errand) == (ONE, "Containment", "CDMO")
    with change(by=world.nina, reason="Waiting for us"):
        pause(errand, "containment", at=NOON)
        assert copy(errand) == (TWO, "Review", "SPONSOR")
        resume(errand, "containment", at=NOON + timedelta(minutes=30))
        assert copy(errand) == (ONE + timedelta(minutes=30), "Containment", "CDMO")
        answer(errand, "containment", at=ONE)
        assert copy(errand) == (TWO, "Review", "SPONSOR")
        stop_all(errand, at=ONE)
        assert copy(errand) == (None, "", "")


def test_the_copy_is_no_version_and_no_part_of_one(world: World, errand: Errand) -> None:
    with change(by=world.paul):
        start(errand, FAST, from_=NOON)
    with scope(world.nina):
        assert (Errand.objects.get(pk=errand.pk).version, Errand.history.count()) == (1, 1)
        assert raw("SELECT count(*) FROM information_schema.columns WHERE table_name = 'support_historicalerrand'"
                   " AND column_name LIKE 'due\\_%%'") == [(0,)]  # fmt: skip
        assert Clock.history.count() == 1
    with change(by=world.nina, reason="Renamed"):
        errand.title = "Fetch both samples"
        errand.save()
        assert copy(errand) == (ONE, "Containment", "CDMO")
        assert (Errand.objects.get(pk=errand.pk).version, Errand.history.count()) == (2, 2)
