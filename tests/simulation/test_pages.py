"""What people read of a simulation, and how they ask for one."""

import re
from datetime import date

from bench.visits import beyond_transactions, statements
from oversight.kernel.trail.change import change
from techtransfer.models import Simulation
from techtransfer.simulation.reading import Chance
from tests.cast import World
from tests.techtransfer.planning import Planned
from tests.techtransfer.reading import figures, page_of, panel, visitor, words

from .conftest import asked, made, told


def test_the_programme_says_how_likely_its_day_is(plan: Planned, world: World) -> None:
    path = f"programmes/{plan.programme.pk}/"
    assert "Simulation No runs were made yet." in words(panel(page_of(world.omar, path), "h-simulation"))
    study = told(made(asked(plan.programme, by=world.omar), world))
    held = study["chances"]["forecast"]["runs"]
    page = page_of(world.vera, path)
    assert figures(page)[1] == f"Chance to hold 23 April {round(held / 20)} % advisory, from 2,000 runs"
    said = words(panel(page, "h-simulation"))
    assert "Advisory: a person decides." in said
    assert "Make DS-26-014 100 %" in said
    assert "Run again" not in said, "Vera only reads"


def test_nina_asks_waits_and_reads(plan: Planned, world: World) -> None:
    client = visitor(world.nina)
    path = f"/acme/programmes/{plan.programme.pk}/simulations/"
    answer = client.post(path, {"runs": "1000", "seed": "7"})
    assert answer.status_code == 302
    here = answer.headers["Location"]
    waiting = client.get(here).content.decode()
    assert "0 of 1,000 runs" in words(waiting)
    assert 'hx-trigger="every 2s"' in waiting
    pk = int(re.search(r"simulations/(\d+)/", here)[1])
    simulation = made(Simulation(pk=pk, tenant_id=world.acme.pk), world)
    page = client.get(here).content.decode()
    assert 'hx-trigger="every 2s"' not in page
    assert f"Inputs, SHA-256 {simulation.result.inputs_sha256}" in words(page)
    assert "4 of 4 steps have no optimistic and no pessimistic duration: 80 % and 150 % of the likely one" in words(
        page
    )
    assert '<svg class="chart histogram"' in page
    assert "By chance alone a share of 1,000 runs may be 4 points off (95 % confidence)." in words(page)
    listed = words(client.get(path).content.decode())
    assert "Nina Berg 1,000 Done" in listed


def test_no_run_of_many_is_not_never() -> None:
    day = date(2027, 4, 23)
    said = [Chance("forecast", day, runs, 2_000).percent for runs in (0, 1, 20, 1_000, 1_999, 2_000)]
    assert said == ["under 1 %", "under 1 %", "1 %", "50 %", "over 99 %", "over 99 %"]


def test_bad_wishes_are_refused_beside_their_field(plan: Planned, world: World) -> None:
    client, path = visitor(world.omar), f"/acme/programmes/{plan.programme.pk}/simulations/"
    for typed, sentence in (
        ({"runs": "499"}, "Choose between 500 and 20,000 runs."),
        ({"runs": "20001"}, "Choose between 500 and 20,000 runs."),
        ({"runs": "many"}, "Choose between 500 and 20,000 runs."),
        ({"runs": "500", "seed": "-1"}, "A seed is a whole number from 0 to 9223372036854775807."),
    ):
        answer = client.post(path, typed)
        assert (answer.status_code, sentence in words(answer.content.decode())) == (422, True), typed
    lone = visitor(world.vera).post(path, {"runs": "500"})
    assert lone.status_code == 403


def test_the_list_costs_the_same_with_one_simulation_and_with_fifty(plan: Planned, world: World) -> None:
    client, path = visitor(world.nina), f"/acme/programmes/{plan.programme.pk}/simulations/"
    made(asked(plan.programme, by=world.omar), world)
    client.get(path)  # the session notes when it began
    few = len(beyond_transactions(statements(lambda: client.get(path))))
    with change(by=world.nina):
        for _ in range(49):
            Simulation.objects.create(programme=plan.programme, seed=1, why="PERSON", asked_name="Nina Berg")
    many = len(beyond_transactions(statements(lambda: client.get(path))))
    assert few == many == 10
    page = client.get(path).content.decode()
    assert page.count('class="cell-lead"') == 20
    older = client.get(re.search(r'rel="next" href="([^"]+)"', page)[1]).content.decode()
    assert older.count('class="cell-lead"') == 20
    assert "Nina Berg" in older
