"""The help: for everybody who is signed in, true to the rules and the roles, and without anybody's data."""

from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from batches.services.rules import LIFE as LIFE_OF_A_BATCH
from oversight.roles import Role
from oversight.runtime.processes import ROOT
from oversight.web.help.glossary import WORDS, markdown
from oversight.web.help.pages import MEANINGS, clock_lines, responses, signed_moves
from oversight.web.help.roles import PAGES
from oversight.web.notices.rules import RULES
from oversight.web.notices.sentences import SENTENCES
from quality.services.rules import house_rules
from tests.cast import World, sign_in

TOPICS = ("help", "help-clocks", "help-words", "help-signatures", "help-keyboard", "help-notices", "help-validation")

pytestmark = pytest.mark.django_db


def test_every_page_opens_for_either_side_and_for_nobody_else(world: World, client: Client) -> None:
    pages = [reverse(name) for name in (*TOPICS, *(f"help-{page.slug}" for page in PAGES))]
    for path in pages:
        assert client.get(path).headers["Location"] == f"/accounts/login/?next={path}"
    for actor in (world.nina, world.vito):
        visitor = Client()
        sign_in(visitor, actor)
        for path in pages:
            response = visitor.get(path)
            assert (response.status_code, response.content.count(b"<h1")) == (200, 1), path
            for word in ("Acme Therapeutics", "Lyra Biologics", "canary"):
                assert word not in response.content.decode(), path


def test_each_role_of_a_person_has_a_page_and_only_one() -> None:
    covered = [role for page in PAGES for role in page.roles]
    assert sorted(covered) == sorted(set(Role) - {Role.API_CLIENT})


def test_a_role_page_says_what_the_role_may_do(world: World, client: Client) -> None:
    sign_in(client, world.nina)
    quality = unescape(client.get("/help/quality/").content.decode())
    readers = unescape(client.get("/help/readers/").content.decode())
    partners = unescape(client.get("/help/partners/").content.decode())
    assert "<span>Return the root cause</span>" in quality and "<span>Return the root cause</span>" not in partners
    assert "<span>Send the root cause</span>" in partners
    assert "<span>Comment</span>" not in readers and "<span>Read</span>" in readers


def test_every_clock_of_the_house_is_explained_with_its_limit(world: World, client: Client) -> None:
    rules = (*house_rules(), *LIFE_OF_A_BATCH)
    named = {rule.name for rule in rules}
    planned = {rule.name for rule in rules if rule.name not in MEANINGS}
    assert named == set(MEANINGS) | planned and set(MEANINGS) <= named
    assert len(clock_lines()) == len(MEANINGS) and sum(len(each.lines) for each in responses()) == len(planned)
    sign_in(client, world.paul)
    shown = unescape(client.get("/help/clocks/").content.decode())
    for line in clock_lines():
        assert line.label in shown and line.limit in shown
    first = next(line for line in clock_lines() if line.label == "Containment")
    assert (first.limit, first.whose, first.ends) == ("60 min", "CDMO", "the fifth containment action is ticked")


@pytest.mark.requirement("P11-50a3")
def test_what_is_signed_stands_there_word_for_word(world: World, client: Client) -> None:
    sign_in(client, world.nina)
    shown = unescape(client.get("/help/signatures/").content.decode())
    assert signed_moves() and all(meaning in shown for _, _, meaning in signed_moves())


def test_the_glossary_has_one_source() -> None:
    assert (ROOT / "docs" / "glossary.md").read_text() == markdown()
    assert [word.lower() for word, _, _ in WORDS] == sorted(word.lower() for word, _, _ in WORDS)


def test_every_rule_of_notices_says_a_sentence_that_exists() -> None:
    notices = ROOT / "oversight" / "web" / "notices"
    source = "".join(path.read_text() for path in sorted(notices.glob("*.py")) if path.name != "sentences.py")
    for what in SENTENCES:
        assert f'"{what}"' in source, f"{what} is never said"
    assert len(RULES) == len(set(RULES))
