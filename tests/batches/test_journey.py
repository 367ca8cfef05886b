"""A batch in a real browser: on a desk and on a phone, light and dark, without script where people act."""

import re

import pytest
from playwright.sync_api import Page, expect

from batches.models import Batch
from oversight.kernel.access.scope import scope
from quality.models import Deviation
from tests.cast import PASSWORD, World
from tests.factories.batch import act, batch, sent
from tests.factories.deviation import report
from tests.factories.genealogy import edge
from tests.factories.lot import lot, packaged
from tests.factories.milestone import step
from tests.factories.programme import plan
from tests.journeys.looking import LISTEN, every_fault

from .acting import close, critical, now


def every_state(world: World) -> list[Batch]:
    """Batches with all that their page can show: held twice, rejected, released, packed, with long words."""
    programme = plan(world.omar, "Programme" * 12)
    make = step(world.omar, world.lyra_site, programme, "Make" * 30)
    held = sent(
        world.omar, world.lyra_site, world.paul, programme=programme, make_step=make, partner_number="L" * 40,
        scale="S" * 60, location="L" * 120,
    )  # fmt: skip
    critical(world, held, title="Long" * 36)
    report(world.paul, world.lyra_site, batch=held)
    act(held, "hold", world.nina, "Reason " * 20)
    rejected, released = batch(world.omar, world.lyra_site), sent(world.omar, world.lyra_site, world.paul)
    act(rejected, "start", world.paul)
    act(rejected, "reject", world.nina, "Contaminated")
    act(released, "release", world.nina)
    supply = packaged(world.omar, world.lyra_site)
    edge(world.omar, released, held, "0.5")
    edge(world.omar, held, supply, "2.5")
    edge(world.omar, batch(world.omar, world.orion_site), supply, "1")
    lot(world.omar, supply)
    return [held, rejected, released, supply]


@pytest.mark.parametrize("who", ["nina", "connie", "omar", "paul"])
def test_the_page_of_a_batch_in_every_state(visit, lasting_world: World, who: str):
    world = lasting_world
    rows, actor = every_state(world), getattr(world, who)
    page, found = visit(actor), []
    page.context.add_init_script(LISTEN)
    for row in rows:
        path = f"{'/portal' if actor.is_partner else ''}/acme/batches/{row.pk}/"
        page.goto(path)
        found += every_fault(page, f"{who} {path}")
    assert found == []


def test_from_the_report_on_a_phone_to_the_signature_without_script(visit, lasting_world: World):
    world = lasting_world
    record = sent(world.omar, world.lyra_site, world.paul)
    phone = visit(world.paul, width=390, script=False)
    phone.goto(f"/portal/acme/batches/{record.pk}/")
    phone.get_by_role("link", name="Report a deviation").click()
    phone.get_by_label("Critical").check()
    phone.get_by_label("What went wrong, in one line").fill("Colony in grade A")
    phone.get_by_label("What happened", exact=True).fill("One colony on a settle plate.")
    phone.get_by_label("Kind of event").select_option("CRITICAL_PROCESS_DEVIATION")
    expect(phone.get_by_label("Batch that it touches")).to_have_value(str(record.pk))
    phone.get_by_role("button", name="Report").click()
    expect(phone.locator("main")).to_contain_text("is on hold until this is closed.")

    desk = visit(world.nina, script=False)
    desk.goto(f"/acme/batches/{record.pk}/")
    expect(desk.locator(".notice").first).to_contain_text(re.compile("On hold since .* Colony in grade A"))
    expect(_button(desk, "Release")).to_have_attribute("aria-disabled", "true")
    event = _event(record, world)
    close(event, world)
    desk.reload()
    expect(desk.locator("#release")).to_contain_text("All met")
    desk.get_by_role("link", name="Release").click()
    expect(desk.locator("main")).to_contain_text("What you decide about")
    desk.get_by_label("Why?").fill("Record and deviation reviewed")
    desk.get_by_label("Your password").fill(PASSWORD)
    desk.get_by_role("button", name="Sign: Release").click()
    expect(desk.locator(".sign")).to_contain_text("Record and deviation reviewed")
    assert now(record, world.nina).status == "RELEASED"


def _button(page: Page, words: str):
    return page.locator(".page-head__actions [role=button]", has_text=words).first


def _event(record: Batch, world: World):
    with scope(world.nina):
        return Deviation.objects.visible_to(world.nina).get(batch=record)
