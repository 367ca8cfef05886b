"""Each supposition moves what it would move: against days worked out by hand, and against what really happens."""

from datetime import timedelta

import pytest

from oversight.kernel.access.scope import scope
from oversight.kernel.outbox.delivery import deliver
from oversight.kernel.outbox.models import Event
from oversight.kernel.records.words import day_in_words
from oversight.kernel.records.writes import create, move
from techtransfer.records import MILESTONE, SLOT
from techtransfer.whatif.suppositions import Impossible, parse, suppose
from tests.cascade.supply import FILL, LINE, NEXT_SLOT, Supply, after, today
from tests.cast import World
from tests.factories.batch import act
from tests.factories.milestone import put

from .supposing import ends, moved, said, starts_and_ends, supposed

pytestmark = pytest.mark.django_db

# Days from today: 15 days of the making are left, the 10 of the release, then 4 of the fill.
PLAN = {
    "Make the substance": 14,
    "Ship the substance": 15,
    "Release the substance": 24,
    "Fill the vials": 28,
    "First patient in": 29,
}
MAKE, RELEASE, FILLED, DOSED = "Make the substance", "Release the substance", "Fill the vials", "First patient in"


def happened(supply: Supply, name: str, pk: int) -> None:
    """What follows from the act is done."""
    with scope(supply.system):
        events = Event.objects.filter(name=name, record_id=pk).order_by("pk")
        event = events.values_list("pk", flat=True).last()
    deliver(tenant=supply.world.acme.pk, event=event)


def test_a_plan_of_which_nothing_is_supposed_is_the_plan(world: World) -> None:
    found = supposed(Supply(world))
    assert ends(found) == PLAN
    assert moved(found) == [0] and not found.outcome.moved


def test_a_rejected_batch_is_made_again_from_today(world: World) -> None:
    supply = Supply(world)
    found = supposed(supply, f"BATCH_REJECTED {supply.batch.number}")
    assert ends(found) == {title: day + 5 for title, day in PLAN.items()}, "five days of making were for nothing"
    assert moved(found) == [5]
    steps = found.outcome.steps
    assert [steps[each.pk].word for each in supply.steps] == ["rejected", "", "rejected", "", ""]
    assert found.words == f"If {supply.batch.number} fails and is rejected"


@pytest.mark.parametrize("line", ["", LINE])
def test_what_a_rejection_really_brings_is_what_was_previewed(world: World, line: str) -> None:
    supply = Supply(world, line=line)
    previewed = starts_and_ends(supposed(supply, f"BATCH_REJECTED {supply.batch.number}"))
    act(supply.batch, "reject", world.nina)
    happened(supply, "batch.reject", supply.batch.pk)
    assert supply.dates() == previewed
    assert previewed[supply.dosed.pk][1] == after(29 + 28 if line else 29 + 5)


def test_what_a_moved_date_really_brings_is_what_was_previewed(world: World) -> None:
    supply = Supply(world, weekdays=True)
    previewed = starts_and_ends(supposed(supply, f"STEP_LATER {supply.make.number} 3"))
    with scope(world.paul):
        told = {"partner_end": after(17)}
        move(MILESTONE, supply.make.pk, "forecast", by=world.paul, version=None, values=told, reason="Resin is late")
    happened(supply, "milestone.forecast", supply.make.pk)
    assert supply.dates() == previewed


def test_what_a_lost_slot_really_brings_is_what_was_previewed(world: World) -> None:
    supply = Supply(world, line=LINE)
    first, kept = supply.slots
    found = supposed(supply, f"SLOT_LOST {first.number}")
    previewed = starts_and_ends(found)
    assert (moved(found), found.outcome.steps[supply.fill.pk].word) == ([28], "slot lost")
    with scope(world.olga):
        move(SLOT, first.pk, "lose", by=world.olga, version=None, values={}, reason="An audit of the line")
    happened(supply, "slot.lose", first.pk)
    assert supply.dates() == previewed
    assert previewed[supply.fill.pk][0] == kept.starts_on


def test_a_slip_costs_nothing_while_the_slot_holds_and_four_weeks_when_it_does_not(world: World) -> None:
    supply = Supply(world, line=LINE)
    put(world, supply.slots[0], starts_on=after(FILL + 3))
    supply.cascade()
    within, beyond = (supposed(supply, f"STEP_LATER {supply.make.number} {days}") for days in (3, 4))
    assert (ends(within)[MAKE], moved(within), ends(beyond)[MAKE], moved(beyond)) == (17, [0], 18, [25])
    assert said(within) == [f"Fill the vials keeps its slot of {day_in_words(after(FILL + 3))} at Orion Fill."]
    assert said(beyond) == [
        f"Fill the vials misses the {day_in_words(after(FILL + 3))} slot at Orion Fill; the next free slot is "
        f"{day_in_words(after(NEXT_SLOT))}."
    ]


