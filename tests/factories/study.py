"""Studies: two of Acme's, one of Rival's; no partner sees any."""

from typing import Any

from oversight.kernel.access.scope import Actor, scope
from oversight.kernel.records.writes import create
from techtransfer.models import Programme, Study
from techtransfer.records import STUDY
from tests.cast import World

from . import Specimen, planner_of
from .milestone import step
from .programme import plan


def study(by: Actor, programme: Programme | None = None, **values: Any) -> Study:
    """One study with the next free code, not tied to a step yet."""
    with scope(by):
        code = f"ACM-{Study.objects.visible_to(by).count() + 201}"
    told = {"programme": programme or plan(by), "code": code, "title": "Dose finding in adults"}
    with scope(by):
        return create(STUDY, by=by, values=told | values)


def typed(world: World) -> dict[str, str]:
    programme = plan(world.omar)
    first = step(world.omar, programme=programme, title="First patient in", duration_days=0)
    return {
        "programme": str(programme.pk),
        "code": "ACM-900-1",
        "title": "Safety in adults",
        "first_patient_in": str(first.pk),
        "planned_first_patient_in": "2027-06-01",
        "supply_needed_on": "2027-05-18",
    }


SPECIMEN = Specimen(
    own=lambda world: study(world.omar, title="Acme's first study"),
    sibling=lambda world: study(world.omar, title="Acme's second study"),
    foreign=lambda world: study(planner_of(world, "rival"), title="Rival's study"),
    typed=typed,
    title="title",
    amends=lambda world: {"first_patient_in": ""},  # a step of another programme than that of `own`
)
