"""What a preview says is what then happens, also of holds that end and of slots that are over."""

from datetime import timedelta

import pytest
from django.test import Client

from oversight.kernel.access.scope import scope
from oversight.kernel.records.writes import amend
from techtransfer.records import SCENARIO
from techtransfer.whatif.suppositions import Impossible
from tests.cascade.supply import LINE, Supply, after, today
from tests.cast import World, sign_in
from tests.factories.milestone import put, step
from tests.factories.programme import plan
from tests.factories.scenario import keep
from tests.web.reading import beside

from .supposing import starts_and_ends, supposed


@pytest.mark.parametrize("told", [{}, {"partner_end": after(20), "confirmed_on": today() - timedelta(4)}])
def test_a_hold_that_is_lifted_today_gives_the_dates_that_were_previewed(world: World, told: dict) -> None:
    supply = Supply(world)
    held = {
        "held_since": today() - timedelta(3),
        "held_until": after(30),
        "hold_kind": "quality_deviation",
        "hold_id": 7,
    }
    put(world, supply.make, **held, **told, hold_number="DEV-26-0007", hold_cause="Filter failed")
    supply.cascade()
    previewed = starts_and_ends(supposed(supply, "HOLD_ENDS DEV-26-0007"))
    lifted = {"held_since": None, "held_until": None, "hold_kind": "", "hold_id": 0, "hold_number": ""}
    put(world, supply.make, **lifted, stopped_days=3)
    supply.cascade()
    assert supply.dates() == previewed


def test_a_slot_of_another_day_than_those_to_come_is_not_there(world: World) -> None:
    supply = Supply(world, line=LINE)
    past = supply.slot(-30)
    with pytest.raises(Impossible, match="There is no such slot"):
        supposed(supply, f"SLOT_TAKEN {supply.fill.number} {past.number}")


def test_what_was_private_stays_private_when_it_is_shared(world: World, client) -> None:
    programme = plan(world.omar)
    one = step(world.omar, programme=programme, title="Validate the assay")
    kept = keep(world.omar, programme, f"DURATION {one.number} 20", title="Drop Lyra before signing", shared=False)
    with scope(world.omar):
        amend(SCENARIO, kept.pk, by=world.omar, version=None, values={"title": "Option B"}, reason="Not for everybody")
        amend(SCENARIO, kept.pk, by=world.omar, version=None, values={"shared": True}, reason="For the team")
    path = f"/acme/scenarios/{kept.pk}/history/"
    sign_in(client, world.vera)
    told = client.get(path).content.decode()
    assert ("Option B" in told, "Drop Lyra" in told, "Not for everybody" in told) == (True, False, False)
    author = Client()
    sign_in(author, world.omar)
    assert "Drop Lyra" in author.get(path).content.decode()


@pytest.mark.parametrize("day", ["9999-12-31", "2001-12-31", ""])
def test_a_scenario_is_kept_until_a_day_to_come(world: World, client, day: str) -> None:
    kept = keep(world.omar)
    sign_in(client, world.omar)
    typed = {"title": "Kept", "expires_on": day, "shared": "on", "version": "1", "reason": "Longer"}
    answer = client.post(f"/acme/scenarios/{kept.pk}/amend/", typed)
    assert answer.status_code == 422
    assert beside(answer, "expires_on")
