"""Nina signs in and out; a stranger learns nothing."""

import pytest

from tests.cast import PASSWORD, sign_in
from tests.web.reading import beside, fold, words

pytestmark = pytest.mark.django_db

LOGIN = "/accounts/login/"
REFUSED = "The e-mail address or the password is not right. Check both and try again."


def test_signing_in_leads_to_the_only_sponsor(world, client):
    answer = client.post(LOGIN, {"login": "nina@example.com", "password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.get("/")["Location"] == "/acme/"
    assert client.get("/acme/")["Location"] == "/acme/cdmos/"


def test_signing_in_leads_back_to_the_page_that_was_asked_for(world, client):
    wanted = f"/acme/cdmos/{world.lyra.pk}/"
    page = client.get(f"{LOGIN}?next={wanted}").content.decode()
    assert f'<input type="hidden" name="next" value="{wanted}">' in page
    answer = client.post(LOGIN, {"login": "nina@example.com", "password": PASSWORD, "next": wanted})
    assert answer["Location"] == wanted


@pytest.mark.parametrize("next_", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_nobody_is_led_elsewhere(world, client, next_):
    answer = client.post(LOGIN, {"login": "nina@example.com", "password": PASSWORD, "next": next_})
    assert answer["Location"] == "/"


def form_of(response) -> str:
    """The answer without the token, which differs each time."""
    markup = response.content.decode()
    return markup[: markup.index("csrfmiddlewaretoken")] + markup[markup.index("</h1>") :]


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


def test_an_idle_person_is_signed_out_and_told_why(world, client, settings):
    sign_in(client, world.nina)
    assert client.get("/acme/sites/").status_code == 200
    session = client.session
    session["seen_at"] -= settings.SESSION_IDLE_SECONDS + 1
    session.save()
    answer = client.get("/acme/sites/")
    assert answer["Location"] == LOGIN + "?next=/acme/sites/"
    assert "You were signed out to protect your work." in words(client.get(answer["Location"]))


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
    ["signup/", "password/reset/", "password/change/", "email/", "inactive/", "confirm-email/", "reauthenticate/"],
)
def test_pages_that_this_house_does_not_have(world, client, path):
    assert client.get(f"/accounts/{path}").status_code == 404
    assert client.post(f"/accounts/{path}", {"email": "x@example.com"}).status_code == 404


def test_the_page_links_to_no_page_that_is_not_there(world, client):
    page = client.get(LOGIN).content.decode()
    assert "signup" not in page
    assert "reset" not in page
    assert "15 minutes" in fold(page)
