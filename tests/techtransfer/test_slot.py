"""Slots of a fill line: one step each, lost to somebody else, and never of another company's site."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from oversight.kernel.access.scope import scope
from oversight.kernel.workflow.refusals import NotAllowed, Refused, Stale
from techtransfer.models import Milestone, Slot
from tests.cast import World
from tests.factories.closure import close
from tests.factories.milestone import put, step
from tests.factories.programme import plan
from tests.factories.slot import FIRST, slot

from .acting import act, change_it, look, told, unmet

ELSEWHERE = "This is not a site of the CDMO. Choose one of its sites."


def fill(world: World, title: str = "Fill", line: str = "Line 2") -> Milestone:
    """A step at Lyra that waits for a slot of its line."""
    return step(world.omar, world.lyra_site, plan(world.omar), title, line=line, step="FILL_FINISH", stage="DP")


def test_a_partner_offers_books_and_loses_its_slots(world: World) -> None:
    record, one = slot(world.paul, world.lyra_site), fill(world)
    booked = act(record, "book", by=world.paul, milestone=one)
    assert (booked.status, booked.milestone_id) == ("BOOKED", one.pk)
    assert change_it(record, by=world.paul, starts_on=FIRST + timedelta(7)).starts_on == FIRST + timedelta(7)
    lost = act(record, "lose", by=world.paul, reason="Another sponsor's launch")
    assert (lost.status, lost.milestone_id) == ("LOST", one.pk)
    again = act(slot(world.paul, world.lyra_site), "book", by=world.omar, milestone=one)
    assert act(again, "free", by=world.omar, reason="The batch failed").milestone_id is None


def test_a_slot_is_booked_for_one_step(world: World) -> None:
    record, first, second = slot(world.paul, world.lyra_site), fill(world, "Fill lot 1"), fill(world, "Fill lot 2")
    act(record, "book", by=world.omar, milestone=first)
    assert unmet(lambda: act(record, "book", by=world.omar, milestone=second)) == (
        "“Book” is for a record that is Open; this one is Booked.",
    )
    other = slot(world.paul, world.lyra_site)
    assert told(lambda: act(other, "book", by=world.omar, milestone=first)) == {
        "milestone": [f"{record.number} is booked for this step already. Free that one first."]
    }


def test_a_slot_is_for_an_open_step_of_its_line(world: World) -> None:
    record = slot(world.paul, world.lyra_site)
    sentence = "This step does not wait for a slot of this line. Choose one that does."
    for other in (fill(world, line="Line 3"), step(world.omar, world.orion_site, line="Line 2")):
        refused = told(lambda other=other: act(record, "book", by=world.omar, milestone=other))
        assert refused == {"milestone": [sentence]}
    over = put(world, fill(world), status="VOID")
    assert told(lambda: act(record, "book", by=world.omar, milestone=over)) == {
        "milestone": ["This step is over. Choose one that still has to be done."]
    }
    assert told(lambda: act(record, "book", by=world.omar)) == {"milestone": ["Fill this in."]}


def test_slots_and_closures_lie_at_a_site_of_the_company(world: World) -> None:
    assert told(lambda: slot(world.omar, world.orion_site, cdmo=world.lyra)) == {"site": [ELSEWHERE]}
    assert told(lambda: close(world.omar, world.orion_site, cdmo=world.lyra)) == {"site": [ELSEWHERE]}
    assert "site" in told(lambda: slot(world.paul, world.orion_site))
    assert "site" in told(lambda: close(world.paul, world.orion_site))


@pytest.mark.parametrize("days", [0, -1, 91])
def test_a_slot_has_days(world: World, days: int) -> None:
    assert told(lambda: slot(world.paul, world.lyra_site, days=days)) == {"days": ["A slot has 1 to 90 days."]}


def test_a_closure_ends_after_it_begins_and_within_a_year(world: World) -> None:
    record = close(world.paul, world.lyra_site)
    day = record.starts_on
    assert told(lambda: change_it(record, by=world.paul, ends_on=day - timedelta(1)))["ends_on"] == [
        "It ends before it begins."
    ]
    assert told(lambda: change_it(record, by=world.paul, ends_on=day + timedelta(366))) == {
        "ends_on": ["That is more than a year. Enter shorter ones."]
    }
    assert change_it(record, by=world.paul, ends_on=day).ends_on == day
    assert act(record, "void", by=world.paul, reason="We work after all").status == "VOID"


def test_a_viewer_of_the_partner_changes_nothing(world: World) -> None:
    record = slot(world.paul, world.lyra_site)
    with pytest.raises(NotAllowed):
        act(record, "lose", by=world.vito, reason="Because")
    with pytest.raises(NotAllowed):
        act(record, "void", by=world.paul, reason="Because")
    with pytest.raises(Slot.DoesNotExist):
        act(record, "lose", by=world.olga, reason="Because")


def _at_once(*tries: tuple[Slot, Milestone], world: World) -> list[str]:
    barrier = Barrier(len(tries))

    def book(record: Slot, one: Milestone) -> str:
        try:
            barrier.wait(30)
            act(record, "book", by=world.omar, milestone=one)
        except (Refused, Stale, ValidationError) as refusal:
            return type(refusal).__name__
        finally:
            connection.close()
        return "booked"

    with ThreadPoolExecutor(len(tries)) as pool:
        return sorted(each.result(60) for each in [pool.submit(book, *one) for one in tries])


def test_of_two_steps_that_want_one_slot_one_gets_it(lasting_world: World) -> None:
    world = lasting_world
    record, first, second = slot(world.paul, world.lyra_site), fill(world, "Fill lot 1"), fill(world, "Fill lot 2")
    outcome = _at_once((record, first), (record, second), world=world)
    assert outcome in (["Refused", "booked"], ["Stale", "booked"])
    assert look(record, world.omar).milestone_id in (first.pk, second.pk)


def test_a_step_books_one_slot_even_when_two_are_booked_at_once(lasting_world: World) -> None:
    world = lasting_world
    one, two = slot(world.paul, world.lyra_site), slot(world.paul, world.lyra_site)
    wanted = fill(world)
    assert _at_once((one, wanted), (two, wanted), world=world) == ["ValidationError", "booked"]
    with scope(world.omar):
        assert Slot.objects.filter(milestone=wanted, status="BOOKED").count() == 1
