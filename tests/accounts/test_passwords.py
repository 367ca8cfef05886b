"""Passwords: changed, forgotten, set first; nothing tells who exists."""

import re
import time

import pytest
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.test import Client

from oversight.kernel.access.models import User
from oversight.kernel.trail.change import change
from oversight.web.accounts.links import invitation_link, person_of, reset_link
from tests.cast import PASSWORD, World, sign_in, system
from tests.web.reading import beside, summary, words

from .acting import CODE, LOGIN, enrol, security_log, user_of

pytestmark = pytest.mark.django_db
CHANGE, FORGOTTEN = "/accounts/password/", "/accounts/password/forgotten/"
NEW = "seven small boats at dawn"
TWICE = {"new": NEW, "again": NEW}


@pytest.mark.requirement("ASVS-2.1.5", "ASVS-2.1.6", "ASVS-3.3.3", "ASVS-3.7.1")
def test_changing_it_asks_for_the_present_one_and_ends_every_other_session(lasting_world: World) -> None:
    here, elsewhere = Client(), Client()
    for client in (here, elsewhere):
        sign_in(client, lasting_world.nina)
    wrong = here.post(CHANGE, {"password": "wrong"} | TWICE)
    assert (wrong.status_code, beside(wrong, "password")) == (422, "This is not your password.")
    assert here.post(CHANGE, {"password": PASSWORD} | TWICE)["Location"] == CHANGE
    assert "Your password is changed. You are signed out everywhere else." in words(here.get(CHANGE))
    assert here.get("/acme/cdmos/").status_code == 200
    assert elsewhere.get("/acme/cdmos/").status_code == 302
    assert user_of(lasting_world.nina).check_password(NEW)
    assert [kind for kind, *_ in security_log("PASSWORD_CHANGED")] == ["PASSWORD_CHANGED"]


@pytest.mark.requirement("ASVS-2.1.1")
def test_a_new_password_that_is_no_good_is_refused_in_words_and_costs_no_try(world: World, client: Client) -> None:
    sign_in(client, world.nina)
    different = client.post(CHANGE, {"password": "wrong", "new": NEW, "again": "x"})
    assert summary(different) == [
        ("id_again", "New password, once more: The two are not the same. Type the new password twice.")
    ]
    short = client.post(CHANGE, {"password": "wrong", "new": "short", "again": "short"})
    assert "This password is too short. It must contain at least 12 characters." in beside(short, "new")
    assert beside(short, "password") == ""
    assert NEW.encode() not in different.content
    empty = client.post(CHANGE, {})
    assert [field for field, _ in summary(empty)] == ["id_password", "id_new", "id_again"]


def link_in(letter: mail.EmailMessage) -> str:
    """Below the address of the house, whatever host the request named."""
    return re.search(rf"{settings.PUBLIC_URL}(/\S+)", letter.body)[1]


@pytest.mark.requirement("ASVS-2.5.1")
def test_a_forgotten_password_is_set_by_the_link_once(lasting_world: World, workers: None) -> None:
    elsewhere = Client()
    sign_in(elsewhere, lasting_world.nina)
    stranger = Client()
    assert stranger.post(FORGOTTEN, {"address": "Nina@Example.com"}).status_code == 200
    (letter,) = mail.outbox
    assert (letter.to, letter.subject) == (["nina@example.com"], "Set a new password")
    link = link_in(letter)
    assert "Set a new password" in words(stranger.get(link))
    assert stranger.post(link, {"new": NEW, "again": "x"}).status_code == 422
    assert stranger.post(link, TWICE)["Location"] == LOGIN + "?renewed=1"
    assert elsewhere.get("/acme/cdmos/").status_code == 302
    assert stranger.get(link).status_code == 404
    assert stranger.post(link, {"new": "another good sentence", "again": "another good sentence"}).status_code == 404
    assert stranger.post(LOGIN, {"login": "nina@example.com", "password": NEW}).status_code == 302
    assert [letter.subject for letter in mail.outbox] == ["Set a new password", "Your password was changed"]


@pytest.mark.requirement("ASVS-2.5.3")
def test_the_page_is_the_same_whoever_asks_and_one_letter_goes_to_who_exists(
    lasting_world: World, workers: None
) -> None:
    with change(by=system(lasting_world.acme), reason="Left"):
        User.objects.filter(email="vera@example.com").update(is_active=False)
    answers = [Client().post(FORGOTTEN, {"address": f"{name}@example.com"}) for name in ("nina", "vera", "nobd")]
    pages = {re.sub(r"(nina|vera|nobd)@", "x@", answer.content.decode()) for answer in answers}
    assert (len(pages), [answer.status_code for answer in answers]) == (1, [200] * 3)
    assert [letter.to for letter in mail.outbox] == [["nina@example.com"]]
    assert [email for _, _, email, _ in security_log("RESET_ASKED")] == [
        "nina@example.com",
        "vera@example.com",
        "nobd@example.com",
    ]