def test_where_no_slot_is_left_it_says_so(world: World) -> None:
    supply = Supply(world, line=LINE)
    found = supposed(supply, *(f"SLOT_LOST {slot.number}" for slot in supply.slots))
    assert said(found) == ["No further slot of Line 2 at Orion Fill is known: Fill the vials has none."]
    assert ends(found) == PLAN, "it goes on without one, as the forecast does"


def test_a_release_comes_early_or_late(world: World) -> None:
    supply = Supply(world)
    early = supposed(supply, f"RELEASE_EARLY {supply.release.number} 4")
    late = supposed(supply, f"RELEASE_LATE {supply.release.number} 4")
    assert (ends(early)[RELEASE], moved(early), ends(late)[RELEASE], moved(late)) == (20, [-4], 28, [4])
    at_once = supposed(supply, f"RELEASE_EARLY {supply.release.number} 700")
    assert (ends(at_once)[RELEASE], moved(at_once)) == (15, [-9]), "it takes a day at least"


def test_an_investigation_takes_longer_or_is_over_today(world: World) -> None:
    supply = Supply(world)
    held = {"held_since": today(), "held_until": after(30), "hold_kind": "quality_deviation", "hold_id": 7}
    put(world, supply.make, **held, hold_number="DEV-26-0007", hold_cause="Filter failed")
    supply.cascade()
    assert supply.dates()[supply.dosed.pk][1] == after(59), "30 days of standing still, and all that is left"
    later, over = supposed(supply, "HOLD_LATER DEV-26-0007 10"), supposed(supply, "HOLD_ENDS DEV-26-0007")
    assert (moved(later), moved(over)) == ([10], [-30])
    previewed = starts_and_ends(later)
    put(world, supply.make, held_until=after(40))
    supply.cascade()
    assert supply.dates() == previewed


def test_what_a_plan_may_say_otherwise(world: World) -> None:
    supply = Supply(world)
    assert moved(supposed(supply, f"DURATION {supply.fill.number} 2")) == [-2]
    put(world, supply.fill, earliest_start=after(35))
    supply.cascade()
    freed = supposed(supply, f"START_FREED {supply.fill.number}")
    assert (moved(freed), ends(freed)) == ([-10], PLAN)


def test_every_day_counts(world: World) -> None:
    supply = Supply(world, weekdays=True)
    with_weekends = (supply.read(supply.fill).forecast_end - today()).days
    found = supposed(supply, f"EVERY_DAY {supply.fill.number}")
    assert ends(found) == PLAN
    assert found.outcome.steps[supply.fill.pk].days == 28 - with_weekends <= 0


def test_another_slot_is_taken_on_the_same_line_or_another(world: World) -> None:
    supply = Supply(world, line=LINE)
    first, booked = supply.slots
    with scope(world.omar):
        values = {"milestone": supply.fill}
        move(SLOT, booked.pk, "book", by=world.omar, version=None, values=values, reason="Booked.")
        orion = world.orion_site
        told = {"cdmo": orion.cdmo, "site": orion, "line": "Line 3", "starts_on": after(FILL + 1), "days": 4}
        third = create(SLOT, by=world.omar, values=told)
    supply.cascade()
    assert supply.dates()[supply.dosed.pk][1] == after(57)
    assert moved(supposed(supply, f"SLOT_TAKEN {supply.fill.number} {first.number}")) == [-28]
    other = supposed(supply, f"SLOT_TAKEN {supply.fill.number} {third.number}")
    assert moved(other) == [-27]
    assert said(other)[0] == (
        f"Fill the vials takes the slot of {day_in_words(after(FILL + 1))} at Orion Fill, 27 days sooner."
    )


def test_under_quarantine_it_is_filled_at_once_and_nobody_is_dosed_before_the_release(world: World) -> None:
    supply = Supply(world)
    found = supposed(supply, f"QUARANTINE {supply.release.number}")
    assert (ends(found)[FILLED], ends(found)[RELEASE], ends(found)[DOSED]) == (18, 24, 25)
    assert moved(found) == [-4]


