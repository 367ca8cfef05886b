"""On paper and by keyboard: what a record is without a screen, and without a mouse."""

import re

import pytest
from playwright.sync_api import expect

from tests.factories.deviation import report
from tests.quality.acting import CAUSE, act, contain


@pytest.fixture
def event(lasting_world):
    world = lasting_world
    event = report(world.paul, world.lyra_site, title="Pressure excursion")
    contain(event, by=world.paul)
    act(event, "accept-report", by=world.nina)
    act(event, "submit-root-cause", by=world.paul, **CAUSE)
    return event


@pytest.mark.requirement("A11-8-1", "PI041-legible")
def test_a_record_prints_without_what_one_could_click(visit, lasting_world, event):
    page = visit(lasting_world.nina, scheme="dark")
    page.goto(f"/acme/deviations/{event.pk}/")
    page.emulate_media(media="print", color_scheme="dark")
    for gone in (".sidebar", ".topbar", ".tabs", ".composer", ".page-head__actions", "main button", "dialog"):
        assert not any(one.is_visible() for one in page.locator(gone).all()), gone
    for kept in ("h1", ".stages", ".whys", ".track", "#tasks", ".badge", "#talk", ".kv"):
        expect(page.locator(kept).first).to_be_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).color") == "rgb(21, 27, 35)"
    paper = page.pdf(format="A4", prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) in (2, 3)


@pytest.mark.requirement("A11-8-1")
def test_a_list_and_the_trail_print_their_rows_and_where_links_lead_elsewhere(visit, lasting_world, event):
    page = visit(lasting_world.nina, width=1440)
    page.goto("/acme/audit-trail/")
    page.emulate_media(media="print")
    expect(page.locator("tbody tr").first).to_be_visible()
    expect(page.locator("form.filterbar")).to_be_hidden()
    assert page.evaluate("getComputedStyle(document.querySelector('ins')).textDecorationLine") == "underline"
    page.goto("/acme/deviations/")
    expect(page.locator("tbody tr").first).to_be_visible()
    expect(page.locator(".page-head__actions").first).to_be_hidden()


def test_the_skip_link_leads_past_everything(visit, lasting_world):
    page = visit(lasting_world.nina)
    page.goto("/acme/deviations/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    expect(page.locator(".skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_overlays_open_by_enter_and_close_by_escape(visit, lasting_world):
    page = visit(lasting_world.nina)
    page.goto("/help/components/")
    for opener, opened in (
        ("button:has-text('Open a dialog')", "#g-dialog"),
        ("button[popovertarget=g-menu]", "#g-menu"),
        ("main .search-trigger", "#g-palette"),
    ):
        page.focus(opener)
        page.keyboard.press("Enter")
        expect(page.locator(opened)).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator(opened)).to_be_hidden()
        expect(page.locator(opener)).to_be_focused()
    page.focus("#g-t1")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#g-t2")).to_be_focused()
    expect(page.locator("#g-p2")).to_be_visible()
    expect(page.locator("#g-p1")).to_be_hidden()


def test_chosen_rows_raise_the_bar_above_their_table(visit, lasting_world):
    page = visit(lasting_world.nina)
    page.goto("/help/components/")
    expect(page.locator(".bulkbar")).to_be_hidden()
    page.check("[data-select=row] >> nth=0")
    expect(page.locator(".bulkbar [data-count]")).to_have_text("1")
    page.check("[data-select=all]")
    expect(page.locator(".bulkbar [data-count]")).to_have_text("2")
    page.uncheck("[data-select=all]")
    expect(page.locator(".bulkbar")).to_be_hidden()


def test_without_a_script_both_ways_to_a_cause_stand_below_each_other(visit, lasting_world):
    page = visit(lasting_world.nina, script=False)
    page.goto("/help/components/")
    expect(page.locator("#g-p1")).to_be_visible()
    expect(page.locator("#g-p2")).to_be_visible()
    expect(page.locator("[role=tablist]")).to_be_hidden()


def test_control_and_k_opens_the_search(visit, lasting_world):
    page = visit(lasting_world.nina)
    page.goto("/acme/deviations/")
    page.keyboard.press("Control+k")
    expect(page.locator("#palette input[type=search]")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).to_be_hidden()
