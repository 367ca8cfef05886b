"""Where one is signed in; what is ended fails at its next request."""

from datetime import date

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client

from oversight.kernel.access.models import Membership
from oversight.kernel.trail.change import change
from oversight.web.accounts.own_sessions import device_of
from tests.cast import World, sign_in, system
from tests.web.reading import words

from .acting import security_log

pytestmark = pytest.mark.django_db
PAGE = "/accounts/sessions/"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = "Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 Chrome/140.0.0.0 Mobile Safari/537.36"


def signed_in(world: World, agent: str, name: str = "nina") -> Client:
    client = Client(headers={"User-Agent": agent})
    sign_in(client, getattr(world, name))
    return client


@pytest.mark.requirement("ASVS-3.3.4")
def test_one_is_ended_and_fails_at_its_next_request(lasting_world: World) -> None:
    here, phone = signed_in(lasting_world, FIREFOX), signed_in(lasting_world, PHONE)
    page = words(here.get(PAGE))
    assert page.index("Firefox on Windows") < page.index("This one") < page.index("Chrome on Android")
    assert phone.get("/acme/cdmos/").status_code == 200
    other = UserSession.objects.get(user_agent=PHONE)
    assert here.post(PAGE, {"end": other.pk})["Location"] == PAGE
    assert "One session was ended." in words(here.get(PAGE))
    assert phone.get("/acme/cdmos/")["Location"].startswith("/accounts/login/")
    assert here.get("/acme/cdmos/").status_code == 200
    assert len(security_log("SESSIONS_ENDED")) == 1


@pytest.mark.requirement("ASVS-3.3.4")
def test_all_others_are_ended_at_once_and_nobody_elses(lasting_world: World) -> None:
    here, phone, third = (signed_in(lasting_world, agent) for agent in (FIREFOX, PHONE, PHONE))
    omar = signed_in(lasting_world, PHONE, "omar")
    here.post(PAGE, {"end": "others"})
    assert [client.get("/acme/cdmos/").status_code for client in (here, phone, third, omar)] == [200, 302, 302, 200]


@pytest.mark.parametrize("wish", ["", "x", "-1", "9" * 40, "²"])
def test_nonsense_ends_nothing(world: World, client: Client, wish: str) -> None:
    sign_in(client, world.nina)
    assert client.post(PAGE, {"end": wish}).status_code == 302
    assert "There was nothing to end." in words(client.get(PAGE))


def test_nobody_ends_somebody_elses_session_or_the_own_present_one(lasting_world: World) -> None:
    nina, omar = signed_in(lasting_world, FIREFOX), signed_in(lasting_world, PHONE, "omar")
    for each in UserSession.objects.filter(user_id__in=(lasting_world.nina.user, lasting_world.omar.user)):
        nina.post(PAGE, {"end": each.pk})
    assert [client.get("/acme/cdmos/").status_code for client in (nina, omar)] == [200, 200]


def test_being_active_is_noted_once_a_minute(lasting_world: World) -> None:
    here = signed_in(lasting_world, FIREFOX)
    here.get("/acme/cdmos/")
    first = UserSession.objects.get().last_seen_at
    session = here.session
    session["seen_at"] -= 61
    session.save()
    here.get("/acme/cdmos/")
    assert UserSession.objects.get().last_seen_at > first


def test_a_membership_that_ends_fails_at_the_next_request(world: World, client: Client) -> None:
    sign_in(client, world.nina)
    assert client.get("/acme/cdmos/").status_code == 200
    with change(by=system(world.acme), reason="Left"):
        Membership.objects.filter(pk=world.nina.membership).update(valid_until=date(2026, 1, 31))
    assert client.get("/acme/cdmos/").status_code == 404
    assert "No sponsor has given you access" in words(client.get("/"))


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        (FIREFOX, "Firefox on Windows"),
        (PHONE, "Chrome on Android"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Safari/604.1",
            "Safari on iPhone or iPad",
        ),
        ("curl/8.0", "A browser"),
        ("", "A browser"),
    ],
)
def test_devices_are_named_as_far_as_they_say(agent: str, said: str) -> None:
    assert device_of(agent) == said
