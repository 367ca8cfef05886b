"""The life of a batch, as the partner makes it and the sponsor's quality unit decides about it."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from batches.records import BATCH, CAMPAIGN
from oversight.kernel.access.scope import scope
from oversight.kernel.esign import NotProven, Proof
from oversight.kernel.esign.models import Signature
from oversight.kernel.records.writes import move
from oversight.kernel.trail.about import key_of
from oversight.kernel.workflow.refusals import NotAllowed, Refused
from tests.cast import World
from tests.factories.batch import MADE, SENT, STARTED, act, batch, sent
from tests.factories.campaign import campaign
from tests.factories.milestone import put, step
from tests.factories.programme import plan

from .acting import change_it, clocks, events, names, now, unmet


@pytest.mark.requirement("A11-15")
def test_from_the_plan_to_the_signature_that_releases_it(world: World) -> None:
    record = batch(world.omar, world.lyra_site)
    assert (record.status, record.product_code) == ("PLANNED", "ACM-101")
    act(record, "start", world.paul, started_on=STARTED)
    act(record, "made", world.paul, made_on=MADE, actual_yield="6.82")
    assert (record.status, record.made_on, record.actual_yield) == ("MADE", MADE, Decimal("6.820"))
    # 15 working days of the site after Monday 12 January, at the close of business in Basel.
    assert clocks(record, world) == {"batch-record": ("CDMO", "RUNNING", "2026-02-02 16:00")}
    assert (record.due_label, record.due_side) == ("Batch record", "CDMO")
    act(record, "send-record", world.paul, record_sent_on=SENT)
    assert clocks(record, world) == {
        "batch-record": ("CDMO", "ANSWERED", "2026-02-02 16:00"),
        "record-review": ("SPONSOR", "RUNNING", "2026-02-04 16:00"),
    }
    act(record, "release", world.nina, "Record complete")
    with scope(world.nina):
        assert (record.status, record.decided_on, record.due_at) == ("RELEASED", record.today, None)
        version = record.history.order_by("-history_id").first()
        assert (version.history_user_name, version.history_change_reason) == ("Nina Berg", "Record complete")
        signature = Signature.objects.visible_to(world.nina).get(**key_of(record))
        assert signature.meaning.startswith("I have reviewed the batch record and every event on this batch")
    assert [name for name in events(record, world) if name.startswith("batch.")] == [
        "batch.opened", "batch.start", "batch.made", "batch.send_record", "batch.release",
    ]  # fmt: skip


def test_each_stage_has_a_series_of_its_own(world: World) -> None:
    year = f"{timezone.now():%y}"
    numbers = [batch(world.omar, world.lyra_site, stage=stage).number for stage in ("DS", "DP", "PACKAGED", "DS")]
    assert numbers == [f"DS-{year}-001", f"DP-{year}-001", f"PK-{year}-001", f"DS-{year}-002"]


def test_days_that_nobody_gives_are_today_at_the_site(world: World) -> None:
    record = batch(world.omar, world.lyra_site)
    for name in ("start", "made", "send-record"):
        act(record, name, world.paul)
    with scope(world.nina):
        assert (record.started_on, record.made_on, record.record_sent_on) == (record.today,) * 3


@pytest.mark.requirement("A11-15", "ASVS-4.3.3")
def test_a_release_needs_the_quality_unit_a_password_and_a_second_person(world: World) -> None:
    record = sent(world.omar, world.lyra_site, world.paul)
    assert "release" not in names(record, world.omar) and "release" not in names(record, world.paul)
    with scope(world.omar), pytest.raises(NotAllowed):
        move(BATCH, record.pk, "release", by=world.omar, version=None, values={}, reason="Fine")
    wrong = Proof("not this")
    with scope(world.nina), pytest.raises(NotProven):
        move(BATCH, record.pk, "release", by=world.nina, version=None, values={}, reason="Fine", proof=wrong)
    # Nina sent another one's record when she still planned: she cannot release on it.
    put(world, record, made_by=world.nina.user)
    assert unmet(record, "release", world.nina) == ("You sent the record: somebody else has to release it.",)
    act(record, "release", world.connie, "Reviewed")
    assert now(record, world.nina).status == "RELEASED"


def test_a_rejected_batch_is_over_and_made_again(world: World) -> None:
    programme = plan(world.omar)
    make = step(world.omar, world.lyra_site, programme, "Make")
    release = step(world.omar, None, programme, "Release")
    record = batch(world.omar, world.lyra_site, programme=programme, make_step=make, release_step=release)
    act(record, "start", world.paul, started_on=STARTED)
    act(record, "made", world.paul, made_on=MADE)
    act(record, "reject", world.nina, "Contaminated")
    assert clocks(record, world) == {"batch-record": ("CDMO", "STOPPED", "2026-02-02 16:00")}
    assert names(record, world.nina) == []
    again = batch(world.omar, world.lyra_site, programme=programme, replaces=record)
    assert (again.make_step_id, again.release_step_id) == (make.pk, release.pk)
    with pytest.raises(ValidationError) as refusal:
        batch(world.omar, world.lyra_site, programme=programme, replaces=record)
    assert "This batch is made again already. Choose another one." in refusal.value.messages
    with pytest.raises(ValidationError) as refusal:
        batch(world.omar, world.lyra_site, programme=programme, replaces=again)
    assert refusal.value.message_dict["replaces"] == [
        f"{again.number} is not rejected. Only a rejected batch is made again."
    ]


def test_a_partner_amends_its_own_facts_and_plans_no_batch(world: World) -> None:
    record = batch(world.omar, world.lyra_site)
    change_it(BATCH, record, world.paul, planned_end=date(2027, 3, 26), partner_number="LB-26-118", location="Cold 2")
    assert now(record, world.nina).partner_number == "LB-26-118"
    with pytest.raises(ValidationError) as refusal:
        change_it(BATCH, record, world.paul, target_yield=Decimal("1"))
    assert refusal.value.message_dict == {"target_yield": ["You cannot set this."]}
    with pytest.raises(NotAllowed):
        batch(world.paul, world.lyra_site)
    act(record, "start", world.paul)
    act(record, "made", world.paul, actual_yield="6.82")
    change_it(BATCH, record, world.paul, actual_yield=Decimal("6.8"))
    act(record, "send-record", world.paul)
    with pytest.raises(ValidationError):
        change_it(BATCH, record, world.paul, actual_yield=Decimal("6.9"))


def test_corrected_days_move_the_clocks(world: World) -> None:
    record = sent(world.omar, world.lyra_site, world.paul)
    change_it(BATCH, record, world.nina, made_on=MADE + timedelta(days=1), record_sent_on=SENT + timedelta(days=1))
    assert clocks(record, world) == {
        "batch-record": ("CDMO", "ANSWERED", "2026-02-03 16:00"),
        "record-review": ("SPONSOR", "RUNNING", "2026-02-05 16:00"),
    }


def test_a_campaign_runs_and_is_not_voided_with_batches_in_it(world: World) -> None:
    programme = plan(world.omar)
    row = campaign(world.omar, world.lyra_site, programme=programme)
    record = batch(world.omar, world.lyra_site, programme=programme, campaign=row)
    sentence = "It has batches: void them, or move them to another campaign first."
    assert unmet(row, "void", world.omar, CAMPAIGN) == (sentence,)
    with scope(world.omar), pytest.raises(Refused):
        move(CAMPAIGN, row.pk, "void", by=world.omar, version=None, values={}, reason="A mistake")
    put(world, record, status="VOID")
    with scope(world.omar):
        move(CAMPAIGN, row.pk, "start", by=world.omar, version=None, values={}, reason="")
        move(CAMPAIGN, row.pk, "void", by=world.omar, version=None, values={}, reason="A mistake")
    assert now(row, world.nina).status == "VOID"
