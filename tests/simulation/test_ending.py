"""What nobody makes any more stands in nobody's way, and old refreshes go; what a person asked for stays."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from oversight.kernel.access.scope import Actor, scope
from oversight.kernel.outbox.models import Event
from oversight.kernel.workflow.refusals import Refused
from techtransfer.models import Programme, Simulation, SimulationResult
from techtransfer.simulation.asking import ASKED, ENOUGH, refresh
from techtransfer.simulation.ending import BROKEN, LEFT, give_up, throw_away_old
from techtransfer.simulation.reading import tell
from techtransfer.tasks import give_up_simulations_of
from tests.cast import World, raw, system
from tests.techtransfer.planning import Planned
from tests.techtransfer.reading import page_of, words

from .conftest import asked, made


def put(world: World, simulation: Simulation, **values: Any) -> None:
    """As it stands after a while."""
    with scope(system(world.acme)):
        Simulation.objects.filter(pk=simulation.pk).update(**values)


def lose(world: World, simulation: Simulation) -> None:
    """The outbox has given its event up."""
    with scope(system(world.acme)):
        Event.objects.filter(name=ASKED, record_id=simulation.pk).update(state=Event.State.FAILED)


def read(world: World, simulation: Simulation) -> Simulation:
    with scope(system(world.acme)):
        return Simulation.objects.get(pk=simulation.pk)


def ago(**span: float) -> Any:
    return timezone.now() - timedelta(**span)


def test_three_that_never_end_keep_nobody_from_asking(plan: Planned, world: World) -> None:
    first, second, third = (asked(plan.programme, by=world.omar, seed=seed) for seed in range(3))
    put(world, first, due_at=ago(minutes=59))
    with pytest.raises(Refused) as caught:
        asked(plan.programme, by=world.omar)
    assert caught.value.sentences == (ENOUGH,)
    put(world, second, due_at=ago(minutes=61), status="RUNNING", runs_done=500)
    lose(world, third)
    fourth = asked(plan.programme, by=world.omar)
    found = [(read(world, each).status, read(world, each).problem) for each in (first, second, third, fourth)]
    assert found == [("QUEUED", ""), ("FAILED", LEFT), ("FAILED", BROKEN), ("QUEUED", "")]
    page = words(page_of(world.vera, f"programmes/{plan.programme.pk}/simulations/{second.pk}/"))
    assert LEFT in page and "500 of 2,000" not in page
    late = made(second, world)
    assert (late.status, late.result_id) == ("FAILED", None), "a worker that comes now leaves it as it was told"
    with scope(world.connie):
        assert tell(late, by=world.connie).problem == LEFT, "it names no step, so that everybody may read it"


def test_a_refresh_that_never_ends_does_not_stand_for_all_that_move_later(plan: Planned, world: World) -> None:
    by = system(world.acme)
    with scope(by):
        first = refresh(plan.programme, by=by)
        assert first is not None and refresh(plan.programme, by=by) is None
    lose(world, first)
    with scope(by):
        second = refresh(plan.programme, by=by)
    assert second is not None
    assert (read(world, first).status, second.status) == ("FAILED", "QUEUED")


def test_without_anybody_who_asks_it_is_said_all_the_same(plan: Planned, world: World) -> None:
    by = system(world.acme)
    one, other = (asked(plan.programme, by=world.omar, seed=seed) for seed in range(2))
    put(world, one, due_at=ago(hours=2))
    give_up_simulations_of(tenant=by.tenant)
    assert [read(world, each).status for each in (one, other)] == ["FAILED", "QUEUED"]
    with scope(by):
        assert give_up(by=by) == 0, "once"


def test_of_the_rivals_simulations_nothing_is_said(plan: Planned, world: World) -> None:
    one = asked(plan.programme, by=world.omar)
    put(world, one, due_at=ago(hours=2))
    with scope(system(world.rival)):
        assert give_up(by=system(world.rival)) == 0
    assert read(world, one).status == "QUEUED"


def refreshed(world: World, programme: Programme, by: Actor, **values: Any) -> Simulation:
    """One more refresh, made, and as old as `values` say."""
    with scope(by):
        simulation = refresh(programme, by=by)
    assert simulation is not None
    made(simulation, world)
    put(world, simulation, **values)
    return simulation


def test_old_refreshes_go_once_another_has_stood_for_them_for_a_week(plan: Planned, world: World) -> None:
    by, programme = system(world.acme), plan.programme
    oldest = refreshed(world, programme, by, done_at=ago(days=30))
    wish = made(asked(programme, by=world.omar, seed=9), world)
    put(world, wish, done_at=ago(days=29))
    failed = refreshed(world, programme, by, done_at=ago(days=28), status="FAILED", result=None, problem=BROKEN)
    stood = refreshed(world, programme, by, done_at=ago(days=8))
    recent = refreshed(world, programme, by, done_at=ago(days=6))
    with scope(by):
        results = SimulationResult.objects.count()
    assert throw_away_old() == 2
    with scope(by):
        left = set(Simulation.objects.filter(programme=programme).values_list("pk", flat=True))
        assert left == {wish.pk, stood.pk, recent.pk}
        assert not {oldest.pk, failed.pk} & left
        assert SimulationResult.objects.count() == results, "the figures that people saw stay"
    assert throw_away_old() == 0
    put(world, recent, done_at=ago(days=7, minutes=1))
    assert throw_away_old() == 1, "the newest stays, however old it is"
    assert read(world, recent).status == "DONE"


def test_one_that_waits_is_never_thrown_away(plan: Planned, world: World) -> None:
    by = system(world.acme)
    with scope(by):
        waiting = refresh(plan.programme, by=by)
    assert waiting is not None
    put(world, waiting, due_at=ago(days=30))
    put(world, made(asked(plan.programme, by=world.omar), world), done_at=ago(days=20))
    assert throw_away_old() == 0


def test_the_application_may_delete_none_by_itself(plan: Planned, world: World) -> None:
    simulation = asked(plan.programme, by=world.omar)
    with scope(system(world.acme)):
        for statement in ("DELETE FROM techtransfer_simulation", "DELETE FROM techtransfer_simulationresult"):
            with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                raw(statement)
    assert read(world, simulation).status == "QUEUED"


def test_what_a_result_weighs(plan: Planned, world: World) -> None:
    """Results stay for good: a few kilobytes for each state of a plan that was run."""
    made(asked(plan.programme, by=world.omar), world)
    with scope(system(world.acme)):
        ((text, row),) = raw("SELECT octet_length(result), pg_column_size(r.*) FROM techtransfer_simulationresult r")
    print(f"\na result of one study and four steps: {text} bytes of text, a row of {row}")
    assert row <= 8_000
