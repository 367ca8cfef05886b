"""A programme of the cast, and its simulations made at once instead of by a worker."""

import json
from typing import Any

import pytest

from oversight.kernel.access.scope import Actor, scope
from oversight.kernel.outbox.delivery import deliver
from oversight.kernel.outbox.models import Event
from techtransfer.models import Programme, Simulation
from techtransfer.simulation.asking import ASKED, ask
from tests.cast import World, system
from tests.techtransfer.planning import Planned, planned


@pytest.fixture
def plan(world: World) -> Planned:
    """The programme of the cast."""
    return planned(world)


def asked(programme: Programme, *, by: Actor, **wish: Any) -> Simulation:
    """Somebody asks for runs."""
    with scope(by):
        return ask(programme, by=by, **wish)


def made(simulation: Simulation, world: World) -> Simulation:
    """The runs as a worker makes them."""
    tenant = simulation.tenant_id
    with scope(system(world.acme)):
        rows = Event.objects.visible_to(system(world.acme)).filter(name=ASKED, record_id=simulation.pk)
        (event,) = rows.values_list("pk", flat=True)
    deliver(tenant=tenant, event=event)
    with scope(system(world.acme)):
        rows = Simulation.objects.visible_to(system(world.acme)).select_related("result")
        return rows.get(pk=simulation.pk)


def told(simulation: Simulation) -> dict[str, Any]:
    """What it says of the one study."""
    assert simulation.result is not None, simulation.problem
    (study,) = json.loads(simulation.result.result)["studies"]
    return dict(study)
