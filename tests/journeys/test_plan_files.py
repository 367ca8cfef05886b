"""A plan from a template to the programme and out again: a bad row, the dry run, the import, a change, the export."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from oversight.kernel.access.scope import scope
from techtransfer.models import Dependency, Milestone, Programme
from tests.cast import World
from tests.factories.programme import plan
from tests.kernel.files.conftest import store  # noqa: F401  where these files go
from tests.techtransfer.planning import run

from .looking import every_fault

STEPS = (
    {"ID": "make", "Title": "Make substance", "Partner": "Lyra Biologics", "Site": "Lyra Basel", "Duration": 30},
    {"ID": "release", "Title": "Release substance", "Partner": "Lyra Biologics", "Site": "Lyra Basel", "Duration": 10},
    {"ID": "fill", "Title": "Fill vials", "Partner": "Orion Fill", "Site": "Orion Graz", "Duration": 5},
)
LINKS = (("make", "release", "FS", 2), ("release", "fill", "FS", None))


def filled(template: Path, into: Path, **durations: Any) -> Path:
    """The template as Omar fills it in, with other durations for the steps that are named."""
    book = load_workbook(template)
    headings = {cell.value: cell.column for cell in book["Steps"][1]}
    for row, step in enumerate(STEPS, start=2):
        told = {**step, "Stage": "Drug substance", "Kind": "Testing"}
        told["Duration"] = durations.get(told["ID"], told["Duration"])
        for heading, value in told.items():
            book["Steps"].cell(row, headings[heading], value)
    for row, link in enumerate(LINKS, start=2):
        for column, value in enumerate(link, start=1):
            book["Dependencies"].cell(row, column, value)
    book.save(into)
    return into


def upload(page: Page, file: Path) -> None:
    page.set_input_files("#plan-file", file)
    page.click("button:has-text('Show what it would change')")
    page.wait_for_url(re.compile(r"/imports/\d+/$"))


def look(page: Page, name: str) -> Iterator[str]:
    """Wide and narrow, by day and by night; then as it was."""
    yield from every_fault(page, name)
    page.set_viewport_size({"width": 1440, "height": 900})


def saved(page: Page, click: str, folder: Path) -> Path:
    with page.expect_download() as waiting:
        page.click(click)
    place = folder / waiting.value.suggested_filename
    waiting.value.save_as(place)
    return place


@pytest.fixture
def programme(lasting_world: World) -> Programme:
    return plan(lasting_world.omar)


def test_from_the_template_to_the_plan_and_out_again(
    visit: Any, lasting_world: World, programme: Programme, tmp_path: Path
) -> None:
    world, here, faults = lasting_world, f"/acme/programmes/{programme.pk}/", list[str]()
    omar = visit(world.omar)
    omar.goto(here)
    omar.click("a:has-text('Import a plan')")
    expect(omar.locator("h1")).to_have_text("Import a plan")
    template = saved(omar, "section:has(#h-templates) a:has-text('Excel')", tmp_path)
    assert template.name == "plan-template.xlsx"
    faults += look(omar, "where a plan is brought")

    # One row is wrong: he reads in which sheet, row and column, and why.
    upload(omar, filled(template, tmp_path / "march.xlsx", release="three weeks"))
    expect(omar.locator("main")).to_contain_text("1 error keeps the file out")
    row = omar.locator(".plan-findings tbody tr").first
    assert [each.strip() for each in row.locator("td").all_inner_texts()] == [
        "Error", "Steps", "3", "Duration", "Duration takes a whole number of days, not “three weeks”.",
    ]  # fmt: skip
    expect(omar.locator("button:has-text('Import')")).to_have_count(0)
    faults += look(omar, "a file with an error")

    # Mended, it says first what it would change; nothing is changed until he says so, and why.
    omar.click("main a:has-text('upload it again')")
    upload(omar, filled(template, tmp_path / "march 2.xlsx"))
    expect(omar.locator("main")).to_contain_text("Nothing is imported yet.")
    expect(omar.locator("section:has(#h-new) li")).to_have_count(3)
    expect(omar.locator("section:has(#h-deps)")).to_contain_text("2 new, 0 changed, 0 unchanged")
    faults += look(omar, "what a new plan would change")
    with scope(world.omar):
        assert Milestone.objects.filter(programme=programme).count() == 0
    omar.click("button:has-text('Import 5 changes')")
    expect(omar.locator("#plan-reason-error")).to_contain_text("Say why")
    faults += look(omar, "an import without a reason")
    omar.fill("#plan-reason", "The plan of March")
    omar.click("button:has-text('Import 5 changes')")
    omar.wait_for_url(f"**{here}")
    expect(omar.locator("main")).to_contain_text("The plan is imported.")
    run(world, programme)
    omar.goto(here)
    for step in STEPS:
        expect(omar.locator(".table--plan")).to_contain_text(step["Title"])

    # Brought again with another duration: that is what it would change, and nothing else.
    omar.click("a:has-text('Import a plan')")
    expect(omar.locator("section:has(#h-brought) li")).to_have_count(2)
    upload(omar, filled(template, tmp_path / "april.xlsx", fill=7))
    changed = omar.locator("section:has(#h-changed) tbody tr")
    assert [each.strip() for each in changed.first.locator("td").all_inner_texts()][1:] == ["Duration", "5", "7"]
    expect(changed).to_have_count(1)
    expect(omar.locator("section:has(#h-kept)")).to_contain_text("2 steps and 2 dependencies are the same in the file")
    faults += look(omar, "what a changed plan would change")
    omar.fill("#plan-reason", "Orion needs two days more")
    omar.click("button:has-text('Import 1 change')")
    omar.wait_for_url(f"**{here}")
    with scope(world.omar):
        (fill,) = Milestone.objects.filter(programme=programme, external_id="fill")
        assert (fill.duration_days, Dependency.objects.filter(programme=programme).count()) == (7, 2)
        versions = [(each.duration_days, each.history_change_reason) for each in fill.history.order_by("history_id")]
    assert versions[0] == (5, "Imported from march 2.xlsx: The plan of March")
    assert (7, "Imported from april.xlsx: Orion needs two days more") in versions

    # And out again, as it stands.
    omar.click("button:has-text('Export')")
    book = load_workbook(saved(omar, "#plan-out a:has-text('Excel')", tmp_path))
    rows = list(book["Steps"].iter_rows(values_only=True))
    of = {heading: place for place, heading in enumerate(rows[0])}
    assert [(row[of["ID"]], row[of["Title"]], row[of["Duration"]]) for row in rows[1:]] == [
        ("make", "Make substance", 30), ("release", "Release substance", 10), ("fill", "Fill vials", 7),
    ]  # fmt: skip
    assert faults == []


def test_without_script_and_by_keyboard_on_a_phone(
    visit: Any, lasting_world: World, programme: Programme, tmp_path: Path
) -> None:
    plan_file = tmp_path / "plan.csv"
    plan_file.write_text("ID;Title;Duration;Predecessors\na;Make;3;\nb;Fill;2;a\n")
    omar = visit(lasting_world.omar, width=390, scheme="dark", script=False)
    omar.goto(f"/acme/programmes/{programme.pk}/")
    omar.locator("a:has-text('Import a plan')").focus()
    omar.keyboard.press("Enter")
    omar.wait_for_url("**/imports/")
    omar.set_input_files("#plan-file", plan_file)
    omar.locator("#plan-file").focus()
    omar.keyboard.press("Tab")
    omar.keyboard.press("Enter")
    omar.wait_for_url(re.compile(r"/imports/\d+/$"))
    omar.locator("#plan-reason").focus()
    omar.keyboard.type("From my phone")
    omar.keyboard.press("Tab")
    omar.keyboard.press("Enter")
    omar.wait_for_url(f"**/acme/programmes/{programme.pk}/")
    expect(omar.locator("main")).to_contain_text("The plan is imported.")
    with scope(lasting_world.omar):
        assert Milestone.objects.filter(programme=programme).count() == 2
