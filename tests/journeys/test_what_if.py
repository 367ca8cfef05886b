"""A what-if from the bar to a decision: previewed, kept, compared, days won back another way; then a baseline."""

import re
from typing import Any

from playwright.sync_api import Page, expect

from oversight.kernel.access.scope import scope
from techtransfer.models import Milestone
from tests.cascade.supply import FILL, LINE, Supply, after
from tests.cast import PASSWORD, World
from tests.factories.milestone import put

from .looking import look_closely


def in_words(days: int) -> str:
    day = after(days)
    return f"{day.day} {day:%b %Y}"


def preview(page: Page, record: str, what: str, days: str = "") -> None:
    page.select_option("#what-if-record", record)
    page.select_option("#what-if-kind", what)
    page.fill("#what-if-days", days)
    page.click("#what-if button:has-text('Preview')")
    expect(page.locator("#what-if")).to_contain_text("Preview only, nothing is saved")


def keep(page: Page, title: str) -> None:
    page.click("#what-if a:has-text('Keep as scenario')")
    page.fill("#id_title", title)
    page.check("#id_shared")
    page.click("main button:has-text('Keep as scenario')")
    page.wait_for_url(re.compile(r"/scenarios/\d+/$"))
    expect(page.locator("h1")).to_have_text(title)


def test_from_the_bar_to_a_baseline(visit: Any, lasting_world: World) -> None:
    world = lasting_world
    supply = Supply(world, line=LINE)
    put(world, supply.release, optimistic_days=7)
    supply.cascade()
    path = f"/acme/programmes/{supply.programme.pk}/"
    with scope(world.nina):
        versions = Milestone.history.count()

    omar = visit(world.omar)
    omar.goto(path)
    preview(omar, supply.batch.number, "BATCH_REJECTED")
    outcome = omar.locator("#what-if .outcome")
    expect(outcome).to_contain_text(f"{supply.study.code} moves")
    expect(outcome).to_contain_text(in_words(57))
    expect(outcome).to_contain_text("28 days later")
    expect(outcome).to_contain_text(f"misses the {in_words(FILL)} slot at Orion Fill")
    expect(omar.locator(".table--plan").first).to_contain_text(re.compile(f"rejected\\s*{in_words(19)}"))
    look_closely(omar, "a preview")
    keep(omar, "The batch is rejected")
    look_closely(omar, "a scenario")

    omar.goto(path)
    preview(omar, supply.release.number, "RELEASE_LATE", "30")
    keep(omar, "The release is a month late")
    omar.click("a:has-text('Compare with others')")
    omar.check("label:has-text('The batch is rejected') input")
    omar.check("label:has-text('The release is a month late') input")
    omar.click("main button:has-text('Compare')")
    expect(omar.locator("main")).to_contain_text("Steps that differ")
    expect(omar.locator("main")).to_contain_text(in_words(54 + 5))
    look_closely(omar, "scenarios beside each other")
    with scope(world.nina):
        assert Milestone.history.count() == versions, "the plan was left alone"

    put(world, supply.slots[1], status="BOOKED", milestone=supply.fill)
    supply.cascade()
    omar.goto(path)
    omar.click(f"#ways a:has-text('Use Line 2 on {in_words(FILL)}')")
    expect(omar.locator("#what-if .outcome")).to_contain_text("28 days earlier")
    look_closely(omar, "a way to win days back")

    omar.goto(f"/acme/baselines/new/?programme={supply.programme.pk}")
    omar.fill("#id_title", "Baseline 2")
    omar.fill("#id_justification", "The fill takes the later slot.")
    omar.click("main button:has-text('Propose a baseline')")
    omar.wait_for_url(re.compile(r"/baselines/\d+/$"))
    nina = visit(world.nina)
    nina.goto(omar.url)
    expect(nina.locator("main")).to_contain_text(f"becomes {in_words(57)}, 28 days later than now.")
    nina.click("a:has-text('Approve')")
    nina.fill("#id_reason", "Agreed with the clinical team")
    nina.fill("#id_password", PASSWORD)
    nina.click("main button:has-text('Approve')")
    nina.wait_for_url(re.compile(r"/baselines/\d+/$"))
    nina.click("a:has-text('Compare it with another')")
    expect(nina.locator("main")).to_contain_text("Every step has the same days in both.")
    look_closely(nina, "baselines beside each other")


def test_by_keyboard_without_script_on_a_phone_and_by_night(visit: Any, lasting_world: World) -> None:
    world = lasting_world
    supply = Supply(world)
    path = f"/acme/programmes/{supply.programme.pk}/"
    plain = visit(world.vera, script=False)
    plain.goto(path)
    plain.select_option("#what-if-record", supply.fill.number)
    plain.select_option("#what-if-kind", "STEP_LATER")
    plain.focus("#what-if-days")
    plain.keyboard.type("7")
    plain.keyboard.press("Enter")
    plain.wait_for_url(re.compile(r"what=STEP_LATER"))
    expect(plain.locator("#what-if .outcome")).to_contain_text(in_words(36))
    for width, scheme in ((390, "light"), (390, "dark"), (1440, "dark")):
        page = visit(world.vera, width=width, scheme=scheme)
        page.goto(plain.url)
        look_closely(page, f"a preview at {width} px, {scheme}")
        page.goto(f"{path}?what=STEP_LATER&record={supply.fill.number}&days=x")
        expect(page.locator("#what-if-days-error")).to_be_visible()
        look_closely(page, f"a refusal at {width} px, {scheme}")
