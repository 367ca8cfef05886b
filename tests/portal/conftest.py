"""Lyra's people with something to do at both sponsors."""

from dataclasses import dataclass, replace

import pytest
from django.test import Client

from oversight.kernel.access.models import User
from oversight.kernel.access.scope import Actor
from oversight.kernel.trail.change import change
from oversight.roles import Role
from quality.models import Deviation
from tests.cast import World, join, sign_in, system
from tests.factories.deviation import report


@dataclass
class Both:
    """Paul, who serves Acme and Rival, and one event at each of them."""

    world: World
    at_acme: Actor
    at_rival: Actor
    acmes: Deviation
    rivals: Deviation


def serving_both(world: World) -> Both:
    """Paul joins Rival; each sponsor knows of one event, whose words the other must never hear."""
    paul = User.objects.get(email="paul@example.com")
    with change(by=system(world.rival), reason="Serves both"):
        at_rival = join(world.rival, paul, Role.CDMO_QA, "Lyra for Rival", world.foreign)
    acmes = report(world.paul, world.lyra_site, title="Acme's event canary", partner_number="AC-1")
    rivals = report(at_rival, world.foreign_site, title="Rival's event canary", partner_number="RI-1")
    return Both(world, world.paul, replace(at_rival), acmes, rivals)


@pytest.fixture
def both(world: World) -> Both:
    return serving_both(world)


@pytest.fixture
def paul(both: Both, client: Client) -> Client:
    sign_in(client, both.at_acme)
    return client
