"""The pages of the discussion: said at either door, out of sight 404, refused with what was typed kept."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from oversight.kernel.access.scope import scope
from oversight.kernel.comments.models import Comment
from oversight.kernel.trail.change import change
from oversight.roles import Role
from tests.cast import World, join, person, sign_in, system
from tests.web.reading import fold, link, words

from .test_comments import speak

pytestmark = pytest.mark.django_db


def here(world: World, door: str = "/acme/") -> str:
    return f"{door}cdmos/{world.lyra.pk}/comments/"


def texts(world: World) -> list[tuple[str, bool]]:
    with scope(world.nina):
        return list(Comment.objects.order_by("id").values_list("text", "shared"))


def test_nina_says_something_inside_and_something_to_the_partner(world: World, client: Client) -> None:
    sign_in(client, world.nina)
    page = client.get(here(world))
    assert re.search(r'value="internal"[^>]* checked', page.content.decode())
    for text, audience in (("We lose the slot", "internal"), ("What changed?", "shared"), ("Mistyped", "SHARED")):
        answer = client.post(here(world), {"text": text, "audience": audience})
        assert answer.status_code == 302
        assert re.fullmatch(rf"/acme/cdmos/{world.lyra.pk}/#comment-\d+", answer["Location"])
    assert texts(world) == [("We lose the slot", False), ("What changed?", True), ("Mistyped", False)]
    items = re.findall(r'<li id="comment-.*?</li>', client.get(here(world)).content.decode(), re.S)
    assert [re.sub(r" \d.*", "", fold(item)) for item in items] == [
        "NB Nina Berg , Acme Therapeutics Internal to Acme Therapeutics We lose the slot",
        "NB Nina Berg , Acme Therapeutics Shared with Lyra Biologics What changed?",
        "NB Nina Berg , Acme Therapeutics Internal to Acme Therapeutics Mistyped",
    ]


def test_paul_answers_in_the_portal_and_hears_no_internal_word(world: World, client: Client) -> None:
    speak(world.nina, world.lyra, "internal canary")
    speak(world.nina, world.lyra, "What changed?", shared=True)
    sign_in(client, world.paul)
    path = here(world, "/portal/acme/")
    assert client.post(path, {"text": "The feed did.", "audience": "internal"}).status_code == 302
    page = client.get(path)
    assert "internal canary" not in page.content.decode() and b'name="audience"' not in page.content
    assert "Nina Berg , Acme Therapeutics Shared with Acme Therapeutics What changed?" in words(page)
    assert texts(world)[-1] == ("The feed did.", True)


def test_a_refused_comment_is_kept_in_the_form(world: World, client: Client) -> None:
    sign_in(client, world.nina)
    answer = client.post(here(world), {"text": "@Olga Wirth <b>look</b>", "audience": "shared"})
    assert answer.status_code == 422
    assert "Olga Wirth of Orion Fill GmbH cannot follow this record: leave the mention out." in words(answer)
    body = answer.content.decode()
    assert ">@Olga Wirth &lt;b&gt;look&lt;/b&gt;</textarea>" in body
    assert re.search(r'value="shared"[^>]* checked', body) and 'aria-invalid="true"' in body
    assert client.post(here(world), {"text": "  "}).status_code == 422
    assert texts(world) == []


def test_who_may_not_comment_reads_and_is_refused(world: World, client: Client) -> None:
    speak(world.nina, world.lyra, "Open words", shared=True)
    with change(by=system(world.acme), reason="Joined"):
        ines = join(world.acme, person("Ines Spector"), Role.INSPECTOR, "EMA")
        carl = join(world.acme, person("Carl Vogt"), Role.CDMO_VIEWER, "Lyra Biologics AG", world.lyra)
    for actor, door in ((world.vera, "/acme/"), (ines, "/acme/"), (carl, "/portal/acme/")):
        sign_in(client, actor)
        page = client.get(here(world, door))
        assert "Open words" in words(page) and b"<textarea" not in page.content
        assert client.post(here(world, door), {"text": "May I?"}).status_code == 403
        client.post("/accounts/logout/")
    assert texts(world) == [("Open words", True)]


def test_out_of_sight_never_was(world: World, client: Client) -> None:
    speak(world.nina, world.lyra, "Open words", shared=True)
    for name, paths in {
        "olga": [here(world, "/portal/acme/")],
        "petra": [here(world, "/portal/acme/"), here(world, "/portal/rival/")],
        "riva": [here(world), here(world, "/rival/")],
        "connie": [f"/acme/cdmos/{world.orion.pk}/comments/"],
        "paul": [here(world)],
    }.items():
        sign_in(client, getattr(world, name))
        nowhere = client.get("/nobody/at/all/")
        for path in paths:
            for answer in (client.get(path), client.post(path, {"text": "Hello"})):
                assert (name, answer.status_code, answer.content) == (name, 404, nowhere.content)
        client.post("/accounts/logout/")
    assert texts(world) == [("Open words", True)]


def test_what_is_said_is_text_and_never_markup(world: World, client: Client) -> None:
    speak(world.paul, world.lyra, "<script>alert(1)</script>\nsecond line")
    sign_in(client, world.nina)
    body = client.get(here(world)).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;\nsecond line" in body and "<script>alert" not in body


def test_older_comments_stand_on_older_pages_at_the_same_cost(world: World, client: Client) -> None:
    sign_in(client, world.nina)
    speak(world.nina, world.lyra, "number 0")

    def statements(path: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(path).status_code == 200
        return len(asked)

    statements(here(world))  # the first page of all also fills caches
    before = statements(here(world))
    for number in range(1, 35):
        speak(world.nina, world.lyra, f"number {number}")
    assert statements(here(world)) == before
    newest = client.get(here(world))
    assert "number 5 " in words(newest) and "number 4 " not in words(newest)
    older = client.get(link(newest, "Earlier comments"))
    assert "number 4 " in words(older) and "number 5 " not in words(older)
    assert link(older, "Earlier comments") is None and link(older, "Newest comments") == here(world)
    for nonsense in ("x", "-1", "٣", "9" * 30):
        assert client.get(here(world), {"before": nonsense}).status_code == 200
