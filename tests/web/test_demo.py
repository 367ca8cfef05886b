"""The demo world: loaded through the trail, dated in the past, whole or not at all."""

import json
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from cdmos.models import CDMO
from oversight.kernel.access.entrance import memberships_of
from oversight.kernel.access.models import Sponsor, User
from oversight.kernel.access.scope import Actor, scope
from oversight.kernel.trail.verify import verify
from oversight.roles import Role
from tests.cast import raw, seal_now


def answer(command: str) -> str:
    out = StringIO()
    call_command(command, stdout=out)
    return out.getvalue()


def test_the_demo_world_is_told_once_in_the_past_and_verifies(transactional_db: None, settings, tmp_path) -> None:
    settings.SEAL_LOG = str(tmp_path / "seals.log")
    with pytest.raises(CommandError, match=r"no demo world in this database: python3 dev\.py manage load_demo"):
        call_command("demo_logins")
    assert answer("load_demo") == "The demo world is loaded.\n"
    assert answer("load_demo") == "The demo world stands already.\n"

    people = json.loads(answer("demo_logins"))
    assert {person["role"] for person in people} == set(Role) - {Role.API_CLIENT}
    assert {person["sponsor"] for person in people} == {"marrowfen", "tarn-bio"}
    assert all(User.objects.get(email=person["email"]).check_password(person["password"]) for person in people)
    lena = User.objects.get(email="lena.brunner@corvane.example")
    cards = memberships_of(lena.pk)
    assert [(card.sponsor, card.org, card.demo) for card in cards] == [
        ("marrowfen", "Corvane Biologics", True),
        ("tarn-bio", "Corvane Biologics", True),
    ]

    ingrid = memberships_of(User.objects.get(email="ingrid.solvang@marrowfen.example").pk)[0]
    with scope(Actor(tenant=_tenant(ingrid.id))):
        names = list(CDMO.objects.order_by("name").values_list("name", flat=True))
        assert names == [
            "Corvane Biologics", "Noxbury Vectors", "Packmoor Logistics", "Peltraq Analytical", "Sterivale",
        ]  # fmt: skip
        assert Sponsor.objects.get().is_demo
        story = CDMO.objects.get(name="Corvane Biologics").history.order_by("history_id")
        assert list(story.values_list("outsourcing_model", flat=True)) == [
            "TACTICAL", "PREFERRED", "PREFERRED", "PREFERRED", "STRATEGIC",
        ]  # fmt: skip
        first = story.first()
        assert (first.history_source, first.history_user_name) == ("demo", "Anders Lindqvist")
        assert timedelta(days=729) < datetime.now(UTC) - first.history_date < timedelta(days=731)
        dates = list(story.values_list("history_date", flat=True))
        assert dates == sorted(dates)
    assert seal_now() == 1
    assert verify().findings == []


def _tenant(membership: int) -> int:
    from oversight.kernel.database.roles import connection_as

    with connection_as("auditor") as auditor, auditor.cursor() as cursor:
        cursor.execute("SELECT tenant_id FROM access_membership WHERE id = %s", [membership])
        return int(cursor.fetchone()[0])


def test_without_the_loaders_address_it_says_so(db: None, settings) -> None:
    settings.ROLE_URLS = settings.ROLE_URLS | {"loader": ""}
    with pytest.raises(CommandError, match="needs the database role loader: set LOADER_URL"):
        call_command("load_demo")
    assert raw("SELECT count(*) FROM access_demoworld") == [(0,)]
