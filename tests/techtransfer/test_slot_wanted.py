"""Two programmes that share a fill line: who wants one slot is told of the other, on both sides."""

from datetime import timedelta

from django.utils import timezone

from oversight.kernel.access.scope import scope
from oversight.kernel.outbox.models import Event
from techtransfer.models import Milestone, Programme, Slot
from techtransfer.subscribers import follow
from tests.cast import World, system
from tests.factories.milestone import put, step
from tests.factories.programme import plan
from tests.factories.slot import slot

from .acting import act, look
from .planning import run


def fills(world: World, title: str) -> tuple[Programme, Milestone]:
    """A programme with nothing but a fill on Lyra's line."""
    programme = plan(world.omar, title)
    return programme, step(
        world.omar, world.lyra_site, programme, title, line="Line 2", duration_days=3, calendar="EVERY_DAY"
    )


def hear(world: World) -> int:
    """What the worker does of the wishes that are told, until none is left; answers how many there were."""
    actor, heard = system(world.acme), 0
    with scope(actor):
        while wish := Event.objects.filter(name="milestone.slot_wanted", pk__gt=heard).order_by("pk").first():
            follow(wish, actor)
            heard = wish.pk
        return Event.objects.filter(name="milestone.slot_wanted").count()


def test_two_programmes_that_want_one_slot_are_flagged_on_both_and_freed_of_it(world: World) -> None:
    today = timezone.now().date()
    first_day, later = (slot(world.omar, world.lyra_site, starts_on=today + timedelta(days)) for days in (30, 58))
    (one, fill), (two, other) = fills(world, "Fill of the first"), fills(world, "Fill of the second")
    run(world, one)
    run(world, two)
    assert 0 < hear(world) < 6
    fill, other = look(fill, world.nina), look(other, world.nina)
    assert (fill.forecast_start, other.forecast_start) == (first_day.starts_on, first_day.starts_on)
    day = f"{first_day.starts_on.day} {first_day.starts_on:%b %Y}"
    assert fill.warning == f"{other.number} wants the same slot of Line 2 on {day}."
    assert other.warning == f"{fill.number} wants the same slot of Line 2 on {day}."
    act(later, "book", by=world.omar, milestone=other, reason="The second gives way")
    put(world, other, earliest_start=first_day.starts_on + timedelta(days=1))
    run(world, two)
    hear(world)
    fill, other = look(fill, world.nina), look(other, world.nina)
    assert (other.forecast_start, other.warning, fill.warning) == (later.starts_on, "", "")


def test_a_step_that_is_taken_out_gives_its_slot_back(world: World) -> None:
    offered = slot(world.omar, world.lyra_site)
    _, fill = fills(world, "Fill of the first")
    act(offered, "book", by=world.omar, milestone=fill, reason="For the first lot")
    act(fill, "void", by=world.omar, reason="Planned twice")
    found = look(offered, world.nina)
    assert (found.status, found.milestone_id) == (Slot.Status.OPEN, None)
