"""Two administrators at the same moment: one of them stays."""

import threading
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from oversight.kernel.access.memberships import LAST_ADMINISTRATOR, end
from oversight.kernel.access.memberships import join as join_member
from oversight.kernel.access.models import Membership, User
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


@pytest.mark.requirement("P11-100a", "P11-300a", "A11D-iam-unique", "PI041-shared")
@pytest.mark.django_db(transaction=True)
def test_two_sponsors_add_the_same_person_at_the_same_moment(lasting_world):
    """One account comes of it, with a membership at each; neither sponsor notices."""
    world = lasting_world
    ready, said = threading.Barrier(2), []

    def act(by):
        try:
            with change(by=by, reason="New"):
                assert not User.objects.filter(email="ada@example.com").exists()
                ready.wait(5)
                join_as(by)
            said.append("joined")
        finally:
            connection.close()

    def join_as(by):
        join_member(
            by=by, email="ada@example.com", name="Ada Holm", role=Role.VIEWER, org="Acme", valid_from=date(2026, 2, 1)
        )

    threads = [threading.Thread(target=act, args=[by]) for by in (world.adam, world.riva)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert said == ["joined", "joined"]
    ada = User.objects.get(email="ada@example.com")
    for sponsor in (world.acme, world.rival):
        with scope(system(sponsor)):
            assert Membership.objects.filter(tenant=sponsor, user=ada).count() == 1
