"""What a program asks: what if, and how days are won back. Nothing is saved, and nothing is answered out of sight."""

from typing import Any

import pytest

from oversight.kernel.access.scope import scope
from oversight.kernel.outbox.models import Event
from techtransfer.models import Milestone, Scenario
from techtransfer.whatif.preview import NARROWED
from tests.api.calling import Caller
from tests.cascade.supply import LINE, Supply, after
from tests.cast import World
from tests.factories.milestone import put

pytestmark = pytest.mark.django_db


def path(supply: Supply, page: str) -> str:
    return f"programmes/{supply.programme.pk}/{page}/"


def test_a_what_if_answers_what_moves_and_saves_nothing(world: World) -> None:
    supply = Supply(world, line=LINE)
    with scope(world.nina):
        before = (Milestone.history.count(), Event.objects.count(), Scenario.objects.count())
    body = {"suppositions": [{"kind": "BATCH_REJECTED", "record": supply.batch.number}]}
    answer = Caller(world.omar).post(path(supply, "what-if"), body)
    assert answer.status_code == 200, answer.content
    told = answer.json()
    assert told["suppositions"] == f"BATCH_REJECTED {supply.batch.number}"
    assert told["studies"] == [
        {
            "id": supply.study.pk, "number": supply.study.number, "code": supply.study.code,
            "was": after(29).isoformat(), "now": after(57).isoformat(), "days": 28, "days_to_baseline": 28,
        }
    ]  # fmt: skip
    first = told["steps"][0]
    assert (first["title"], first["days"], first["what"]) == ("Make the substance", 5, "rejected")
    assert "misses the" in told["consequences"][0]
    with scope(world.nina):
        assert (Milestone.history.count(), Event.objects.count(), Scenario.objects.count()) == before


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({}, "Send a list of 1 to 8 suppositions"),
        ({"suppositions": "x"}, "Send a list of 1 to 8 suppositions"),
        ({"suppositions": []}, "Send a list of 1 to 8 suppositions"),
        ({"suppositions": [1]}, "The 1. of them: Send an object"),
        ({"suppositions": [{"kind": "EXPLODES", "record": "MS-1"}]}, "The 1. of them: Choose what happens."),
        ({"suppositions": [{"kind": "STEP_LATER", "record": "MS-1", "days": "5"}]}, "“days” is a whole number."),
        ({"suppositions": [{"kind": "STEP_LATER", "record": "MS-1", "days": True}]}, "“days” is a whole number."),
        ({"suppositions": [{"kind": "STEP_LATER", "record": "MS-1", "days": -5}]}, "Enter by how many days"),
        ({"suppositions": [{"kind": "STEP_LATER", "record": "MS-1", "x": 5}]}, "There is no field “x” here."),
        ({"suppositions": [{"kind": "STEP_LATER", "record": "MS-99999", "days": 5}]}, "There is no such step"),
        ({"suppositions": [{"kind": "STEP_LATER", "record": 5, "days": 5}]}, "Send an object with the texts"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(world: World, body: dict[str, Any], said: str) -> None:
    answer = Caller(world.omar).post(path(Supply(world), "what-if"), body)
    assert answer.status_code == 422
    assert said in " ".join(answer.json()["errors"]["suppositions"])


def test_ways_are_answered_as_a_what_if_takes_them(world: World) -> None:
    supply = Supply(world, line=LINE)
    put(world, supply.slots[1], status="BOOKED", milestone=supply.fill)
    supply.cascade()
    api = Caller(world.omar)
    told = api.get(path(supply, "ways")).json()
    assert (told["study"], [way["days"] for way in told["ways"]]) == (supply.study.pk, [28])
    body = {"suppositions": [told["ways"][0]["supposition"]]}
    assert api.post(path(supply, "what-if"), body).json()["studies"][0]["days"] == -28
    assert api.get(f"{path(supply, 'ways')}?study={supply.study.pk}").json() == told
    assert api.get(f"{path(supply, 'ways')}?study=999999999").status_code == 404
    assert api.get(f"{path(supply, 'ways')}?study=x").status_code == 400


def test_nobody_is_answered_out_of_sight(world: World) -> None:
    supply = Supply(world)
    body = {"suppositions": [{"kind": "BATCH_REJECTED", "record": supply.batch.number}]}
    for who in (world.paul, world.olga):
        assert Caller(who).post(path(supply, "what-if"), body).status_code == 404
        assert Caller(who).get(path(supply, "ways")).status_code == 404
    narrowed = Caller(world.connie)
    for answer in (narrowed.post(path(supply, "what-if"), body), narrowed.get(path(supply, "ways"))):
        assert (answer.status_code, answer.json()["unmet"]) == (409, [NARROWED])
    reading = Caller(world.omar, writes=False).post(path(supply, "what-if"), body)
    assert reading.status_code == 403