def test_nobody_can_fill_somebody_elses_letter_box(lasting_world: World, workers: None, settings) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "letters"}}
    settings.ACCOUNT_RATE_LIMITS = {"reset_password": "3/h/key"}
    cache.clear()
    pages = {Client().post(FORGOTTEN, {"address": "nina@example.com"}).content for _ in range(5)}
    assert (len(pages), len(mail.outbox)) == (1, 3)
    assert [status for *_, status in security_log("RESET_ASKED")] == [None] * 3 + [429] * 2


def test_the_answer_does_not_wait_for_the_letter(lasting_world: World, django_assert_num_queries) -> None:
    """Nobody is looked up before the page is answered: known or not, the same statements."""
    for address in ("nina@example.com", "nobody@example.com"):
        with django_assert_num_queries(1):
            Client().post(FORGOTTEN, {"address": address})


def test_setting_a_password_opens_a_lock(lasting_world: World) -> None:
    for _ in range(5):
        Client().post(LOGIN, {"login": "nina@example.com", "password": "wrong"})
    Client().post(reset_link(user_of(lasting_world.nina)), TWICE)
    answer = Client().post(LOGIN, {"login": "nina@example.com", "password": NEW})
    assert answer.status_code == 302


@pytest.mark.requirement("ASVS-2.3.1")
@pytest.mark.parametrize(("link", "hours", "good"), [
    (reset_link, 0.99, True), (reset_link, 1.01, False), (invitation_link, 167, True), (invitation_link, 169, False),
])  # fmt: skip
def test_links_end(world: World, monkeypatch: pytest.MonkeyPatch, link, hours: float, good: bool) -> None:
    key = link(user_of(world.nina)).partition("key=")[2]
    later = time.time() + hours * 3600
    monkeypatch.setattr(time, "time", lambda: later)
    assert (person_of(key) is not None) is good


def test_a_link_ends_with_a_sign_in_with_the_address_and_with_the_person(world: World, client: Client) -> None:
    key = reset_link(user_of(world.nina)).partition("key=")[2]
    assert person_of(key) == user_of(world.nina)
    sign_in(client, world.nina)
    assert person_of(key) is None
    key = reset_link(user_of(world.nina)).partition("key=")[2]
    with change(by=system(world.acme), reason="Left"):
        User.objects.filter(pk=world.nina.user).update(is_active=False)
    assert person_of(key) is None


@pytest.mark.parametrize("key", ["", "x", "a:b:c", "\0", "é" * 50, "a" * 5000])
def test_a_mistyped_link_is_over(world: World, client: Client, key: str) -> None:
    answer = client.get(CHANGE + "new/", {"key": key})
    assert (answer.status_code, "This link is over" in words(answer)) == (404, True)


@pytest.mark.requirement("ASVS-2.3.1")
def test_an_invited_person_sets_a_first_password(lasting_world: World) -> None:
    with change(by=lasting_world.adam, reason="Joins"):
        ida = User.objects.create_user("ida@example.com", None, name="Ida Moor")
    link = invitation_link(ida)
    assert "Welcome: set a password" in words(Client().get(link))
    assert Client().post(link, TWICE).status_code == 302
    assert Client().get(link).status_code == 404
    assert Client().post(LOGIN, {"login": "ida@example.com", "password": NEW}).status_code == 302


def test_somebody_elses_session_is_left_before_a_password_is_set(lasting_world: World, client: Client) -> None:
    sign_in(client, lasting_world.omar)
    assert client.post(reset_link(user_of(lasting_world.nina)), TWICE).status_code == 302
    assert client.get("/acme/cdmos/").status_code == 302
    assert user_of(lasting_world.omar).check_password(PASSWORD)


@pytest.mark.requirement("ASVS-2.5.6")
def test_a_reset_asks_for_the_code_all_the_same(lasting_world: World) -> None:
    enrol(lasting_world.nina)
    Client().post(reset_link(user_of(lasting_world.nina)), TWICE)
    answer = Client().post(LOGIN, {"login": "nina@example.com", "password": NEW})
    assert answer["Location"] == CODE
