"""Who may speak to the API: a key, of one membership, as long as it holds."""

from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client

from oversight.kernel.access.entrance import digest_of
from oversight.kernel.access.models import Membership, User
from oversight.kernel.access.scope import scope
from oversight.kernel.api.keys import revoke_key
from oversight.kernel.api.models import ApiKey
from oversight.kernel.database.roles import connection_as
from oversight.kernel.trail.change import change
from oversight.roles import Role
from tests.api.calling import NEVER, NEW_CDMO, Caller, key_of
from tests.cast import World, join, raw, sign_in, system

pytestmark = pytest.mark.django_db
NO_KEY = {"detail": "Send a valid API key: Authorization: Bearer ovs_…"}


@pytest.mark.requirement("P11-10h")
@pytest.mark.parametrize(
    "given", ["", "Bearer", "Bearer ", "Bearer ovs_nothing", "Basic bmluYTp4", "Token ovs_a", "ovs_a"]
)
def test_without_a_valid_key_nobody_is_let_in_and_told_how(world: World, given: str) -> None:
    answer = Client().get("/api/v1/acme/cdmos/", headers={"Authorization": given} if given else {})
    assert (answer.status_code, answer.json()) == (401, NO_KEY)
    assert answer["WWW-Authenticate"] == 'Bearer realm="Oversight"'
    assert answer["Content-Type"] == "application/json"


@pytest.mark.requirement("ASVS-13.2.3")
def test_a_session_is_no_key_and_an_old_session_is_in_nobodys_way(world: World, client: Client) -> None:
    sign_in(client, world.nina)
    assert client.get("/api/v1/acme/cdmos/").status_code == 401
    session = client.session
    session["seen_at"] = 1
    session.save()
    answer = client.get("/api/v1/acme/cdmos/", headers={"Authorization": f"Bearer {key_of(world.nina)}"})
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer


def test_a_key_opens_its_own_sponsor_and_no_other(world: World) -> None:
    nina = Caller(world.nina)
    assert nina.get("cdmos/").status_code == 200
    rival, nobody = nina.get("/api/v1/rival/cdmos/"), nina.get("/api/v1/nobody/cdmos/")
    assert (rival.status_code, rival.content) == (nobody.status_code, nobody.content) == (404, rival.content)


def test_the_last_day_on_which_it_was_answered_stands_beside_a_key(world: World) -> None:
    paul = Caller(world.paul)

    def noted() -> date | None:
        with scope(world.nina):
            return ApiKey.objects.visible_to(world.nina).get().last_used_on

    assert paul.get("/api/v1/rival/cdmos/").status_code == 404
    assert noted() is None
    assert paul.get("sites/").status_code == 200
    assert noted() == datetime.now(UTC).date()


def _end_membership(world: World) -> None:
    with change(by=system(world.acme), reason="Contract ended"):
        Membership.objects.filter(pk=world.omar.membership).update(valid_until=date(2026, 1, 31))


def _switch_off(world: World) -> None:
    with change(by=system(world.acme), reason="Left"):
        User.objects.filter(pk=world.omar.user).update(is_active=False)


def _expire(world: World) -> None:
    with change(by=system(world.acme), reason="Time goes by"):
        ApiKey.objects.update(expires_at=datetime.now(UTC) - timedelta(seconds=1))


def _revoke(world: World) -> None:
    with scope(world.adam):
        pk = ApiKey.objects.get().pk
    revoke_key(pk, by=system(world.acme), reason="Found in a log")


@pytest.mark.parametrize("end", [_end_membership, _switch_off, _expire, _revoke])
def test_a_key_ends_with_what_it_stands_for(world: World, end) -> None:
    omar = Caller(world.omar)
    assert omar.get("cdmos/").status_code == 200
    end(world)
    assert (omar.get("cdmos/").status_code, omar.get("cdmos/").json()) == (401, NO_KEY)
    assert omar.post("cdmos/", NEW_CDMO).status_code == 401


