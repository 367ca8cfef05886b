"""What went into what: amounts that were there, no loops, and lots of what is released."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from batches.records import GENEALOGY, LOT
from batches.services.genealogy import edges_back, edges_onward
from oversight.kernel.access.scope import scope
from oversight.kernel.records.writes import move
from oversight.kernel.workflow.definition import OF_ALL
from oversight.kernel.workflow.refusals import Refused
from oversight.roles import Role
from tests.cast import World
from tests.factories.batch import MADE, STARTED, act, batch, sent
from tests.factories.genealogy import edge
from tests.factories.lot import lot, packaged
from tests.factories.milestone import put

from .acting import change_it, now, unmet


def test_no_more_goes_on_than_there_was(world: World) -> None:
    source, target = sent(world.omar, world.lyra_site, world.paul), batch(world.omar, world.orion_site, stage="DP")
    first = edge(world.omar, source, target, "4.5")
    second = batch(world.omar, world.orion_site, stage="DP")
    with pytest.raises(ValidationError) as refusal:
        edge(world.omar, source, second, "2.5")
    assert refusal.value.message_dict == {"quantity": [f"{source.number} yielded 6.82 kg, of which 2.32 kg is left."]}
    edge(world.omar, source, second, "2.32")
    with pytest.raises(ValidationError) as refusal:
        change_it(GENEALOGY, first, world.omar, quantity=Decimal("4.501"))
    assert refusal.value.message_dict == {"quantity": [f"{source.number} yielded 6.82 kg, of which 4.5 kg is left."]}
    with scope(world.omar):
        move(GENEALOGY, first.pk, "void", by=world.omar, version=None, values={}, reason="Another batch")
    edge(world.omar, source, batch(world.omar, world.orion_site, stage="DP"), "4.5")


def test_a_yield_is_not_corrected_below_what_went_on(world: World) -> None:
    source, target = batch(world.omar, world.lyra_site), batch(world.omar, world.orion_site, stage="DP")
    edge(world.omar, source, target, "7.5")  # its yield is not known yet
    act(source, "start", world.paul, started_on=STARTED)
    with pytest.raises(ValidationError) as refusal:
        act(source, "made", world.omar, made_on=MADE, actual_yield=Decimal("6.82"))
    assert refusal.value.message_dict == {"actual_yield": ["7.5 kg of it went on already. Correct that first."]}
    act(source, "made", world.omar, made_on=MADE, actual_yield=Decimal("7.5"))


def test_a_quantity_is_said_in_the_unit_of_the_batch_and_is_something(world: World) -> None:
    source, target = batch(world.omar, world.lyra_site), batch(world.omar, world.orion_site, stage="DP")
    with pytest.raises(ValidationError) as refusal:
        edge(world.omar, source, target, unit="GRAMS")
    assert refusal.value.message_dict == {"unit": [f"{source.number} is measured in kg. Say it in the same unit."]}
    for quantity in ("0", "-1"):
        with pytest.raises(ValidationError) as refusal:
            edge(world.omar, source, target, quantity)
        assert refusal.value.message_dict == {"quantity": ["Enter how much it was: more than nothing."]}


def test_nothing_goes_into_itself_by_any_way(world: World) -> None:
    first, second, third = (batch(world.omar, world.lyra_site) for _ in range(3))
    edge(world.omar, first, second)
    edge(world.omar, second, third)
    with pytest.raises(ValidationError) as refusal:
        edge(world.omar, third, first)
    way = " → ".join(row.number for row in (third, first, second, third))
    assert refusal.value.message_dict == {"made_into": [f"This closes a loop: {way}."]}
    with pytest.raises(ValidationError) as refusal:
        edge(world.omar, first, first)
    assert refusal.value.messages == ["A batch is not made of itself."]
    with pytest.raises(ValidationError) as refusal:
        edge(world.omar, batch(world.omar, world.lyra_site, stage="DP"), third)
    assert refusal.value.message_dict == {"made_into": ["It is of an earlier stage. A batch goes into a later one."]}


def test_the_whole_family_is_found_from_either_end(world: World) -> None:
    substance = [batch(world.omar, world.lyra_site) for _ in range(2)]
    product = [batch(world.omar, world.orion_site, stage="DP", unit="VIALS") for _ in range(2)]
    supply = packaged(world.omar, world.orion_site)
    edges = [
        edge(world.omar, substance[0], product[0]),
        edge(world.omar, substance[1], product[0]),
        edge(world.omar, substance[1], product[1]),
        edge(world.omar, product[0], supply, "200"),
    ]
    with scope(world.nina):
        onward = {each.id for each in edges_onward(substance[1].pk, world.nina)}
        back = {each.id for each in edges_back(supply.pk, world.nina)}
    assert onward == {edges[1].pk, edges[2].pk, edges[3].pk}
    assert back == {edges[0].pk, edges[1].pk, edges[3].pk}
    with scope(world.paul):
        assert edges_onward(substance[1].pk, world.paul) == []


def test_a_batch_is_released_after_what_went_into_it(world: World) -> None:
    source = batch(world.omar, world.lyra_site)
    record = sent(world.omar, world.lyra_site, world.paul, stage="DP", unit="KILOGRAMS")
    row = edge(world.omar, source, record)
    assert unmet(record, "release", world.nina) == (
        f"It is made of what is not released: release {source.number} first.",
    )
    put(world, source, status="RELEASED")
    assert unmet(record, "release", world.nina) == ()
    # Connie sees Lyra alone: she cannot vouch for what Orion sent.
    elsewhere = put(world, batch(world.omar, world.orion_site), status="RELEASED")
    edge(world.omar, elsewhere, record)
    assert unmet(record, "release", world.connie) == (
        "It is made of what is not released: release what you do not see first.",
    )
    assert unmet(record, "release", world.nina) == () and now(row, world.nina).status == "ACTIVE"


def test_a_lot_is_of_a_released_batch(world: World) -> None:
    of = packaged(world.omar, world.lyra_site)
    record = lot(world.omar, of)
    assert (record.cdmo_id, record.number[:3]) == (world.lyra.pk, "CL-")
    assert unmet(record, "make-available", world.omar, LOT) == (f"{of.number} is not released: release it first.",)
    put(world, of, status="RELEASED", actual_yield=Decimal("150"))
    with pytest.raises(ValidationError) as refusal:
        lot(world.omar, of, "30.5")
    assert refusal.value.message_dict == {"quantity": [f"{of.number} yielded 150 kits, of which 30 kits is left."]}
    with scope(world.omar):
        move(LOT, record.pk, "make-available", by=world.omar, version=None, values={}, reason="")
    with scope(world.paul):
        move(LOT, record.pk, "ship", by=world.paul, version=None, values={"destination": "Depot Basel"}, reason="")
    with scope(world.omar):
        record.refresh_from_db()
        assert (record.status, record.shipped_on) == ("SHIPPED", of.today)


def test_who_sees_some_partners_only_changes_nothing(world: World) -> None:
    source, target = batch(world.omar, world.lyra_site), batch(world.omar, world.orion_site, stage="DP")
    row = edge(world.omar, source, target)
    connie = replace(world.connie, role=Role.QA_DIRECTOR)  # narrowed to Lyra
    assert unmet(row, "void", connie, GENEALOGY) == (OF_ALL,)
    with pytest.raises(Refused) as refusal:
        change_it(GENEALOGY, row, connie, quantity=Decimal("3"))
    assert refusal.value.sentences == (OF_ALL,)
    with pytest.raises(ValidationError) as invalid:
        edge(connie, source, batch(world.omar, world.lyra_site, stage="DP"))
    assert invalid.value.messages == [OF_ALL]
