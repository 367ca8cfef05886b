"""Nina signs in and out; a stranger learns nothing."""

import importlib
import re

import pytest
from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.test import RequestFactory

from oversight.kernel.access.models import SecurityEvent
from oversight.kernel.database.roles import acting_as
from tests.cast import PASSWORD, sign_in
from tests.web.reading import beside, fold, words

pytestmark = pytest.mark.django_db

LOGIN = "/accounts/login/"
REFUSED = "The e-mail address or the password is not right. Check both and try again."


def test_signing_in_leads_to_the_only_sponsor(world, client):
    answer = client.post(LOGIN, {"login": "nina@example.com", "password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.get("/")["Location"] == "/acme/"
    assert client.get("/acme/").status_code == 200


def test_signing_in_leads_back_to_the_page_that_was_asked_for(world, client):
    wanted = f"/acme/cdmos/{world.lyra.pk}/"
    page = client.get(f"{LOGIN}?next={wanted}").content.decode()
    assert f'<input type="hidden" name="next" value="{wanted}">' in page
    answer = client.post(LOGIN, {"login": "nina@example.com", "password": PASSWORD, "next": wanted})
    assert answer["Location"] == wanted


@pytest.mark.requirement("ASVS-5.1.5")
@pytest.mark.parametrize("next_", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_nobody_is_led_elsewhere(world, client, next_):
    answer = client.post(LOGIN, {"login": "nina@example.com", "password": PASSWORD, "next": next_})
    assert answer["Location"] == "/"


def form_of(response) -> str:
    """The answer without the tokens, which differ each time."""
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", response.content.decode())


def test_an_unknown_person_a_wrong_password_and_a_disabled_person_get_one_answer(world, client):
    wrong = client.post(LOGIN, {"login": "nina@example.com", "password": "wrong password"})
    unknown = client.post(LOGIN, {"login": "nobd@example.com", "password": "wrong password"})
    assert (wrong.status_code, unknown.status_code) == (422, 422)
    assert REFUSED in words(wrong)
    assert form_of(wrong).replace("nina@", "x@") == form_of(unknown).replace("nobd@", "x@")
    assert b"wrong password" not in wrong.content


def test_a_person_who_was_switched_off_gets_the_same_answer(world, client, switched_off):
    answer = client.post(LOGIN, {"login": "vera@example.com", "password": PASSWORD})
    assert answer.status_code == 422
    assert REFUSED in words(answer)
    assert client.get("/acme/cdmos/").status_code == 302


def test_missing_fields_are_named(world, client):
    answer = client.post(LOGIN, {"login": "", "password": ""})
    assert beside(answer, "login") == "Fill in your e-mail address."
    assert beside(answer, "password") == "Fill in your password."


@pytest.mark.requirement("ASVS-3.3.1")
def test_an_idle_person_is_signed_out_and_told_why(world, client, settings):
    sign_in(client, world.nina)
    assert client.get("/acme/sites/").status_code == 200
    session = client.session
    session["seen_at"] -= settings.SESSION_IDLE_SECONDS + 1
    session.save()
    answer = client.get("/acme/sites/")
    assert answer["Location"] == LOGIN + "?next=/acme/sites/"
    assert "You were signed out to protect your work." in words(client.get(answer["Location"]))


@pytest.mark.requirement("ASVS-3.3.1")
def test_signing_out_needs_a_post_and_says_so(world, client):
    sign_in(client, world.nina)
    assert "Sign out?" in words(client.get("/accounts/logout/"))
    assert client.get("/acme/cdmos/").status_code == 200
    answer = client.post("/accounts/logout/")
    assert answer["Location"] == LOGIN + "?signed_out=1"
    assert "You are signed out." in words(client.get(answer["Location"]))
    assert client.get("/acme/cdmos/").status_code == 302


@pytest.mark.parametrize(
    "path",
    [
        "signup/",
        "password/reset/",
        "password/change/",
        "email/",
        "inactive/",
        "confirm-email/",
        "reauthenticate/",
        "2fa/",
    ],
)
def test_pages_that_this_house_does_not_have(world, client, path):
    assert client.get(f"/accounts/{path}").status_code == 404
    assert client.post(f"/accounts/{path}", {"email": "x@example.com"}).status_code == 404


def test_the_page_links_to_no_page_that_is_not_there(world, client):
    page = client.get(LOGIN).content.decode()
    assert "signup" not in page
    for link in re.findall(r'(?:href|action)="(/accounts/[^"]*)"', page):
        assert client.get(link).status_code == 200
    assert "15 minutes" in fold(page)


@pytest.fixture
def throttle(settings):
    """The limits of the house, which the suite lifts elsewhere, on a cache of its own."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "throttle"}}

    def limit(**rates: str) -> None:
        cache.clear()
        settings.ACCOUNT_RATE_LIMITS = rates

    yield limit
    cache.clear()


def failures() -> list[tuple[str, int | None]]:
    """Every sign-in that failed, as the security log has it, read by the role that may."""
    with acting_as("auditor"):
        events = SecurityEvent.objects.filter(kind="SIGN_IN_FAILED").order_by("id")
        return list(events.values_list("email", "status"))


@pytest.mark.requirement("P11-300d")
def test_tries_that_are_too_many_for_one_person_are_written_down(lasting_world, client):
    tried = {"login": "nina@example.com", "password": "wrong password"}
    answers = [client.post(LOGIN, tried) for _ in range(7)]
    assert [answer.status_code for answer in answers] == [422] * 7
    right = client.post(LOGIN, tried | {"password": PASSWORD})
    assert (right.status_code, client.get("/acme/").status_code) == (422, 302)
    assert failures() == [("nina@example.com", None)] * 5 + [("nina@example.com", 429)] * 3


@pytest.mark.requirement("ASVS-2.2.1")
def test_one_network_cannot_try_everybody(lasting_world, client, throttle):
    throttle(login_failed="2/m/ip")
    answers = [client.post(LOGIN, {"login": f"{turn}@example.com", "password": "x"}) for turn in range(3)]
    assert "Too many tries from your network. Wait a minute, then try again." in words(answers[-1])
    assert failures() == [("0@example.com", None), ("1@example.com", None), ("2@example.com", 429)]


@pytest.mark.requirement("ASVS-7.1.3")
def test_tries_that_are_too_many_from_one_address_are_written_down(lasting_world, client, throttle):
    throttle(login="2/m/ip")
    answers = [client.post(LOGIN, {"login": f"{turn}\0@example.com", "password": "x"}) for turn in range(3)]
    assert [answer.status_code for answer in answers] == [422, 422, 429]
    assert "Too many tries from your network" in words(answers[-1])
    assert failures() == [("2@example.com", 429)]


def test_behind_the_proxy_the_address_is_the_one_that_the_proxy_saw(settings):
    prod = importlib.import_module("oversight.settings.prod")
    assert prod.ALLAUTH_TRUSTED_PROXY_COUNT == 1
    claimed = RequestFactory().get(
        "/", headers={"X-Forwarded-For": "198.51.100.7, 203.0.113.9"}, REMOTE_ADDR="172.18.0.3"
    )
    assert get_adapter().get_client_ip(claimed) == "172.18.0.3"
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = prod.ALLAUTH_TRUSTED_PROXY_COUNT
    assert get_adapter().get_client_ip(claimed) == "203.0.113.9"
