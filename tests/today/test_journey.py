"""Today in a real browser: on a desk and on a phone, light and dark, with and without script."""

import re

import pytest
from playwright.sync_api import expect

from tests.cast import World
from tests.factories.deviation import report
from tests.factories.response_task import add_task
from tests.journeys.looking import LISTEN, every_fault, faults
from tests.quality.acting import CAUSE, act


@pytest.fixture
def story(lasting_world: World) -> World:
    """Events in several states, words without blanks, something for each panel."""
    world = lasting_world
    first = report(world.paul, world.lyra_site, severity="CRITICAL", title="Sterile filter failed its integrity test")
    add_task(world.nina, first, "Unbreakable" * 12)
    second = report(world.olga, world.orion_site, title="Long" * 36)
    act(second, "accept-report", by=world.nina)
    act(second, "submit-root-cause", by=world.olga, **CAUSE)
    return world


def test_today_and_the_partners_page(visit, story):
    found: list[str] = []
    for actor in (story.nina, story.vera):
        page = visit(actor)
        page.context.add_init_script(LISTEN)
        for path in ("", "?whose=everyone&show=all", "?whose=mine&due=day", "partners/", "partners/?late=yes"):
            page.goto(f"/acme/{path}")
            found += every_fault(page, f"{actor.name} {path}")
    assert found == []


def test_an_empty_today(visit, lasting_world):
    page = visit(lasting_world.nina, width=390)
    page.goto("/acme/")
    assert list(faults(page, "empty")) == []


def test_the_most_urgent_decision_is_one_click_away_without_script(visit, story):
    page = visit(story.nina, width=390, script=False)
    page.goto("/acme/")
    page.locator("#decisions .btn--primary").click()
    expect(page).to_have_url(re.compile("#containment$"))
    expect(page.locator("h1")).to_have_text("Sterile filter failed its integrity test")


def test_a_partner_is_reminded_without_script(visit, story):
    page = visit(story.nina, script=False)
    page.goto("/acme/")
    row = page.locator("#waiting li", has_text="Halt further processing").first
    row.get_by_role("button", name="Remind").click()
    expect(page.locator(".said")).to_contain_text("Reminder sent.")
    expect(page.locator("#waiting li", has_text="Reminded today")).to_have_count(1)


def test_by_keyboard_to_the_team_s_work(visit, story):
    page = visit(story.nina)
    page.goto("/acme/")
    page.get_by_role("link", name="QA team").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#h-decisions")).to_have_text("Decisions of the QA team")
    page.goto("/acme/")
    page.locator("a.figure", has_text="Partners late with us").focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Waiting on partners")
