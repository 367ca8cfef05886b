"""What holds a batch: a critical deviation, or the quality unit; and how it comes free."""

import pytest
from django.core.exceptions import ValidationError

from batches.models import BatchHold
from oversight.kernel.access.scope import scope
from oversight.kernel.workflow.refusals import Refused
from quality.records import DEVIATION
from tests.cast import World
from tests.factories.batch import act, batch, sent
from tests.factories.deviation import TITLE, report
from tests.quality.acting import act as move_event

from .acting import change_it, close, critical, events, holds, names, now, shown, unmet

FREE = (False, "", "")


def test_a_critical_deviation_holds_its_batch_until_it_is_closed(world: World) -> None:
    record = sent(world.omar, world.lyra_site, world.paul)
    event = critical(world, record)
    assert shown(record, world) == (True, event.number, TITLE)
    assert f"{now(record, world.nina).held_since}" == "2026-01-14"  # when somebody became aware, in Basel
    assert unmet(record, "release", world.nina) == (
        f"{event.number} holds it: close that first.",
        f"{event.number} is open: close it first.",
    )
    with pytest.raises(Refused):
        act(record, "release", world.nina)
    close(event, world)
    assert shown(record, world) == FREE
    assert unmet(record, "release", world.nina) == ()
    assert [name for name in events(record, world) if name in ("batch.held", "batch.freed")] == [
        "batch.held",
        "batch.freed",
    ]
    with scope(world.nina):
        reasons = list(record.history.order_by("history_id").values_list("history_change_reason", "history_user_name"))
    assert reasons[-2:] == [
        (f"On hold: {event.number}, {TITLE}.", "Paul Keller"),
        (f"No longer on hold for {event.number}: {TITLE}.", "Nina Berg"),
    ]


def test_what_is_not_critical_holds_nothing_and_still_has_to_be_closed(world: World) -> None:
    record = sent(world.omar, world.lyra_site, world.paul)
    event = report(world.paul, world.lyra_site, batch=record)
    assert shown(record, world) == FREE
    assert unmet(record, "release", world.nina) == (f"{event.number} is open: close it first.",)
    move_event(event, "void", by=world.nina, reason="Reported twice")
    act(record, "release", world.nina)
    assert now(record, world.nina).status == "RELEASED"


def test_two_causes_hold_it_until_both_are_gone(world: World) -> None:
    record = batch(world.omar, world.lyra_site)
    first, second = critical(world, record), critical(world, record, title="Colony in grade A")
    act(record, "hold", world.nina, "Leak found at the bioreactor")
    assert shown(record, world)[1] == first.number
    move_event(first, "void", by=world.nina, reason="A false alarm")
    assert shown(record, world)[1] == second.number
    move_event(second, "void", by=world.nina, reason="A false alarm")
    assert shown(record, world) == (True, record.number, "Leak found at the bioreactor")
    act(record, "lift-hold", world.nina, "Repaired")
    assert shown(record, world) == FREE
    assert holds(record, world) == [
        (first.number, TITLE, False),
        (second.number, "Colony in grade A", False),
        (record.number, "Leak found at the bioreactor", False),
    ]


def test_the_quality_unit_lifts_its_own_hold_and_no_other(world: World) -> None:
    record = batch(world.omar, world.lyra_site)
    assert unmet(record, "lift-hold", world.nina) == ("Nobody holds it.",)
    assert "hold" not in names(record, world.omar) and "hold" not in names(record, world.paul)
    event = critical(world, record)
    assert unmet(record, "lift-hold", world.nina) == (f"{event.number} holds it: this hold ends when that is closed.",)
    act(record, "hold", world.connie, "Label mix-up")
    assert unmet(record, "hold", world.nina) == ("The quality unit holds it already.",)
    act(record, "lift-hold", world.nina, "Labels are right")
    assert shown(record, world)[1] == event.number
    with pytest.raises(Refused):
        act(record, "start", world.paul)


def test_the_hold_follows_what_the_deviation_says(world: World) -> None:
    record, other = batch(world.omar, world.lyra_site), batch(world.omar, world.lyra_site)
    event = report(world.paul, world.lyra_site, batch=record)
    assert shown(record, world) == FREE
    change_it(DEVIATION, event, world.nina, severity="CRITICAL")
    assert shown(record, world)[0]
    change_it(DEVIATION, event, world.nina, batch=other)
    assert (shown(record, world), shown(other, world)[1]) == (FREE, event.number)
    change_it(DEVIATION, event, world.nina, title="Pressure excursion on the second column")
    assert len(holds(other, world)) == 1
    change_it(DEVIATION, event, world.nina, severity="MAJOR")
    assert shown(other, world) == FREE
    change_it(DEVIATION, event, world.nina, severity="CRITICAL", batch=None)
    assert (shown(record, world), shown(other, world)) == (FREE, FREE)


def test_what_is_decided_is_not_held(world: World) -> None:
    released = act(sent(world.omar, world.lyra_site, world.paul), "release", world.nina)
    rejected = batch(world.omar, world.lyra_site)
    act(rejected, "start", world.paul)
    event = critical(world, rejected)
    act(rejected, "reject", world.nina, "Contaminated")
    assert shown(rejected, world) == FREE
    assert holds(rejected, world) == [(event.number, TITLE, False)]
    close(event, world)  # which finds nothing left to lift
    later = critical(world, released)
    assert (shown(released, world), holds(released, world), later.status) == (FREE, [], "REPORTED")


def test_how_long_a_hold_took_is_kept_with_what_it_held(world: World) -> None:
    record = batch(world.omar, world.lyra_site)
    act(record, "start", world.paul)
    critical(world, record)
    with scope(world.paul):
        row = BatchHold.objects.visible_to(world.paul).get(batch=record)
    assert (row.held_in, f"{row.since_on}", row.basis, row.days_p50) == ("IN_PROCESS", "2026-01-14", "", None)
    with scope(world.olga):
        assert not BatchHold.objects.visible_to(world.olga).exists()


def test_a_partner_does_not_let_go_of_what_its_own_report_holds(world: World) -> None:
    record = batch(world.omar, world.lyra_site)
    event = critical(world, record)
    for values in ({"severity": "MINOR"}, {"batch": None}):
        with pytest.raises(ValidationError) as told:
            change_it(DEVIATION, event, world.paul, **values)
        assert told.value.message_dict["severity"] == [
            f"It holds {record.number}: only the sponsor can let it go. Ask them to change this."
        ]
    assert shown(record, world)[0] is True
    change_it(DEVIATION, event, world.nina, severity="MINOR")
    assert shown(record, world) == FREE