def test_several_together_are_the_same_in_any_order(world: World) -> None:
    supply = Supply(world)
    lines = [
        f"STEP_LATER {supply.fill.number} 3",
        f"BATCH_REJECTED {supply.batch.number}",
        f"RELEASE_LATE {supply.release.number} 2",
    ]
    one, other = supposed(supply, *lines), supposed(supply, *reversed(lines))
    assert starts_and_ends(one) == starts_and_ends(other)
    assert moved(one) == [5 + 2 + 3]


def test_a_day_of_need_and_another_programme_are_named(world: World) -> None:
    supply = Supply(world, line=LINE)
    put(world, supply.fill, need_by=after(30))
    rival = Supply(world)
    put(world, rival.fill, line=LINE, forecast_start=after(NEXT_SLOT))
    supply.cascade()
    found = supposed(supply, f"BATCH_REJECTED {supply.batch.number}")
    late = 56 - 30
    assert said(found)[1:] == [
        f"Fill the vials is needed by {day_in_words(after(30))} and ends {late} days late.",
        f"Fill the vials and {rival.fill.number} want the same slot of Line 2 on {day_in_words(after(NEXT_SLOT))}.",
    ]


def test_a_slip_onto_a_day_off_is_the_next_working_day(world: World) -> None:
    supply = Supply(world, weekdays=True)
    end = supply.read(supply.fill).forecast_end
    saturday = (5 - end.weekday()) % 7 or 7
    found = supposed(supply, f"STEP_LATER {supply.fill.number} {saturday}")
    assert found.outcome.steps[supply.fill.pk].end == end + timedelta(days=saturday + 2), "Monday"


def test_what_makes_no_sense_is_refused_in_a_sentence(world: World) -> None:
    supply = Supply(world)
    fill = supply.fill.number
    for line, sentence in (
        ("STEP_LATER MS-99999 3", "There is no such step in this plan."),
        ("BATCH_REJECTED DS-99-999", "There is no such batch in this plan."),
        ("SLOT_LOST SLT-99999", "There is no such slot that is open or booked on a line of this plan."),
        ("HOLD_LATER DEV-26-0001 3", "DEV-26-0001 holds no step of this plan."),
        (f"START_FREED {supply.make.number}", "Make the substance has begun. Choose a step that has not."),
        (
            f"RELEASE_LATE {fill} 3",
            "Fill the vials is no release. Say that it slips, or choose a release.",
        ),
        (f"DURATION {supply.dosed.number} 3", "First patient in is a moment: it takes no days."),
        (
            f"QUARANTINE {fill}",
            "Fill the vials is no release. Choose the release that is not waited for.",
        ),
    ):
        with pytest.raises(Impossible) as refusal:
            supposed(supply, line)
        assert str(refusal.value) == sentence
    put(world, supply.make, status="DONE", actual_end=today())
    with pytest.raises(Impossible, match=r"Make the substance is done\. Choose a step that still has to be done\."):
        supposed(supply, f"STEP_LATER {supply.make.number} 3")


@pytest.mark.parametrize(
    ("text", "field", "sentence"),
    [
        ("EXPLODES MS-00001", "kind", "Choose what happens."),
        ("STEP_LATER MS-00001", "days", "Enter by how many days: a whole number from 1 to 730."),
        ("STEP_LATER MS-00001 0", "days", "Enter by how many days: a whole number from 1 to 730."),
        ("STEP_LATER MS-00001 ٣", "days", "Enter by how many days: a whole number from 1 to 730."),
        ("BATCH_REJECTED", "record", "Choose a batch of this plan."),
        ("BATCH_REJECTED <b>", "record", "Choose a batch of this plan."),
        ("SLOT_TAKEN MS-00001", "slot", "Say which slot it takes."),
        ("STEP_LATER MS-1 2\nSTEP_LATER MS-1 3", "record", "MS-1 slips twice here. Keep one of the two."),
    ],
)
def test_a_line_that_says_nothing_is_refused_beside_its_box(text: str, field: str, sentence: str) -> None:
    with pytest.raises(Impossible) as refusal:
        parse(text)
    assert (refusal.value.field, str(refusal.value)) == (field, sentence)


def test_what_is_written_down_is_read_again() -> None:
    several = (suppose("STEP_LATER", "MS-00012", "5"), suppose("SLOT_TAKEN", "MS-00012", None, "SLT-00003"))
    assert [each.line for each in several] == ["STEP_LATER MS-00012 5", "SLOT_TAKEN MS-00012 SLT-00003"]
    assert parse("\n".join(each.line for each in several)) == several
    with pytest.raises(Impossible, match="more than 8 together"):
        parse("\n".join(f"STEP_LATER MS-{place} 1" for place in range(9)))
