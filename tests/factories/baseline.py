"""Baselines: two of Acme's, one of Rival's; no partner sees any."""

from datetime import date
from typing import Any

from oversight.kernel.access.scope import Actor, scope
from oversight.kernel.records.writes import create
from techtransfer.models import Baseline, Programme
from techtransfer.records import BASELINE

from . import Specimen, planner_of
from .milestone import step
from .programme import plan


def planned(by: Actor) -> Programme:
    """A programme with one step of the sponsor's own that has dates."""
    programme = plan(by)
    step(by, programme=programme, planned_start=date(2027, 2, 1), planned_end=date(2027, 2, 26))
    return programme


def propose(by: Actor, programme: Programme | None = None, **values: Any) -> Baseline:
    """One baseline of the dates as they stand."""
    told = {"programme": programme or planned(by), "title": "Baseline 2", "justification": "The filling moved."}
    with scope(by):
        return create(BASELINE, by=by, values=told | values)


SPECIMEN = Specimen(
    own=lambda world: propose(world.omar, title="Acme's first baseline"),
    sibling=lambda world: propose(world.omar, title="Acme's second baseline"),
    foreign=lambda world: propose(planner_of(world, "rival"), title="Rival's baseline"),
    typed=lambda world: {
        "programme": str(planned(world.omar).pk),
        "title": "After the audit",
        "justification": "The audit of March took four weeks.",
    },
    title="title",
)
