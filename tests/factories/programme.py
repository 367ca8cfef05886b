"""Programmes: two of Acme's, one of Rival's; no partner sees any."""

from typing import Any

from oversight.kernel.access.scope import Actor, scope
from oversight.kernel.records.writes import create
from techtransfer.models import Programme
from techtransfer.records import PROGRAMME
from tests.cast import World

from . import Specimen, planner_of
from .product import develop


def plan(by: Actor, title: str = "Maritumab to phase 2", **values: Any) -> Programme:
    """One programme of a product of its own."""
    told = {"product": values.get("product") or develop(by), "title": title, "phase": "PHASE_2", "market_eu": True}
    with scope(by):
        return create(PROGRAMME, by=by, values=told | values)


def typed(world: World) -> dict[str, str]:
    product = develop(world.omar, "For a new programme")
    return {
        "product": str(product.pk),
        "title": "Velatinib to phase 1",
        "phase": "PHASE_1",
        "market_us": "on",
        "description": "First in human.",
    }


SPECIMEN = Specimen(
    own=lambda world: plan(world.omar, "Acme's first programme"),
    sibling=lambda world: plan(world.omar, "Acme's second programme"),
    foreign=lambda world: plan(planner_of(world, "rival"), "Rival's programme"),
    typed=typed,
    title="title",
)
