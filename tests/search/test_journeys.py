"""Nina finds what she looks for with the keyboard alone, on a desk and on a phone, with and without a script."""

import pytest
from playwright.sync_api import expect

from oversight.kernel.access.models import Membership
from oversight.kernel.trail.change import change
from tests.cast import World, system
from tests.factories.deviation import report
from tests.journeys.test_every_page import look_closely


@pytest.fixture
def story(lasting_world: World) -> World:
    world = lasting_world
    report(world.paul, world.lyra_site, title="Pressure excursion on the capture column", partner_number="LB-1187")
    report(world.paul, world.lyra_site, title="Valve of the capture skid stuck")
    return world


def test_from_anywhere_to_a_record_by_keyboard_alone(visit, story: World) -> None:
    page = visit(story.nina)
    page.goto("/acme/sites/")
    page.keyboard.press("Control+k")
    expect(page.locator("#palette-q")).to_be_focused()
    expect(page.locator("#palette-pages a").first).to_be_visible()
    page.keyboard.type("capt")
    links = page.locator("#palette-found li a")
    expect(links).to_have_count(2)
    expect(links.first.locator("mark")).to_have_text("capture")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(links.nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(links.first).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/acme/deviations/*/")
    expect(page.locator("h1")).to_contain_text("Valve of the capture skid stuck")


def test_a_number_and_enter(visit, story: World) -> None:
    page = visit(story.nina)
    page.keyboard.press("/")
    page.keyboard.type("lb 1187")
    page.keyboard.press("Enter")
    page.wait_for_url("**/acme/deviations/*/")
    expect(page.locator("h1")).to_contain_text("Pressure excursion on the capture column")


def test_a_page_by_its_name_and_back_out_by_escape(visit, story: World) -> None:
    page = visit(story.nina)
    page.goto("/acme/cdmos/")
    page.locator(".search-trigger").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#palette")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).to_be_hidden()
    expect(page.locator(".search-trigger")).to_be_focused()
    page.keyboard.press("Control+k")
    page.keyboard.type("audit")
    expect(page.locator("#palette-pages a:visible")).to_have_text(["Audit trail"])
    expect(page.locator("#palette-found")).to_contain_text("Nothing on record begins with these words.")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/acme/audit-trail/")


def test_a_slash_that_belongs_to_a_text_opens_nothing(visit, story: World) -> None:
    page = visit(story.nina)
    page.goto("/acme/cdmos/")
    page.fill("#q", "")
    page.locator("#q").press("/")
    expect(page.locator("#palette")).to_be_hidden()
    expect(page.locator("#q")).to_have_value("/")


def test_whoever_was_let_go_meanwhile_is_shown_the_page_that_says_so(visit, story: World) -> None:
    page = visit(story.vera)
    page.goto("/acme/cdmos/")
    page.keyboard.press("Control+k")
    with change(by=system(story.acme), reason="Contract ended"):
        Membership.objects.filter(pk=story.vera.membership).update(valid_until="2026-01-31")
    page.keyboard.type("lyra")
    page.wait_for_url("**/acme/search/?q=*")
    expect(page.locator("body")).not_to_contain_text("Lyra Biologics")


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_search_and_filters_are_usable_by_all(visit, story: World, width: int, scheme: str) -> None:
    page = visit(story.nina, width=width, scheme=scheme)
    for path in ("/acme/search/", "/acme/search/?q=capture", "/acme/search/?q=zebra"):
        page.goto(path)
        look_closely(page, path)
    page.goto("/acme/deviations/?severity=MAJOR")
    page.click("summary:has-text('Event type')")
    look_closely(page, "a chip that is open")
    page.keyboard.press("Escape")
    expect(page.locator("details.filter[open]")).to_have_count(0)
    page.click("summary:has-text('Save view')")
    page.fill("#view-name", "Major ones")
    page.check("text=Share with Acme Therapeutics")
    look_closely(page, "a view before it is saved")
    page.click("button:has-text('Save')")
    expect(page.locator("[role=status]").first).to_contain_text("for everybody at Acme Therapeutics")
    page.click("summary:has-text('Change this view')")
    look_closely(page, "a view that is shared")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    look_closely(page, "the palette")
    page.keyboard.type("capture")
    expect(page.locator("#palette-found li")).to_have_count(2)
    look_closely(page, "the palette with what was found")


@pytest.mark.parametrize("width", [1440, 390])
def test_without_a_script(visit, story: World, width: int) -> None:
    page = visit(story.paul, script=False, width=width)
    page.goto("/portal/acme/deviations/")
    page.click("summary:has-text('Severity')")
    page.click("details[open] a:has-text('Major')")
    expect(page.locator(".chip--on")).to_contain_text("Severity Major")
    page.click(".chip--on")
    expect(page.locator(".chip--on")).to_have_count(0)
    page.locator("[data-action=palette]:visible").click()
    page.fill("#q", "valve")
    page.keyboard.press("Enter")
    page.click("main li a")
    expect(page.locator("h1")).to_contain_text("Valve of the capture skid stuck")
