"""Dependencies: within one programme, never in a loop, not even when two are drawn at once."""

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client

from oversight.kernel.access.scope import scope
from techtransfer.models import Dependency
from tests.api.calling import NEVER, Caller
from tests.cast import World, sign_in
from tests.factories.dependency import link
from tests.factories.milestone import step
from tests.factories.programme import plan
from tests.factories.study import study

from .acting import act, look, told, unmet

SAID = "Choose another step, or void a dependency of the loop."


def chain(world: World, *titles: str) -> list:
    """Steps of one programme, each waiting for the one before it."""
    programme = plan(world.omar)
    steps = [step(world.omar, world.lyra_site, programme, title) for title in titles]
    for before, after in pairwise(steps):
        link(world.omar, before, after)
    return steps


def test_a_loop_is_refused_and_names_its_steps_in_order(world: World) -> None:
    make, test, fill = chain(world, "Make", "Test", "Fill")
    words = [f"{each.number} {each.title}" for each in (make, test, fill)]
    loop = f"This closes a loop: {' → '.join([*words, words[0]])}. {SAID}"
    assert told(lambda: link(world.omar, fill, make)) == {"successor": [loop]}
    assert told(lambda: link(world.omar, fill, make, link="SS", lag_days=-3)) == {"successor": [loop]}
    with scope(world.omar):
        assert Dependency.objects.count() == 2


def test_the_form_and_the_api_say_so_beside_the_field(world: World, client: Client) -> None:
    make, fill = chain(world, "Make", "Fill")
    sign_in(client, world.omar)
    typed = {"predecessor": fill.pk, "successor": make.pk, "link": "FS", "lag_days": "0", "lag_unit": "ELAPSED"}
    answer = client.post("/acme/dependencies/new/", typed)
    loop = f"This closes a loop: {make.number} Make → {fill.number} Fill → {make.number} Make."
    assert (answer.status_code, loop in answer.content.decode()) == (422, True)
    told = Caller(world.omar).post("dependencies/", {"predecessor": fill.pk, "successor": make.pk}).json()["errors"]
    assert list(told) == ["successor"]
    assert told["successor"][0].startswith("This closes a loop: ")
    unseen = Caller(world.omar).post("dependencies/", {"predecessor": NEVER, "successor": make.pk}).json()["errors"]
    assert unseen == {"predecessor": ["There is no such record."]}


def test_a_long_loop_is_told_from_both_its_ends(world: World) -> None:
    steps = chain(world, *(f"Step {number}" for number in range(12)))
    [said] = told(lambda: link(world.omar, steps[-1], steps[0]))["successor"]
    assert "→ 5 more steps →" in said
    assert said.startswith(f"This closes a loop: {steps[0].number} Step 0 → ")
    assert f"→ {steps[-1].number} Step 11 → {steps[0].number} Step 0. " in said


def test_a_void_dependency_closes_no_loop(world: World) -> None:
    make, fill = chain(world, "Make", "Fill")
    with scope(world.omar):
        first = Dependency.objects.get()
    act(first, "void", by=world.omar, reason="Made in parallel")
    assert link(world.omar, fill, make).status == "ACTIVE"


def test_links_lie_within_one_programme_and_lead_on(world: World) -> None:
    make, _ = chain(world, "Make", "Fill")
    elsewhere = step(world.omar, world.lyra_site, title="Another programme's")
    assert told(lambda: link(world.omar, make, elsewhere)) == {
        "successor": ["These steps belong to two programmes. Link steps of one."]
    }
    assert told(lambda: link(world.omar, make, make)) == {"__all__": ["A step does not wait for itself."]}


def test_two_steps_are_linked_once_in_each_way(world: World) -> None:
    make, fill = chain(world, "Make", "Fill")
    assert told(lambda: link(world.omar, make, fill)) == {
        "__all__": ["These two steps are linked in this way already."]
    }
    assert link(world.omar, make, fill, link="FF", lag_days=2).link == "FF"


def test_a_step_through_which_a_plan_leads_is_not_voided(world: World) -> None:
    make, fill = chain(world, "Make", "Fill")
    with scope(world.omar):
        first = Dependency.objects.get()
    assert unmet(lambda: act(fill, "void", by=world.omar, reason="Double")) == (
        f"The plan leads through it: void {first.number} first.",
    )
    act(first, "void", by=world.omar, reason="Made in parallel")
    waiting = study(world.omar, make.programme, first_patient_in=fill)
    assert unmet(lambda: act(fill, "void", by=world.omar, reason="Double")) == (
        f"{waiting.code} starts on it: choose another step there first.",
    )
    assert act(make, "void", by=world.omar, reason="Double").status == "VOID"


def test_a_narrowed_member_is_told_of_no_step_out_of_sight(world: World, client: Client) -> None:
    programme = plan(world.omar)
    make = step(world.omar, world.lyra_site, programme, "Make")
    fill = step(world.omar, world.orion_site, programme, "Fill at Orion")
    tie = link(world.omar, make, fill)
    sign_in(client, world.connie)
    for page in ("dependencies/", f"dependencies/{tie.pk}/"):
        body = client.get(f"/acme/{page}").content.decode()
        assert tie.number in body
        assert "Make" in body
        assert "Out of your sight" in body
        assert "Fill at Orion" not in body
        assert f"/acme/milestones/{fill.pk}/" not in body
    assert look(tie, world.connie).successor_id == fill.pk


def test_two_at_once_do_not_close_a_loop_together(lasting_world: World) -> None:
    world = lasting_world
    programme = plan(world.omar)
    make, fill = (step(world.omar, world.lyra_site, programme, title) for title in ("Make", "Fill"))
    barrier = Barrier(2)

    def draw(before: object, after: object) -> str:
        try:
            barrier.wait(30)
            link(world.omar, before, after)
        except ValidationError as refusal:
            return refusal.message_dict["successor"][0].partition(":")[0]
        finally:
            connection.close()
        return "drawn"

    with ThreadPoolExecutor(2) as pool:
        both = [pool.submit(draw, make, fill), pool.submit(draw, fill, make)]
        assert sorted(each.result(60) for each in both) == ["This closes a loop", "drawn"]
    with scope(world.omar):
        assert Dependency.objects.filter(status="ACTIVE").count() == 1


@pytest.mark.parametrize("lag", [-3651, 3651])
def test_a_lag_has_its_bounds(world: World, lag: int) -> None:
    make, fill = chain(world, "Make", "Fill")
    assert told(lambda: link(world.omar, make, fill, link="SS", lag_days=lag)) == {
        "lag_days": ["That is more than ten years."]
    }
