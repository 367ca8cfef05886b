"""A sponsor asks for a second factor: of everybody, of those who sign, at every door."""

import re

import pytest
from django.test import Client

from cdmos.models import CDMO
from oversight.kernel.access.entrance import FactorMissing, enter
from oversight.kernel.access.models import Policy
from oversight.kernel.access.scope import forgetful_transaction, scope
from oversight.kernel.esign import objection
from oversight.roles import Role, signs
from tests.api.calling import Caller
from tests.cast import PASSWORD, World, raw, sign_in
from tests.web.reading import beside, words

from .acting import accepted_deviation, ask_second_factor, code_of, enrol

pytestmark = pytest.mark.django_db
ASKED = "/accounts/second-factor/asked/?sponsor=acme"


def test_who_signs_follows_from_the_workflows() -> None:
    assert {role for role in Role if signs(role)} >= {Role.QA_DIRECTOR}
    assert not {Role.VIEWER, Role.ADMIN, Role.API_CLIENT, Role.CDMO_VIEWER} & {role for role in Role if signs(role)}


def test_who_signs_is_led_to_setting_one_up_and_then_back(world: World, client: Client) -> None:
    ask_second_factor(world.nina, Policy.SecondFactor.SIGNERS)
    sign_in(client, world.nina)
    assert client.get("/acme/cdmos/?q=lyra")["Location"] == ASKED + "&next=%2Facme%2Fcdmos%2F%3Fq%3Dlyra"
    assert client.post("/acme/cdmos/new/", {"name": "Corvane"})["Location"] == ASKED
    page = words(client.get(ASKED))
    assert "By the policy of Acme Therapeutics, your role there needs more than a password at signing in." in page
    enrol(world.nina)
    assert client.get(ASKED)["Location"] == "/acme/"
    assert client.get(ASKED + "&next=/acme/cdmos/%3Fq=lyra")["Location"] == "/acme/cdmos/?q=lyra"
    for elsewhere in ("//evil.example/", "/rival/", "https://evil.example/acme/", "/acme/../rival/"):
        assert client.get(ASKED, {"sponsor": "acme", "next": elsewhere})["Location"] == "/acme/"
    assert client.get("/acme/cdmos/").status_code == 200


def test_who_signs_nothing_is_not_asked(world: World, client: Client) -> None:
    ask_second_factor(world.nina, Policy.SecondFactor.SIGNERS)
    sign_in(client, world.vera)
    assert client.get("/acme/cdmos/").status_code == 200
    assert client.get(ASKED)["Location"] == "/acme/"


@pytest.mark.requirement("A11D-iam-mfa")
def test_everybody_means_partners_too_and_no_other_sponsor(world: World, client: Client) -> None:
    ask_second_factor(world.nina, Policy.SecondFactor.EVERYBODY)
    sign_in(client, world.vito)
    assert client.get("/portal/acme/cdmos/")["Location"] == ASKED + "&next=%2Fportal%2Facme%2Fcdmos%2F"
    sign_in(other := Client(), world.riva)
    assert other.get("/rival/cdmos/").status_code == 200
    assert other.get(ASKED).status_code == 404


def test_the_inbox_shows_nothing_of_a_sponsor_that_asks(world: World, client: Client) -> None:
    ask_second_factor(world.nina, Policy.SecondFactor.EVERYBODY)
    sign_in(client, world.paul)
    answer = client.get("/portal/")
    assert answer.status_code == 200
    assert "Lyra Basel" not in answer.content.decode()
    assert "Asks for a second factor first" in answer.content.decode()


def test_within_what_is_missing_nothing_can_be_read(world: World) -> None:
    ask_second_factor(world.nina, Policy.SecondFactor.EVERYBODY)
    with forgetful_transaction():
        found = enter(world.nina.user, "acme", "workspace", chosen=None, request="r")
    assert found == FactorMissing("acme", "Acme Therapeutics")
    with forgetful_transaction():
        for_her = enter(world.nina.user, "acme", "workspace", chosen=None, request="r", on_behalf=True)
        assert CDMO.objects.visible_to(for_her).count() == 2
        assert objection(for_her).startswith("Acme Therapeutics asks everybody who signs for a second factor")


def test_by_a_key_one_reads_and_does_not_sign(lasting_world: World) -> None:
    path = f"deviations/{accepted_deviation(lasting_world).pk}/"
    nina = Caller(lasting_world.nina)
    ask_second_factor(lasting_world.adam, Policy.SecondFactor.SIGNERS)
    assert nina.get(path).status_code == 200
    body = {"reason": "Reviewed", "password": PASSWORD}
    refused = nina.move(path, "close", body)
    said = (
        "Acme Therapeutics asks everybody who signs for a second factor:"
        " set one up on the page of your account, then sign."
    )
    assert (refused.status_code, refused.json()["unmet"]) == (409, [said])
    secret = enrol(lasting_world.nina)
    without = nina.move(path, "close", body)
    assert (without.status_code, without.json()["errors"]) == (
        422,
        {"otp": ["Sign with the 6 digits from your authenticator, too."]},
    )
    code = code_of(secret)
    wrong = nina.move(path, "close", body | {"otp": "000000" if code != "000000" else "111111"})
    assert list(wrong.json()["errors"]) == ["otp"]
    closed = nina.move(path, "close", body | {"otp": code})
    assert (closed.status_code, closed.json()["status"]) == (200, "CLOSED")
    with scope(lasting_world.nina):
        assert raw("SELECT method FROM esign_signature") == [("PASSWORD_TOTP",)]
    assert raw("SELECT wrong FROM access_tries WHERE subject = %s", f"person:{lasting_world.nina.user}") == [(0,)]


def test_the_page_of_a_signed_move_asks_for_the_code(lasting_world: World, client: Client) -> None:
    place = f"/acme/deviations/{accepted_deviation(lasting_world).pk}/moves/close/"
    secret = enrol(lasting_world.nina)
    client.post("/accounts/login/", {"login": "nina@example.com", "password": PASSWORD})
    used = code_of(secret, periods=-1)
    client.post("/accounts/login/code/", {"code": used})
    page = client.get(place).content.decode()
    assert 'name="otp"' in page
    told = {"version": re.search(r'name="version" value="(\d+)"', page)[1], "reason": "Reviewed", "password": PASSWORD}
    missing = client.post(place, told)
    assert beside(missing, "otp") == "Sign with the 6 digits from your authenticator, too."
    replayed = client.post(place, told | {"otp": used})
    assert beside(replayed, "otp") == "This code is not right, or was used already. Four tries are left."
    assert client.post(place, told | {"otp": code_of(secret)}).status_code == 302
    with scope(lasting_world.nina):
        assert raw("SELECT method FROM esign_signature") == [("PASSWORD_TOTP",)]
