"""Check-ins and warnings in a real browser: answered on a phone without a script, and looked at closely."""

import re

import pytest
from playwright.sync_api import expect

from techtransfer.models import Milestone
from tests.cast import World
from tests.journeys.looking import LISTEN, every_fault
from tests.notifications.telling import deliver_all

from .scene import finished, look_at, say, slow, under_way, warning_of

PHONE = 390


@pytest.fixture
def make(lasting_world: World) -> Milestone:
    """A step of Lyra's that is red, and one of which nobody has said a word."""
    world = lasting_world
    finished(world)
    found = under_way(world, 30)
    slow(world, found)
    look_at(world, found)
    quiet = under_way(world, 40)
    look_at(world, quiet)
    return found


def test_every_page_that_shows_them_has_no_fault(visit, lasting_world, make):
    world, red = lasting_world, warning_of(lasting_world, make)
    found: list[str] = []
    for actor, paths in (
        (
            world.omar,
            (
                "/acme/", f"/acme/programmes/{make.programme_id}/", f"/acme/milestones/{make.pk}/", "/acme/warnings/",
                f"/acme/warnings/{red.pk}/", "/acme/warnings/how-well/", "/acme/check-ins/", "/acme/check-ins/new/",
            ),
        ),
        (world.paul, ("/portal/acme/", f"/portal/acme/milestones/{make.pk}/", "/portal/acme/check-ins/new/")),
    ):  # fmt: skip
        page = visit(actor)
        page.context.add_init_script(LISTEN)
        for path in paths:
            page.goto(path)
            found += every_fault(page, f"{actor.name} {path}")
    assert found == [], "\n".join(found)


def test_a_partner_answers_on_a_phone_without_a_script_and_the_lead_reads_it(visit, lasting_world, make):
    world = lasting_world
    quiet = under_way(world, 33)
    say(world.paul, quiet, 30, 16)
    page = visit(world.paul, width=PHONE, script=False)
    page.goto("/portal/acme/")
    asked = page.locator("#check-ins li", has_text=quiet.number)
    expect(asked).to_contain_text("You said 30 % on")
    asked.get_by_label(f"% complete of {quiet.number}").fill("20")
    asked.get_by_role("button", name="Note it").click()
    expect(page.locator(".field__error")).to_have_text(re.compile("It was 30 % on .* Say why it is less now."))
    page.get_by_label("Remark").fill("A run is repeated")
    page.get_by_role("button", name="Note a check-in").or_(page.locator("form button[class*=primary]")).first.click()
    expect(page.locator("main")).to_contain_text("A run is repeated")
    for _ in range(2):
        deliver_all(world)
    lead = visit(world.omar, width=PHONE, script=False)
    lead.goto("/acme/")
    panel = lead.locator("#warnings")
    expect(panel).to_contain_text("Red")
    panel.get_by_role("link", name="Make the substance").first.click()
    lead.get_by_role("link", name="Say what is done").click()
    lead.fill("#id_response", "A second shift from Monday")
    lead.get_by_role("button", name="Say what is done").click()
    expect(lead.locator("main")).to_contain_text("A second shift from Monday")
