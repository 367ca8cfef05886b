"""Two administrators at the same moment: one of them stays."""

import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from oversight.kernel.access.memberships import LAST_ADMINISTRATOR, end
from oversight.kernel.access.models import Membership
from oversight.kernel.access.scope import scope
from oversight.kernel.trail.change import change
from oversight.roles import Role
from tests.cast import join, person, system


@pytest.mark.django_db(transaction=True)
def test_two_administrators_cannot_end_each_other(lasting_world):
    world = lasting_world
    with change(by=system(world.acme), reason="Second administrator"):
        bea = join(world.acme, person("Bea Stern"), Role.ADMIN, world.acme.name)
    ready, said = threading.Barrier(2), []

    def act(by, whom):
        try:
            with change(by=by, reason="Enough"):
                Membership.objects.count()
                ready.wait(5)
                end(whom.membership, by=by, seen=1)
            said.append("ended")
        except ValidationError as refusal:
            said.append(refusal.messages[0])
        finally:
            connection.close()

    pairs = [(world.adam, bea), (bea, world.adam)]
    threads = [threading.Thread(target=act, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(said) == sorted(["ended", LAST_ADMINISTRATOR])
    with scope(system(world.acme)):
        left = Membership.objects.filter(tenant=world.acme, role=Role.ADMIN, valid_until=None)
        assert left.count() == 1
