"""After dates moved the runs are made anew: once for all that moved meanwhile, and a minute after the last."""

from datetime import timedelta

from oversight.kernel.access.scope import scope
from oversight.kernel.outbox.delivery import deliver
from oversight.kernel.outbox.models import Event
from techtransfer.models import Programme, Simulation
from techtransfer.simulation.asking import ASKED, refresh
from tests.cast import World, system
from tests.factories.programme import plan as bare
from tests.techtransfer.planning import Planned, run, slip

from .conftest import made


def moved(world: World, programme: Programme) -> list[int]:
    """The events that say that its dates moved, and wait."""
    with scope(system(world.acme)):
        rows = Event.objects.visible_to(system(world.acme)).filter(name="programme.dates_moved", state="WAITING")
        return list(rows.filter(record_id=programme.pk).order_by("pk").values_list("pk", flat=True))


def simulations(world: World, programme: Programme) -> list[Simulation]:
    with scope(system(world.acme)):
        return list(Simulation.objects.visible_to(system(world.acme)).filter(programme=programme).order_by("pk"))


def test_a_slip_at_lyra_asks_for_runs_and_a_cascade_that_moves_nothing_does_not(plan: Planned, world: World) -> None:
    for event in moved(world, plan.programme):
        deliver(tenant=world.acme.pk, event=event)
    (first,) = simulations(world, plan.programme)
    assert (first.why, first.status, first.runs, first.seed) == ("CASCADE", "QUEUED", 2_000, plan.programme.pk)
    assert made(first, world).status == "DONE"
    run(world, plan.programme)
    assert moved(world, plan.programme) == []
    slip(world, plan)
    (event,) = moved(world, plan.programme)
    deliver(tenant=world.acme.pk, event=event)
    _, second = simulations(world, plan.programme)
    assert second.due_at == first.due_at + timedelta(minutes=1)
    with scope(system(world.acme)):
        (asked,) = Event.objects.visible_to(system(world.acme)).filter(name=ASKED, record_id=second.pk)
    assert asked.due_at == second.due_at, "the relay rings then"


def test_one_that_waits_says_it_for_all_that_move_meanwhile(plan: Planned, world: World) -> None:
    by = system(world.acme)
    with scope(by):
        first = refresh(plan.programme, by=by)
        assert first is not None
        assert [refresh(plan.programme, by=by) for _ in range(5)] == [None] * 5
    assert [each.pk for each in simulations(world, plan.programme)] == [first.pk]


def test_a_programme_without_a_study_is_left_alone(world: World) -> None:
    programme, by = bare(world.omar, "Nothing waits for it"), system(world.acme)
    with scope(by):
        assert refresh(programme, by=by) is None
