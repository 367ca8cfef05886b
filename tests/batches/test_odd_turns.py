"""Batches that change their step, are made again, or wait while the programme is closed: no step is left behind."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from batches.models import Batch, BatchHold
from batches.records import BATCH
from oversight.kernel.access.scope import scope
from oversight.kernel.records.forms import RecordForm
from oversight.roles import Role
from techtransfer.models import Milestone, Programme
from techtransfer.tasks import follow_a_programme
from tests.cast import World, system
from tests.factories.batch import MADE, STARTED, act, batch
from tests.factories.milestone import put, step
from tests.factories.programme import plan
from tests.notifications.telling import deliver_all
from tests.techtransfer.acting import act as move
from tests.techtransfer.acting import told

from .acting import change_it, critical, now

BEGUN = "This step has begun without the batch, or is over. Choose one that still has to begin."


def make_step(world: World, programme: Programme, title: str = "Make DS", **values: Any) -> Milestone:
    return step(world.omar, world.lyra_site, programme, title, calendar="EVERY_DAY", **values)


def stands(record: Milestone, world: World) -> tuple[str, Any, Any, str]:
    found = now(record, world.nina)
    return found.status, found.actual_start, found.actual_end, found.batch_number


def test_the_step_that_a_batch_leaves_has_to_be_done_again(world: World) -> None:
    programme = plan(world.omar)
    first, second = make_step(world, programme), make_step(world, programme, "Make DS again")
    record = batch(world.omar, world.lyra_site, programme=programme, make_step=first)
    act(record, "start", world.paul, started_on=STARTED)
    deliver_all(world)
    assert stands(first, world) == ("IN_PROGRESS", STARTED, None, record.number)
    change_it(BATCH, record, world.omar, make_step=second)
    deliver_all(world)
    assert stands(first, world) == ("PLANNED", None, None, "")
    assert stands(second, world) == ("IN_PROGRESS", STARTED, None, record.number)


def test_a_batch_planned_anew_takes_the_step_of_a_rejected_one_unasked(world: World) -> None:
    programme = plan(world.omar)
    make = make_step(world, programme)
    first = batch(world.omar, world.lyra_site, programme=programme, make_step=make)
    act(first, "start", world.paul, started_on=STARTED)
    act(first, "reject", world.nina, "Contaminated")
    deliver_all(world)
    second = batch(world.omar, world.lyra_site, programme=programme, make_step=make)  # which names no other
    act(second, "start", world.paul, started_on=MADE)
    deliver_all(world)
    assert stands(make, world) == ("IN_PROGRESS", MADE, None, second.number)
    change_it(BATCH, first, world.nina, location="Quarantine")
    deliver_all(world)
    assert stands(make, world) == ("IN_PROGRESS", MADE, None, second.number), "the rejected one has no say"


def test_what_is_over_is_no_step_of_a_new_batch(world: World) -> None:
    programme = plan(world.omar)
    done = make_step(world, programme)
    move(done, "finish", by=world.paul, actual_start=STARTED, actual_end=MADE)
    values = {"programme": programme, "make_step": done}
    assert told(lambda: batch(world.omar, world.lyra_site, **values)) == {"make_step": [BEGUN]}
    record = batch(world.omar, world.lyra_site, programme=programme)
    assert told(lambda: change_it(BATCH, record, world.omar, release_step=done)) == {"release_step": [BEGUN]}
    assert stands(done, world)[:3] == ("DONE", STARTED, MADE)


def test_a_void_step_stays_void(world: World) -> None:
    programme = plan(world.omar)
    make = make_step(world, programme)
    record = batch(world.omar, world.lyra_site, programme=programme, make_step=make)
    move(make, "void", by=world.omar, reason="Planned twice")  # before anybody could note that a batch follows it
    act(record, "start", world.paul, started_on=STARTED)
    deliver_all(world)
    assert stands(make, world) == ("VOID", None, None, "")


def test_a_programme_opened_again_reads_what_its_batches_did_meanwhile(world: World) -> None:
    programme = plan(world.omar)
    make = make_step(world, programme)
    record = batch(world.omar, world.lyra_site, programme=programme, make_step=make)
    deliver_all(world)
    move(programme, "close", by=world.omar, reason="Paused")
    act(record, "start", world.paul, started_on=STARTED)
    act(record, "made", world.paul, made_on=MADE, actual_yield="6.5")
    deliver_all(world)
    assert stands(make, world)[0] == "PLANNED", "its plan stands still"
    move(programme, "reopen", by=world.omar, reason="Funded")
    deliver_all(world)
    assert stands(make, world) == ("DONE", STARTED, MADE, record.number)
    assert now(make, world.nina).forecast_end == MADE


def test_a_hold_that_outlasts_the_median_moves_the_plan_when_the_day_passes(world: World) -> None:
    programme = plan(world.omar)
    make = make_step(world, programme)
    record = batch(world.omar, world.lyra_site, programme=programme, make_step=make)
    act(record, "start", world.paul, started_on=STARTED)
    critical(world, record)
    deliver_all(world)
    with scope(world.nina):
        hold = BatchHold.objects.get(batch=record)
    today = now(make, world.nina).held_until - timedelta(days=hold.days_p50)
    put(world, hold, since_on=today - timedelta(days=hold.days_p50 + 3))
    put(world, make, held_until=today - timedelta(days=3))
    with scope(system(world.acme)):
        follow_a_programme.run(actor=system(world.acme), programme=programme.pk)
    assert now(make, world.nina).held_until > today, "the page does not promise a day that is past"


def test_who_does_not_see_where_it_is_released_does_not_let_go_of_it(world: World) -> None:
    programme = plan(world.omar)
    elsewhere = step(world.omar, world.orion_site, programme, "Release at Orion", step="RELEASE")
    record: Batch = batch(world.omar, world.lyra_site, programme=programme, release_step=elsewhere)
    lead = replace(world.connie, role=Role.CMC_LEAD)  # narrowed to Lyra
    with scope(lead):
        form = RecordForm(BATCH, lead, record=Batch.objects.visible_to(lead).get(pk=record.pk))
    assert "make_step" in form.fields and "release_step" not in form.fields, "an empty box would let go of it"
    assert told(lambda: change_it(BATCH, record, lead, release_step=None)) == {"release_step": ["You cannot set this."]}
    assert change_it(BATCH, record, lead, location="Freezer 2").release_step_id == elsewhere.pk
