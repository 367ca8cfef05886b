"""Each rule beside the number, with its fact."""

from datetime import timedelta

import pytest

from batches.models import BatchHold
from oversight.kernel.access.scope import scope
from oversight.kernel.records.words import day_in_words
from tests.batches.acting import critical
from tests.cast import World, system
from tests.factories.batch import act as move_batch
from tests.factories.batch import batch
from tests.factories.milestone import put, step
from tests.factories.slot import slot
from tests.notifications.telling import deliver_all
from tests.techtransfer.acting import act

from .scene import ago, look_at, say, under_way, warning_of

pytestmark = pytest.mark.django_db


def facts(world: World, of: object) -> list[dict]:
    found = warning_of(world, of)
    return found.facts if found else []


def test_a_check_in_that_was_missed(world: World) -> None:
    make = under_way(world, 60, planned_end=ago(-30))
    say(world.paul, make, 10, 10)
    last = ago(59 - 9)
    look_at(world, make)
    assert facts(world, make) == [
        {
            "rule": "check_in_missed",
            "says": f"Check-in missed: it was asked for on {day_in_words(last + timedelta(14))}; the last one is of "
            f"{day_in_words(last)}.",
            "asked_on": (last + timedelta(14)).isoformat(),
            "days": 36,
            "check_ins": 1,
        }
    ]
    say(world.paul, make, 60, 60)
    look_at(world, make)
    assert warning_of(world, make).ended == "GONE"


def test_nobody_asks_the_sponsor_s_own_people(world: World) -> None:
    own = step(world.omar, None, title="Write the report", duration_days=90)
    put(world, own, status="IN_PROGRESS", actual_start=ago(60))
    assert look_at(world, own) == 0


def test_a_date_that_was_moved_twice(world: World) -> None:
    make = under_way(world, 10, planned_end=ago(-30))
    for days in (40, 50):
        put(world, make, confirmed_on=None)
        act(make, "forecast", by=world.paul, reason="Later", partner_end=ago(-days))
        look_at(world, make)
        found = facts(world, make)
        if days == 40:
            assert found == []
    assert found == [
        {
            "rule": "date_moved",
            "says": f"Its date was moved later twice, from {day_in_words(ago(-30))} to {day_in_words(ago(-50))}.",
            "times": 2,
            "first": ago(-30).isoformat(),
            "last": ago(-50).isoformat(),
        }
    ]


def test_a_slot_that_nobody_has_booked_sixty_days_before(world: World) -> None:
    fill = step(world.omar, world.orion_site, title="Fill", line="Line 2", step="FILL_FINISH", stage="DP")
    put(world, fill, forecast_start=ago(-61), forecast_end=ago(-63))
    assert look_at(world, fill) == 0
    put(world, fill, forecast_start=ago(-60))
    look_at(world, fill)
    assert facts(world, fill) == [
        {
            "rule": "slot",
            "says": f"No slot of Line 2 is booked; by the plan it begins on {day_in_words(ago(-60))}.",
            "line": "Line 2",
            "days": 60,
        }
    ]
    free = slot(world.olga, world.orion_site, starts_on=ago(-60))
    act(free, "book", by=world.olga, milestone=fill)
    look_at(world, fill)
    assert warning_of(world, fill).ended == "GONE"


def test_a_record_that_comes_later_than_eight_of_ten_of_this_partner_s(world: World) -> None:
    for days in (5, 6, 6, 7, 8, 8, 9, 10):  # P80 by nearest rank: the seventh of eight
        past = batch(world.omar, world.lyra_site)
        put(
            world, past, status="UNDER_REVIEW", started_on=ago(300), made_on=ago(200), record_sent_on=ago(200 - days),
            made_by=world.paul.user,
        )  # fmt: skip
    release = step(world.omar, world.lyra_site, title="Release the lot", step="RELEASE")
    made = batch(world.omar, world.lyra_site, release_step=release, programme=release.programme)
    put(world, made, status="MADE", started_on=ago(40), made_on=ago(9))
    put(world, release, batch_id=made.pk, batch_number=made.number, status="IN_PROGRESS", actual_start=ago(9))
    assert look_at(world, release) == 0
    put(world, made, made_on=ago(10))
    look_at(world, release)
    assert facts(world, release) == [
        {
            "rule": "record_late",
            "says": f"Record of {made.number} is awaited since {day_in_words(ago(10))}; Lyra Biologics sent 80 % of 8 "
            "within 9 days.",
            "number": made.number,
            "days": 10,
            "p80": 9,
            "cases": 8,
        }
    ]


def test_an_investigation_that_outlasts_eight_of_ten(world: World) -> None:
    make = step(world.omar, world.lyra_site, title="Make the lot", duration_days=90)
    made = batch(world.omar, world.lyra_site, make_step=make, programme=make.programme)
    move_batch(made, "start", world.paul, started_on=ago(12))
    event = critical(world, made)
    deliver_all(world)
    deliver_all(world)
    with scope(system(world.acme)):
        hold = BatchHold.objects.get(batch=made)
    put(world, hold, since_on=ago(11), basis="PARTNER", cases=12, days_p50=6, days_p80=10)
    look_at(world, make)
    found = [fact for fact in facts(world, make) if fact["rule"] == "investigation"]
    assert found == [
        {
            "rule": "investigation",
            "says": f"Investigation {event.number} goes on since {day_in_words(ago(11))}; 80 % of 12 past "
            "investigations of this partner were over within 10 days.",
            "number": event.number,
            "days": 11,
            "p80": 10,
            "cases": 12,
        }
    ]
    put(world, hold, days_p80=11)
    look_at(world, make)
    assert warning_of(world, make).ended == "GONE"
