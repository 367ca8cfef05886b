"""Dates in a real browser: on a phone, without a script, and looked at closely."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.batches.acting import critical
from tests.cast import World
from tests.factories.batch import act, batch
from tests.factories.milestone import step
from tests.journeys.looking import LISTEN, every_fault

from .moving import fresh, plan_soon, settle, will_end_later

PHONE = 390


@pytest.fixture
def story(lasting_world: World) -> World:
    """Lyra's batch is held, its steps moved, one date is near; words without blanks."""
    world = lasting_world
    soon = plan_soon(world)
    made = batch(world.omar, world.lyra_site, programme=soon.programme, make_step=fresh(world, soon.make))
    act(made, "start", world.paul)
    critical(world, made)
    step(world.omar, world.lyra_site, soon.programme, "Unbreakable" * 12, duration_days=3, calendar="EVERY_DAY")
    settle(world)
    will_end_later(world, soon.make, 20, by=world.paul)
    return world


def test_every_page_that_shows_dates_has_no_fault(visit, story):
    found: list[str] = []
    for actor, paths in (
        (story.omar, ("/acme/",)),
        (story.nina, ("/acme/",)),
        (story.paul, ("/portal/", "/portal/acme/")),
    ):
        page = visit(actor)
        page.context.add_init_script(LISTEN)
        for path in paths:
            page.goto(path)
            found += every_fault(page, f"{actor.name} {path}")
    assert found == [], "\n".join(found)


def test_a_lead_notes_a_slip_on_a_phone_without_a_script(visit, story):
    page = visit(story.omar, width=PHONE, script=False)
    page.goto("/acme/")
    first = page.locator("#moved li").first
    expect(first).to_contain_text(re.compile(r"ACM-101-2 starts \d+ days later: MS-\d+: the partner moved it to"))
    first.get_by_role("button", name="Seen").click()
    expect(page.locator(".said")).to_contain_text("counts as seen.")
    expect(page.locator("#moved")).not_to_contain_text("ACM-101-2 starts")
    page.locator("#programmes a", has_text=re.compile(r"^MS-")).click()
    expect(page.locator("h1")).to_have_text("Make DS-26-014")


def test_a_partner_confirms_one_date_and_moves_another_without_a_script(visit, story):
    page = visit(story.paul, width=PHONE, script=False)
    page.goto("/portal/")
    page.locator("#dates").get_by_role("button", name="Confirm").first.click()
    expect(page).to_have_url(re.compile(r"/portal/#dates$"))
    page.goto("/portal/acme/")
    row = page.locator("#milestones tr", has_text="Release DS-26-014")
    row.get_by_role("link", name="Date will slip").click()
    page.fill("#id_partner_end", (timezone.now().date() + timedelta(120)).isoformat())
    page.fill("#id_reason", "The column has to be packed again")
    page.locator("main").get_by_role("button", name="Move the date").click()
    expect(page.locator(".said")).to_contain_text("Move the date: done.")
    page.goto("/portal/acme/")
    expect(page.locator("#milestones tr", has_text="Release DS-26-014")).to_contain_text("Confirmed today")
    page.locator("#moved").get_by_role("button", name="Seen").click()
    expect(page.locator("#moved")).to_have_count(0)


def test_by_keyboard(visit, story):
    page = visit(story.paul)
    page.goto("/portal/acme/")
    page.get_by_role("link", name="Date will slip As soon as you know").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"#milestones$"))
    row = page.locator("#milestones tr", has_text="Release DS-26-014")
    row.get_by_role("button", name="Confirm").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".said")).to_contain_text("Confirmed: MS-")
