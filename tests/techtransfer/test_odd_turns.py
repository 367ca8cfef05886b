"""Days that are typed wrong, moments, slots and sites that change: the plan goes on, and no date stays behind."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from cdmos.records import SITE
from oversight.kernel.access.scope import scope
from oversight.kernel.records.writes import create
from techtransfer.models import Milestone, Programme, Study
from tests.cast import World
from tests.factories.closure import close
from tests.factories.dependency import link
from tests.factories.milestone import put, step
from tests.factories.programme import plan
from tests.factories.slot import slot
from tests.notifications.telling import deliver_all

from .acting import act, change_it, look, told
from .planning import planned, run
from .test_cascade import after, today

TOO_FAR = "That is more than ten years ahead."
EVERY_DAY = {"calendar": "EVERY_DAY"}


def problem(world: World, programme: Programme) -> str:
    with scope(world.nina):
        return Programme.objects.get(pk=programme.pk).forecast_problem


@pytest.mark.parametrize("day", [date(9999, 12, 31), date(2326, 12, 1)])
def test_a_partner_cannot_move_a_date_out_of_all_reach(world: World, day: date) -> None:
    record = step(world.omar, world.lyra_site)
    refused = told(lambda: act(record, "forecast", by=world.paul, reason="Resin is late", partner_end=day))
    assert refused == {"partner_end": [TOO_FAR]}
    for name in ("earliest_start", "planned_end", "need_by"):
        assert told(lambda name=name: change_it(record, by=world.omar, **{name: day})) == {name: [TOO_FAR]}


def test_a_slot_is_not_offered_in_another_age(world: World) -> None:
    assert told(lambda: slot(world.paul, world.lyra_site, starts_on=date(9999, 12, 31))) == {"starts_on": [TOO_FAR]}


@pytest.mark.parametrize("calendar", ["SITE", "EVERY_DAY"])
def test_a_date_beyond_every_calendar_is_said_on_the_programme(world: World, calendar: str) -> None:
    found = planned(world)
    before = look(found.study, world.nina).forecast_first_patient_in
    put(world, found.make, calendar=calendar, partner_end=date(9999, 12, 31))
    run(world, found.programme)
    assert problem(world, found.programme).startswith(f"{found.make.number} Make DS-26-014: no date can be found")
    assert look(found.study, world.nina).forecast_first_patient_in == before, "the last dates stay"


def test_a_long_step_with_a_near_date_begins_at_once(world: World) -> None:
    programme = plan(world.omar)
    record = step(world.omar, world.lyra_site, programme, duration_days=3000)
    put(world, record, partner_end=after(40))
    run(world, programme)
    assert problem(world, programme) == ""
    assert look(record, world.nina).forecast_start <= after(4)


def test_a_moment_that_waited_ends_on_its_day(world: World) -> None:
    programme = plan(world.omar)
    released = step(world.omar, None, programme, "Released", duration_days=0, **EVERY_DAY)
    fill = step(world.omar, world.orion_site, programme, "Fill", duration_days=4, **EVERY_DAY)
    link(world.omar, released, fill)
    put(world, released, status="DONE", actual_start=after(-30), actual_end=after(-9))
    run(world, programme)
    assert look(released, world.nina).forecast_end == after(-9)
    put(world, released, status="IN_PROGRESS", actual_end=None, held_since=after(-9), held_until=after(12))
    run(world, programme)
    dates = (look(released, world.nina).forecast_end, look(fill, world.nina).forecast_start)
    assert dates == (after(12), after(12)), "it happens on the day on which what follows may begin"


def test_a_study_that_is_tied_to_no_step_has_no_forecast(world: World) -> None:
    found = planned(world)
    put(world, found.make, earliest_start=found.make.earliest_start + timedelta(3))
    run(world, found.programme)
    assert look(found.study, world.nina).slip_days == 3
    change_it(found.study, by=world.omar, first_patient_in=None)
    deliver_all(world)
    record: Study = look(found.study, world.nina)
    assert (record.forecast_first_patient_in, record.slip_days, record.float_days, record.chain) == (
        None, None, None, [],
    )  # fmt: skip


def waiting(world: World, line: str = "Line 2") -> Milestone:
    return step(
        world.omar, world.lyra_site, plan(world.omar), "Fill", line=line, step="FILL_FINISH", stage="DP", **EVERY_DAY
    )


def test_a_slot_that_becomes_another_lines_moves_who_waited_for_it(world: World) -> None:
    record, one = waiting(world), slot(world.paul, world.lyra_site, starts_on=after(30))
    slot(world.paul, world.lyra_site, starts_on=after(60))
    deliver_all(world)
    assert look(record, world.nina).forecast_start == after(30)
    change_it(one, by=world.paul, line="Line 3")
    deliver_all(world)
    assert look(record, world.nina).forecast_start == after(60)


def test_a_closure_that_becomes_another_sites_opens_the_first(world: World) -> None:
    programme = plan(world.omar)
    record = step(world.omar, world.lyra_site, programme, duration_days=5)
    deliver_all(world)
    free = look(record, world.nina).forecast_end
    shut = close(world.paul, world.lyra_site, starts_on=today(), ends_on=after(20))
    deliver_all(world)
    assert look(record, world.nina).forecast_end > free
    with scope(world.nina):
        told = {"cdmo": world.lyra, "name": "Lyra Visp", "city": "Visp", "country": "CH", "time_zone": "Europe/Zurich"}
        elsewhere = create(SITE, by=world.nina, values=told)
    change_it(shut, by=world.paul, site=elsewhere)
    deliver_all(world)
    assert look(record, world.nina).forecast_end == free


def test_a_booked_slot_of_another_line_is_no_day_to_begin(world: World) -> None:
    record, one = waiting(world), slot(world.paul, world.lyra_site, starts_on=after(30))
    act(one, "book", by=world.paul, milestone=record)
    slot(world.paul, world.lyra_site, line="Line 3", starts_on=after(90))
    change_it(record, by=world.omar, line="Line 3")
    deliver_all(world)
    assert look(record, world.nina).forecast_start == after(90)


def test_what_was_lost_comes_back_as_a_new_slot_of_the_same_day(world: World) -> None:
    first = slot(world.paul, world.lyra_site)
    act(first, "lose", by=world.paul, reason="Another sponsor's launch")
    again = slot(world.paul, world.lyra_site, starts_on=first.starts_on)
    assert (again.status, again.starts_on) == ("OPEN", first.starts_on)


def test_what_happens_happens_on_the_day_of_the_site(world: World) -> None:
    """At any moment it is another day than in UTC on one of these two islands."""
    zone = "Pacific/Kiritimati" if timezone.now().hour >= 10 else "Pacific/Pago_Pago"
    there = timezone.now().astimezone(ZoneInfo(zone)).date()
    assert there != today()
    with scope(world.nina):
        told = {"cdmo": world.lyra, "name": "Lyra Isle", "city": "London", "country": "CH", "time_zone": zone}
        island = create(SITE, by=world.nina, values=told)
    record = act(step(world.omar, island), "start", by=world.paul)
    assert record.actual_start == there
    assert act(record, "finish", by=world.paul, actual_end=there).actual_end == there
