"""What people do in the browser, from the first page to the last."""

import re

from playwright.sync_api import expect

from tests.kernel.records.filing import change_it, now


def test_omar_puts_a_partner_on_file_and_nina_reads_why_it_changed(visit, lasting_world):
    omar = visit(lasting_world.omar)
    omar.goto("/acme/cdmos/")
    omar.click("text=Add CDMO")
    omar.click("main button:has-text('Add CDMO')")
    expect(omar.locator("#errors")).to_be_focused()
    expect(omar.locator("#errors h2")).to_have_text("4 things keep this from being saved")
    omar.click("#errors a:has-text('Country')")
    expect(omar.locator("#id_country")).to_be_focused()
    omar.fill("#id_name", "Corvane")
    omar.select_option("#id_country", label="Switzerland")
    omar.select_option("#id_outsourcing_model", label="Preferred")
    omar.check("#id_drug_product")
    omar.click("main button:has-text('Add CDMO')")
    expect(omar.locator("h1")).to_have_text("Corvane")
    expect(omar.locator(".said")).to_contain_text("CDMO created.")
    omar.click("a:has-text('Add the first site')")
    omar.fill("#id_name", "Basel")
    omar.fill("#id_city", "Basel")
    omar.select_option("#id_country", label="Switzerland")
    omar.select_option("#id_time_zone", "Europe/Zurich")
    omar.click("main button:has-text('Add site')")
    expect(omar.locator("dd a")).to_have_text("Corvane")
    omar.click("dd a")
    omar.click("a:has-text('Amend')")
    omar.fill("#id_legal_name", "Corvane AG")
    omar.fill("#id_reason", "As the agreement names them")
    omar.click("button:has-text('Save the change')")
    expect(omar.locator("h1")).to_have_text("Corvane")

    nina = visit(lasting_world.nina)
    nina.goto("/acme/cdmos/")
    nina.fill("#q", "corv")
    nina.press("#q", "Enter")
    nina.click("td a:has-text('Corvane')")
    nina.click("a:has-text('Whole history')")
    rows = nina.locator("tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.nth(0)).to_contain_text("Omar Haddad")
    expect(rows.nth(0).locator("ins")).to_have_text("Corvane AG")
    expect(rows.nth(0)).to_contain_text("As the agreement names them")


def test_without_script_everything_still_works(visit, lasting_world):
    page = visit(lasting_world.omar, script=False, width=390)
    expect(page.locator("[data-action=theme]")).to_be_hidden()
    page.goto("/acme/cdmos/")
    page.click("summary:has-text('Outsourcing model')")
    page.click("details[open] a:has-text('Tactical')")
    expect(page.locator("td.cell-lead")).to_have_text(["Orion Fill"])
    page.click("td a")
    page.click("a:has-text('Amend')")
    page.fill("#id_legal_name", "Orion Fill GmbH")
    page.fill("#id_reason", "As registered")
    page.click("button:has-text('Save the change')")
    expect(page.locator("main")).to_contain_text("Orion Fill GmbH")
    page.click("button[aria-label='Open navigation']")
    page.click("button:has-text('Sign out')")
    expect(page.locator("[role=status]")).to_have_text("You are signed out.")


def test_two_people_at_one_record_lose_nothing(visit, lasting_world):
    pk = lasting_world.lyra.pk
    page = visit(lasting_world.omar)
    page.goto(f"/acme/cdmos/{pk}/amend/")
    page.fill("#id_notes", "What Omar typed")
    page.fill("#id_reason", "After the visit")
    change_it(lasting_world.nina, pk, "Moved", country="DE")
    page.click("button:has-text('Save the change')")
    expect(page.locator("#h-meanwhile")).to_contain_text("Not saved: this record was changed while you worked on it")
    expect(page.locator("#id_notes")).to_have_value("What Omar typed")
    expect(page.locator("#id_country")).to_have_value("DE")
    page.click("button:has-text('Save the change')")
    expect(page.locator(".said")).to_contain_text("Saved.")
    stands = now(lasting_world.nina, pk)
    assert (stands.country, stands.notes, stands.version, stands.versions) == ("DE", "What Omar typed", 3, 3)


def test_by_keyboard_alone(visit, lasting_world):
    page = visit(lasting_world.omar)
    page.goto("/acme/cdmos/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    for button in ("button:has-text('Export to Excel')", "button:has-text('CSV')", "a:has-text('Add CDMO')"):
        page.keyboard.press("Tab")
        expect(page.locator(f"main {button}")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/acme/cdmos/new/")


def test_the_chosen_theme_stays(visit, lasting_world):
    page = visit(lasting_world.nina)
    page.click("[data-action=theme]")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.goto("/acme/sites/")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(13, 17, 22)"


def test_paul_looks_up_his_record_on_a_phone(visit, lasting_world):
    page = visit(lasting_world.paul, width=390)
    page.wait_for_url("**/portal/acme/")
    expect(page.locator(".scope")).to_contain_text(
        "You act for Lyra Biologics AG in the workspace of Acme Therapeutics"
    )
    page.click("button[aria-label='Open navigation']")
    page.click("nav a:has-text('Our record')")
    page.click("a:has-text('Whole history')")
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("body")).not_to_contain_text("canary")


def test_on_a_phone_every_version_tells_its_time_with_the_zone(visit, lasting_world):
    change_it(lasting_world.omar, lasting_world.lyra.pk, "Moved", country="DE")
    for person, base in ((lasting_world.nina, "/acme/"), (lasting_world.paul, "/portal/acme/")):
        page = visit(person, width=390)
        page.goto(f"{base}cdmos/{lasting_world.lyra.pk}/history/")
        times = page.locator("tbody tr time")
        expect(times).to_have_count(2)
        for shown in times.all():
            expect(shown).to_be_visible()
            assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC", shown.inner_text())