def test_a_key_that_only_reads_writes_nothing_and_says_so_after_what_is_out_of_sight(world: World) -> None:
    reader = Caller(world.nina, writes=False)
    assert reader.get("cdmos/").status_code == 200
    answer = reader.post("cdmos/", NEW_CDMO)
    assert (answer.status_code, answer.json()) == (
        403,
        {"detail": "This API key only reads. Use one that was made with --write."},
    )
    assert reader.patch(f"cdmos/{world.lyra.pk}/", {"name": "X", "reason": "y"}).status_code == 403
    assert reader.post(f"cdmos/{world.lyra.pk}/transitions/void/", {"reason": "y"}).status_code == 403
    assert reader.patch(f"cdmos/{world.foreign.pk}/", {"name": "X", "reason": "y"}).status_code == 404
    assert reader.get("cdmos/?q=Vega").json()["results"] == []


@pytest.mark.requirement("P11-10h")
def test_what_a_key_writes_stands_in_the_trail_as_its_persons_by_the_api(world: World) -> None:
    answer = Caller(world.omar).post("cdmos/", NEW_CDMO | {"reason": "Second source"})
    assert answer.status_code == 201
    with scope(world.nina):
        told = raw(
            "SELECT history_user_name, history_role, history_source, history_change_reason, history_request"
            " FROM cdmos_historicalcdmo WHERE id = %s",
            answer.json()["id"],
        )
    assert told == [("Omar Haddad", "cmc_lead", "api", "Second source", answer["X-Request-ID"])]


def test_a_partners_and_a_narrowed_persons_key_see_their_rows(world: World) -> None:
    for actor, names in (
        (world.nina, ["Lyra Biologics", "Orion Fill"]),
        (world.connie, ["Lyra Biologics"]),
        (world.paul, ["Lyra Biologics"]),
        (world.olga, ["Orion Fill"]),
        (world.riva, ["Lyra Biologics"]),
    ):
        caller = Caller(actor)
        results = caller.get("cdmos/").json()["results"]
        assert [each["name"] for each in results] == names
        assert ("notes" in results[0]) is not actor.is_partner
    assert Caller(world.olga).get(f"cdmos/{world.lyra.pk}/").status_code == 404


def test_the_secret_is_nowhere_kept(world: World) -> None:
    secret = key_of(world.nina)
    assert len(secret) == 36 and secret.startswith("ovs_")
    with scope(world.nina):
        kept = ApiKey.objects.get()
        assert (kept.digest, kept.prefix, kept.writes) == (digest_of(secret), secret[:10], True)
        rows = raw(
            "SELECT to_jsonb(k)::text FROM api_apikey k UNION ALL SELECT to_jsonb(h)::text FROM api_historicalapikey h"
        )
    assert len(rows) == 2 and not any(secret in row[0] for row in rows)


def test_keys_of_the_sponsors_staff_are_out_of_a_partners_sight(world: World) -> None:
    key_of(world.nina)
    key_of(world.paul)
    for actor, count in ((world.nina, 2), (world.paul, 1), (world.olga, 0), (world.riva, 0)):
        with scope(actor):
            assert ApiKey.objects.visible_to(actor).count() == count
            assert raw("SELECT count(*) FROM api_apikey") == [(count,)]


def _command(**options: object) -> str:
    out = StringIO()
    call_command("api_key", stdout=out, **options)
    return out.getvalue()


def test_the_command_prints_one_line_and_it_is_the_key(world: World) -> None:
    printed = _command(email="nina@example.com", sponsor="acme", write=True)
    assert printed == printed.strip() + "\n" and len(printed) == 37
    assert Caller(world.nina, key=printed.strip()).post("cdmos/", NEW_CDMO).status_code == 201
    reader = _command(email="Paul@example.com", sponsor="acme", name="Nightly copy").strip()
    assert Caller(world.paul, key=reader).get("sites/").json()["results"][0]["name"] == "Lyra Basel"
    with scope(world.nina):
        assert [(key.name, key.writes) for key in ApiKey.objects.order_by("id")][1] == ("Nightly copy", False)
        assert raw("SELECT history_user_name, history_change_reason FROM api_historicalapikey ORDER BY 1 LIMIT 1") == [
            ("Oversight", "API key made at the command line")
        ]


