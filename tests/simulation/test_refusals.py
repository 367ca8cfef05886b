"""What cannot be simulated says why not, and who may not ask is told so."""

import json

import pytest

from oversight.kernel.access.scope import scope
from oversight.kernel.trail.change import change
from oversight.kernel.workflow.refusals import Refused
from techtransfer.models import Simulation, Study
from techtransfer.simulation.asking import EMPTY, ENOUGH, NARROWED, NO_STUDY, ask
from techtransfer.simulation.reading import UNSEEN, UNTOLD, tell
from tests.api.calling import Caller
from tests.cast import World, system
from tests.factories.milestone import step
from tests.factories.programme import plan as bare
from tests.factories.study import study
from tests.techtransfer.planning import Planned, tie

from .conftest import asked, made


def refusal(programme: object, by: object) -> tuple[str, ...]:
    with pytest.raises(Refused) as caught:
        asked(programme, by=by)
    return caught.value.sentences


def test_an_empty_plan_and_one_without_a_study_say_why_not(world: World) -> None:
    programme = bare(world.omar, "Nothing in it")
    assert refusal(programme, world.omar) == (EMPTY,)
    step(world.omar, world.lyra_site, programme, "Make the substance")
    assert refusal(programme, world.omar) == (NO_STUDY,)


def test_a_plan_that_became_a_loop_names_its_steps(world: World) -> None:
    programme = bare(world.omar, "Round and round")
    first = step(world.omar, world.lyra_site, programme, "First")
    second = step(world.omar, world.lyra_site, programme, "Second")
    study(world.omar, programme, first_patient_in=second)
    simulation = asked(programme, by=world.omar)
    tie(world, first, second)
    tie(world, second, first)
    found = made(simulation, world)
    assert found.status == "FAILED"
    assert found.problem.startswith("These steps wait for each other: ")
    assert first.number in found.problem and second.number in found.problem
    with scope(world.connie):
        assert tell(found, by=world.connie).problem == UNTOLD


def test_whoever_sees_some_cdmos_alone_reads_no_others_steps_and_asks_for_nothing(plan: Planned, world: World) -> None:
    simulation = made(asked(plan.programme, by=world.omar), world)
    with scope(world.connie):
        told = tell(simulation, by=world.connie)
        with pytest.raises(Refused) as caught:
            ask(plan.programme, by=world.connie)
    assert caught.value.sentences == (NARROWED,)
    titles = sorted(driver.title for driver in told.studies[0].drivers)
    assert titles == [UNSEEN, UNSEEN, "Make DS-26-014", "Release DS-26-014"], "neither Orion's fill nor Acme's packing"


@pytest.mark.requirement("ASVS-11.1.3")
def test_three_wait_at_most(plan: Planned, world: World) -> None:
    for seed in range(3):
        asked(plan.programme, by=world.omar, seed=seed)
    assert refusal(plan.programme, world.omar) == (ENOUGH,)


def test_a_study_that_has_begun_is_not_simulated(plan: Planned, world: World) -> None:
    simulation = asked(plan.programme, by=world.omar)
    with change(by=system(world.acme), reason="It began"):
        Study.objects.filter(pk=plan.study.pk).update(status=Study.Status.RUNNING)
    assert made(simulation, world).problem == NO_STUDY


def test_programs_ask_once_and_read_progress_and_result(plan: Planned, world: World) -> None:
    omar, vera, path = Caller(world.omar), Caller(world.vera), f"programmes/{plan.programme.pk}/simulations/"
    first = omar.post(path, {"runs": 500, "seed": 3}, Idempotency_Key="one")
    again = omar.post(path, {"runs": 500, "seed": 3}, Idempotency_Key="one")
    assert (first.status_code, again.status_code, first.content) == (202, 202, again.content)
    body = first.json()
    here = first["Location"]
    assert here == f"/api/v1/acme/{path}{body['id']}/"
    assert (body["status"], body["runs_done"], body["result"]) == ("QUEUED", 0, None)
    simulation = made_of(body["id"], world)
    found = vera.get(here).json()
    assert (found["status"], found["runs_done"], found["seed"]) == ("DONE", 500, 3)
    (study_told,) = found["result"]["studies"]
    assert sum(week["runs"] for week in study_told["weeks"]) == 500
    assert found["result"]["inputs_sha256"] == simulation.result.inputs_sha256
    listed = vera.get(path).json()
    assert [(each["id"], each["result"]) for each in listed["results"]] == [(body["id"], None)]
    assert vera.post(path, {}).status_code == 403
    assert Caller(world.paul).get(here).status_code == 404
    assert Caller(world.riva).get(here).status_code == 404


@pytest.mark.parametrize(
    ("body", "field", "sentence"),
    [
        ({"runs": 499}, "runs", "Choose between 500 and 20,000 runs."),
        ({"runs": 20_001}, "runs", "Choose between 500 and 20,000 runs."),
        ({"seed": -1}, "seed", "A seed is a whole number from 0 to 9223372036854775807."),
        ({"runs": "x"}, "runs", "Send a whole number."),
        ({"times": 3}, "times", "There is no such field here."),
    ],
)
def test_a_wrong_body_is_refused_by_field(
    plan: Planned, world: World, body: dict[str, object], field: str, sentence: str
) -> None:
    answer = Caller(world.omar).post(f"programmes/{plan.programme.pk}/simulations/", body)
    assert (answer.status_code, json.loads(answer.content)["errors"]) == (422, {field: [sentence]})


def made_of(pk: int, world: World) -> Simulation:
    """The simulation with that key, made."""
    return made(Simulation(pk=pk, tenant_id=world.acme.pk), world)
