"""Response tasks: one that the sponsor added to a deviation at each CDMO of the cast."""

from oversight.kernel.access.scope import Actor, scope
from oversight.kernel.records.writes import create
from quality.models import Deviation, ResponseTask
from quality.records import RESPONSE_TASK
from tests.cast import World

from . import Specimen, deviation


def add_task(by: Actor, about: Deviation, title: str, side: str = "SPONSOR") -> ResponseTask:
    """One task, as `by` would add it."""
    with scope(by):
        return create(RESPONSE_TASK, by=by, values={"deviation": about, "title": title, "side": side})


def typed(world: World) -> dict[str, str]:
    about = deviation.without_tasks(world.nina, world.lyra_site, world.lyra)
    return {"deviation": str(about.pk), "title": "Compare the last three batches", "side": "SPONSOR"}


def _own(world: World) -> ResponseTask:
    return add_task(world.nina, deviation.without_tasks(world.nina, world.lyra_site, world.lyra), "Lyra's task")


def _sibling(world: World) -> ResponseTask:
    return add_task(world.nina, deviation.without_tasks(world.nina, world.orion_site, world.orion), "Orion's task")


def _foreign(world: World) -> ResponseTask:
    return add_task(world.riva, deviation.without_tasks(world.riva, world.foreign_site, world.foreign), "Rival's task")


SPECIMEN = Specimen(own=_own, sibling=_sibling, foreign=_foreign, typed=typed, title="title")
