"""A simulation is found below its own programme and below no other."""

import pytest
from django.test import Client

from oversight.kernel.trail.change import change
from techtransfer.models import Simulation
from tests.api.calling import Caller
from tests.cast import World, sign_in
from tests.factories.programme import SPECIMEN

pytestmark = pytest.mark.django_db


def test_below_another_programme_of_the_same_sponsor_it_is_not_there(world: World, client: Client) -> None:
    first, second = SPECIMEN.own(world), SPECIMEN.sibling(world)
    with change(by=world.nina):
        one = Simulation.objects.create(programme_id=first.pk, seed=1, why="PERSON")
    sign_in(client, world.nina)
    caller = Caller(world.nina)
    for programme, status in ((first, 200), (second, 404)):
        where = f"programmes/{programme.pk}/simulations/{one.pk}/"
        assert client.get(f"/acme/{where}").status_code == status
        assert caller.get(where).status_code == status
