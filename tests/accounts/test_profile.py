"""The profile: one's own time zone and theme."""

import pytest
from django.test import Client

from oversight.kernel.access.models import User
from oversight.kernel.access.scope import scope
from tests.cast import World, raw, sign_in
from tests.web.reading import beside, link, words

from .acting import user_of

pytestmark = pytest.mark.django_db
PAGE = "/accounts/"


def test_it_says_who_one_is_at_each_sponsor(world: World, client: Client) -> None:
    sign_in(client, world.nina)
    page = words(client.get(PAGE))
    assert "Name Nina Berg E-mail nina@example.com" in page
    assert "Acme Therapeutics QA director" in page
    assert link(client.get("/acme/cdmos/"), "NB Nina Berg QA director Your account") == PAGE


def test_another_time_zone_is_kept_in_the_trail_as_ones_own_change(world: World, client: Client) -> None:
    sign_in(client, world.nina)
    answer = client.post(PAGE, {"time_zone": "America/New_York", "theme": "system"})
    assert (answer.status_code, user_of(world.nina).time_zone) == (302, "America/New_York")
    with scope(world.adam):
        newest = User.history.filter(id=world.nina.user).latest("history_id")
        assert (newest.history_user_name, newest.history_change_reason, newest.time_zone) == (
            "Nina Berg",
            "Own time zone",
            "America/New_York",
        )


def test_the_theme_is_rendered_by_the_server(world: World, client: Client) -> None:
    sign_in(client, world.nina)
    assert b"data-theme" not in client.get("/acme/cdmos/").content[:200]
    client.post(PAGE, {"time_zone": "Europe/Zurich", "theme": "dark"})
    assert b'<html lang="en-GB" data-theme="dark">' in client.get("/acme/cdmos/").content
    client.post(PAGE, {"time_zone": "Europe/Zurich", "theme": "system"})
    assert b"data-theme" not in client.get("/acme/cdmos/").content[:200]


def test_nonsense_is_refused_in_words(world: World, client: Client) -> None:
    sign_in(client, world.nina)
    answer = client.post(PAGE, {"time_zone": "Mars/Olympus", "theme": "pink"})
    assert answer.status_code == 422
    assert beside(answer, "time_zone") == "Choose a time zone from the list."
    assert beside(answer, "theme") == "Choose one from the list."
    client.cookies["theme"] = '"><script>'
    assert b"<script>" not in client.get(PAGE).content[:300]


def test_nothing_changed_writes_nothing(world: World, client: Client) -> None:
    sign_in(client, world.nina)
    with scope(world.adam):
        before = raw("SELECT count(*) FROM trail_historicaluser")
    client.post(PAGE, {"time_zone": "Europe/Zurich", "theme": "light"})
    with scope(world.adam):
        assert raw("SELECT count(*) FROM trail_historicaluser") == before
