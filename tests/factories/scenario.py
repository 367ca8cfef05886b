"""Scenarios: two of Acme's that are shared, one of Rival's; no partner sees any."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from oversight.kernel.access.scope import Actor, scope
from oversight.kernel.records.writes import create
from techtransfer.models import Milestone, Programme, Scenario
from techtransfer.records import SCENARIO
from tests.cast import World

from . import Specimen, planner_of
from .milestone import step
from .programme import plan


def planned(by: Actor) -> tuple[Programme, Milestone]:
    """A programme with one step of the sponsor's own."""
    programme = plan(by)
    return programme, step(by, programme=programme, title="Validate the assay")


def keep(by: Actor, programme: Programme | None = None, lines: str = "", **values: Any) -> Scenario:
    """One scenario, shared unless it says otherwise: the one step of its programme takes 20 days."""
    if programme is None:
        programme, only = planned(by)
        lines = f"DURATION {only.number} 20"
    told = {"programme": programme, "title": "A shorter validation", "suppositions": lines, "shared": True}
    with scope(by):
        return create(SCENARIO, by=by, values=told | values)


def typed(world: World) -> dict[str, str]:
    programme, only = planned(world.omar)
    return {
        "programme": str(programme.pk),
        "title": "The validation slips",
        "suppositions": f"STEP_LATER {only.number} 5",
        "expires_on": (timezone.now().date() + timedelta(days=14)).isoformat(),
        "shared": "on",
    }


SPECIMEN = Specimen(
    own=lambda world: keep(world.omar, title="Acme's first scenario"),
    sibling=lambda world: keep(world.omar, title="Acme's second scenario"),
    foreign=lambda world: keep(planner_of(world, "rival"), title="Rival's scenario"),
    typed=typed,
    title="title",
)