def test_the_command_ends_a_key(world: World) -> None:
    secret = key_of(world.nina)
    said = _command(email="nina@example.com", sponsor="acme", revoke=secret[:10])
    assert said == f"{secret[:10]}… (Story) is revoked.\n"
    assert Caller(world.nina, key=secret).get("cdmos/").status_code == 401
    with pytest.raises(CommandError, match="No keys of this membership begin with"):
        _command(email="nina@example.com", sponsor="acme", revoke=secret[:10])


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"email": "nina@example.com", "sponsor": "rival"}, "nina@example.com is no member of rival today."),
        ({"email": "nobody@example.com", "sponsor": "acme"}, "nobody@example.com is no member of acme today."),
        ({"email": "nina@example.com", "sponsor": "acme", "days": 0}, "A key lasts between 1 and 730 days."),
    ],
)
def test_the_command_refuses_in_a_sentence(world: World, options: dict, sentence: str) -> None:
    with pytest.raises(CommandError) as refusal:
        _command(**options)
    assert str(refusal.value) == sentence


@pytest.mark.requirement("ASVS-7.2.2")
def test_denied_calls_stand_in_the_security_log(lasting_world: World) -> None:
    vera = Caller(lasting_world.vera)
    vera.post("cdmos/", NEW_CDMO)
    vera.get(f"cdmos/{NEVER}/")
    Client().get("/api/v1/acme/cdmos/")
    Client().get("/api/v1/acme/cdmos/", headers={"Authorization": "Bearer ovs_wrong"})
    with connection_as("auditor") as auditor, auditor.cursor() as cursor:
        cursor.execute("SELECT kind, user_id, path, status FROM access_securityevent ORDER BY id")
        assert cursor.fetchall() == [
            ("DENIED", lasting_world.vera.user, "/api/v1/acme/cdmos/", 403),
            ("DENIED", lasting_world.vera.user, f"/api/v1/acme/cdmos/{NEVER}/", 404),
            ("DENIED", None, "/api/v1/acme/cdmos/", 401),
        ]


def test_a_person_with_several_memberships_is_asked_which(world: World) -> None:
    with change(by=system(world.acme), reason="Helps out"):
        join(world.acme, User.objects.get(pk=world.paul.user), Role.CDMO_VIEWER, "Orion Fill GmbH", world.orion)
    with pytest.raises(CommandError) as refusal:
        _command(email="paul@example.com", sponsor="acme")
    assert str(refusal.value) == (
        "paul@example.com has several memberships at acme: “Lyra Biologics AG” (CDMO quality),"
        " “Orion Fill GmbH” (CDMO viewer). Say which with --org."
    )
    key = _command(email="paul@example.com", sponsor="acme", org="Orion Fill GmbH").strip()
    assert [each["name"] for each in Caller(world.paul, key=key).get("cdmos/").json()["results"]] == ["Orion Fill"]


def test_a_key_cannot_stand_for_a_membership_of_another_sponsor(world: World) -> None:
    """Also one without a CDMO: a key with an empty column would be looked at by nobody."""
    key = {"cdmo_id": None, "name": "Stray", "digest": "0" * 64, "prefix": "ovs_000000", "writes": True}
    with change(by=system(world.acme), reason="Tried"):
        ApiKey.objects.create(membership_id=world.riva.membership, expires_at=datetime(2027, 1, 1, tzinfo=UTC), **key)
        with pytest.raises(IntegrityError, match="_own_tenant"):
            raw("SET CONSTRAINTS ALL IMMEDIATE")
        transaction.set_rollback(True)
