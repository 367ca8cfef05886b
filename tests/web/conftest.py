"""People in special circumstances."""

import pytest

from oversight.kernel.access.models import User
from oversight.kernel.access.scope import Actor
from oversight.kernel.trail.change import change
from oversight.roles import Role
from tests.cast import join, system


@pytest.fixture
def switched_off(world) -> Actor:
    """Vera, whom nobody lets in any more."""
    with change(by=system(world.acme), reason="Left the company"):
        vera = User.objects.get(email="vera@example.com")
        vera.is_active = False
        vera.save()
    return world.vera


@pytest.fixture
def busy_paul(world) -> Actor:
    """Paul of Lyra, who serves Rival as well, and Acme for Orion too."""
    paul = User.objects.get(email="paul@example.com")
    with change(by=system(world.rival), reason="Serves both"):
        join(world.rival, paul, Role.CDMO_PROJECT, "Lyra Biologics AG", world.foreign)
    with change(by=system(world.acme), reason="Helps out"):
        join(world.acme, paul, Role.CDMO_VIEWER, "Orion Fill GmbH", world.orion)
    return world.paul
