"""Every page, light and dark, on a desk and on a phone: usable by all, in width, and silent."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.kernel.records.filing import change_it, put_many_on_file

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def look_closely(page: Page, name: str) -> None:
    """No accessibility violation, nothing wider than the window, one heading of the first order."""
    violations = Axe().run(page, options=RULES).response["violations"]
    found = [f"{name}: {one['id']}: {one['nodes'][0]['html'][:160]}" for one in violations]
    assert found == []
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0, name
    assert page.locator("h1").count() == 1, name


@pytest.fixture
def story(lasting_world):
    """Enough on record that every part of every page has something to show."""
    world = lasting_world
    put_many_on_file(world.nina, [f"Partner {number:02} with a rather long name GmbH & Co. KG" for number in range(30)])
    change_it(world.nina, world.lyra.pk, "Signed the framework agreement", outsourcing_model="STRATEGIC", country="DE")
    change_it(world.omar, world.lyra.pk, "Word" * 60, website="https://lyra.example/" + "a" * 120, notes="Long " * 80)
    return world


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_sponsors_pages(visit, story, width, scheme):
    lyra, site = f"/acme/cdmos/{story.lyra.pk}/", f"/acme/sites/{story.lyra_site.pk}/"
    page = visit(story.nina, width=width, scheme=scheme)
    for path in (
        "/acme/cdmos/",
        "/acme/cdmos/?q=Partner&country=DE&types=storage&sort=-name",
        "/acme/cdmos/?q=nothing",
        "/acme/cdmos/new/",
        lyra,
        lyra + "amend/",
        lyra + "history/",
        "/acme/sites/",
        f"/acme/sites/new/?cdmo={story.lyra.pk}",
        site,
        site + "amend/",
        site + "history/",
        "/acme/cdmos/999999999/",
        "/?choose=1",
        "/portal/",
        "/accounts/logout/",
    ):
        page.goto(path)
        look_closely(page, path)
    page.goto("/acme/cdmos/new/")
    page.click("main button:has-text('Add CDMO')")
    page.wait_for_selector("#errors")
    look_closely(page, "a refused form")


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_partners_pages(visit, story, width, scheme):
    lyra, site = f"/portal/acme/cdmos/{story.lyra.pk}/", f"/portal/acme/sites/{story.lyra_site.pk}/"
    page = visit(story.paul, width=width, scheme=scheme)
    for path in (
        "/portal/acme/",
        "/portal/acme/cdmos/",
        lyra,
        lyra + "history/",
        "/portal/acme/sites/",
        site,
        site + "history/",
    ):
        page.goto(path)
        look_closely(page, path)
    for path in ("/portal/", "/?choose=1"):
        page.goto(path)
        look_closely(page, path)


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_way_in(visit, story, width, scheme):
    page = visit(None, width=width, scheme=scheme)
    page.goto("/accounts/login/?signed_out=1")
    look_closely(page, "signed out")
    page.fill("#id_login", "nobody@example.com")
    page.fill("#id_password", "wrong")
    page.click("button:has-text('Sign in')")
    page.wait_for_selector("#errors")
    look_closely(page, "refused")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_conflict_and_the_refusal(visit, story, scheme):
    page = visit(story.omar, width=390, scheme=scheme)
    page.goto(f"/acme/cdmos/{story.orion.pk}/amend/")
    page.fill("#id_name", "Orion, as Omar has it")
    page.fill("#id_reason", "Renamed")
    change_it(story.nina, story.orion.pk, "Quicker by a minute", name="Orion, as Nina has it")
    page.click("button:has-text('Save the change')")
    page.wait_for_selector("#errors")
    look_closely(page, "409")
    page = visit(story.vera, width=390, scheme=scheme)
    page.goto("/acme/cdmos/new/")
    look_closely(page, "403")
