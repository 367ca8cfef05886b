"""From a person and a path to an actor."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction

from oversight.kernel.access.entrance import Ambiguous, enter, memberships_of
from oversight.kernel.access.grants import close_to, narrow, open_to
from oversight.kernel.access.models import Membership, User
from oversight.kernel.access.scope import Actor, forgetful_transaction, scope
from oversight.kernel.trail.change import change
from oversight.roles import Role
from tests.cast import World, join, raw, system


def at(actor: Actor, sponsor: str, door: str, chosen: int | None = None) -> Actor | Ambiguous | None:
    """Enter as the middleware does, in a transaction of its own; what was told is forgotten afterwards."""
    with forgetful_transaction():
        return enter(actor.user, sponsor, door, chosen=chosen, request="trace-1")


def test_entering_makes_the_actor_that_the_membership_says(world: World) -> None:
    entered = at(world.nina, "acme", "workspace")
    assert entered == Actor(
        tenant=world.acme.pk, sponsor="acme", sponsor_name="Acme Therapeutics", membership=world.nina.membership,
        user=world.nina.user, name="Nina Berg", role="qa_director", org="Acme Therapeutics", cdmo=None, grants=None,
        tz="Europe/Zurich", source="browser", request="trace-1", demo=False,
    )  # fmt: skip
    partner = at(world.paul, "acme", "portal")
    assert (partner.cdmo, partner.source, partner.is_partner, partner.cdmos) == (
        world.lyra.pk, "portal", True, (world.lyra.pk,),
    )  # fmt: skip


@pytest.mark.requirement("P11-10d", "A11-12-1")
@pytest.mark.parametrize(
    ("name", "sponsor", "door"),
    [
        ("nina", "rival", "workspace"),
        ("nina", "nobody", "workspace"),
        ("nina", "acme", "portal"),
        ("paul", "acme", "workspace"),
        ("paul", "rival", "portal"),
        ("riva", "acme", "workspace"),
    ],
)
def test_no_other_door_opens(world: World, name: str, sponsor: str, door: str) -> None:
    assert at(getattr(world, name), sponsor, door) is None


def test_entering_tells_the_database_and_only_for_the_transaction(world: World) -> None:
    with transaction.atomic():
        at(world.paul, "acme", "portal")
        assert raw("SELECT current_setting('app.tenant', true)") == [("",)]


@pytest.mark.requirement("P11-10d")
@pytest.mark.parametrize(
    ("fields", "opens"),
    [
        ({"valid_from": date(2026, 1, 1), "valid_until": None}, True),
        ({"valid_from": date(2026, 1, 1), "valid_until": date(2026, 1, 2)}, False),
        ({"valid_from": date(2126, 1, 1), "valid_until": None}, False),
    ],
)
def test_a_membership_opens_only_while_it_is_valid(world: World, fields: dict[str, date], opens: bool) -> None:
    with change(by=system(world.acme), reason="Contract"):
        Membership.objects.filter(pk=world.vera.membership).update(**fields)
    assert (at(world.vera, "acme", "workspace") is not None) is opens
    assert bool(memberships_of(world.vera.user)) is opens


def test_the_last_day_is_the_persons_own_day(world: World) -> None:
    """Until the 31st means until the 31st has ended where the person is."""
    with change(by=system(world.acme), reason="Contract"):
        here = datetime.now(UTC) + timedelta(hours=14)
        Membership.objects.filter(pk=world.vera.membership).update(valid_until=here.date())
        User.objects.filter(pk=world.vera.user).update(time_zone="Pacific/Kiritimati")
    assert at(world.vera, "acme", "workspace") is not None


def test_a_disabled_person_enters_nowhere(world: World) -> None:
    with change(by=system(world.acme), reason="Left the company"):
        User.objects.filter(pk=world.nina.user).update(is_active=False)
    assert at(world.nina, "acme", "workspace") is None
    assert memberships_of(world.nina.user) == ()


def test_a_narrowed_member_enters_with_the_grants_as_they_are_now(world: World) -> None:
    entered = at(world.connie, "acme", "workspace")
    assert (entered.grants, entered.cdmos, entered.is_partner) == ((world.lyra.pk,), (world.lyra.pk,), False)
    membership = world.connie.membership
    for act, record, seen in (
        (open_to, world.orion, (world.lyra.pk, world.orion.pk)),
        (close_to, world.orion, (world.lyra.pk,)),
        (close_to, world.lyra, ()),
    ):
        with change(by=world.nina, reason="Second assignment"):
            act(Membership.objects.get(pk=membership), record)
        assert at(world.connie, "acme", "workspace").grants == seen
    with scope(world.nina):
        assert raw("SELECT history_type, history_change_reason FROM trail_historicalgrant ORDER BY history_id") == [
            ("+", "Founded"), ("+", "Second assignment"), ("-", "Second assignment"), ("-", "Second assignment"),
        ]  # fmt: skip


def test_a_partner_cannot_be_narrowed(world: World) -> None:
    with change(by=world.nina, reason="Trying"), pytest.raises(ValueError, match="sees its own CDMO already"):
        narrow(Membership.objects.get(pk=world.paul.membership), to=[world.lyra])


def test_two_memberships_behind_one_door_ask_which(world: World) -> None:
    with change(by=system(world.acme), reason="Serves both"):
        user = User.objects.get(pk=world.paul.user)
        second = join(world.acme, user, Role.CDMO_PROJECT, "Orion Fill GmbH", world.orion)
    assert isinstance(at(world.paul, "acme", "portal"), Ambiguous)
    assert at(world.paul, "acme", "portal", chosen=second.membership).cdmo == world.orion.pk
    assert at(world.paul, "acme", "portal", chosen=world.paul.membership).cdmo == world.lyra.pk
    assert isinstance(at(world.paul, "acme", "portal", chosen=world.nina.membership), Ambiguous)


def test_memberships_of_names_every_sponsor_of_the_person_and_of_nobody_else(world: World) -> None:
    with change(by=system(world.rival), reason="Serves both"):
        join(world.rival, User.objects.get(pk=world.paul.user), Role.CDMO_VIEWER, "Lyra Biologics AG", world.foreign)
    cards = memberships_of(world.paul.user)
    assert [(card.sponsor, card.side, card.role_label, card.org) for card in cards] == [
        ("acme", "portal", "CDMO quality", "Lyra Biologics AG"),
        ("rival", "portal", "CDMO viewer", "Lyra Biologics AG"),
    ]
    assert memberships_of(None) == ()
