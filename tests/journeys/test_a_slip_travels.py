"""A slip travels: reported on a phone at one site, it moves a study, and is gone when the event is signed off."""

import re
from typing import Any

from playwright.sync_api import Page, expect

from oversight.kernel.access.scope import scope
from quality.models import Deviation
from tests.batches.acting import close
from tests.cascade.conftest import Running, running
from tests.cascade.supply import LYRAS, ORIONS, Supply, after, investigated
from tests.cast import World

from .looking import look_closely

__all__ = ["running"]
PLANNED = 29


def in_words(days: int) -> str:
    day = after(days)
    return f"{day.day} {day:%b %Y}"


def study_starts(page: Page, supply: Supply, days: int) -> None:
    """The programme's page says so, at the latest when it has been opened for the fifth second."""
    for _ in range(20):
        page.goto(f"/acme/programmes/{supply.programme.pk}/")
        if in_words(days) in page.locator(".figures a").first.inner_text():
            return
        page.wait_for_timeout(250)
    raise AssertionError(page.locator(".figures").inner_text())


def test_from_a_phone_at_lyra_to_the_study_and_back(visit: Any, running: Running, lasting_world: World) -> None:
    world = lasting_world
    investigated(world, world.lyra_site, LYRAS)
    investigated(world, world.orion_site, ORIONS)
    supply = Supply(world)
    running.begin()
    nina, paul, olga = visit(world.nina), visit(world.paul, width=390), visit(world.olga, width=390)
    study_starts(nina, supply, PLANNED)

    paul.goto(f"/portal/acme/deviations/new/?event_type=CRITICAL_PROCESS_DEVIATION&batch={supply.batch.pk}")
    paul.click("label.pick:has-text('Critical')")
    paul.fill("#id_title", "Sterile filter failed after use")
    paul.fill("#id_description", "Bubble point 3.1 bar, limit 3.4 bar.")
    if paul.locator("#id_batch").input_value() != str(supply.batch.pk):
        paul.select_option("#id_batch", str(supply.batch.pk))
    paul.click("main button:has-text('Report')")
    paul.wait_for_url(re.compile(r"/deviations/\d+/"))
    number = paul.locator(".page-head .id").inner_text()

    study_starts(nina, supply, PLANNED + 17)
    expect(nina.locator("main")).to_contain_text(number)
    look_closely(nina, "the programme that slips")
    nina.goto(f"/acme/batches/{supply.batch.pk}/")
    expect(nina.locator("main")).to_contain_text(number)
    expect(nina.locator("main")).to_contain_text(re.compile("on hold", re.IGNORECASE))
    look_closely(nina, "the batch on hold")
    nina.goto("/acme/")
    expect(nina.locator("main")).to_contain_text("17 days later")

    olga.goto("/portal/acme/")
    expect(olga.locator("main")).to_contain_text(f"One step of {supply.fill.product_code} moved 17 days later")
    told = olga.locator("main").inner_text()
    assert [word for word in (number, supply.batch.number, "Lyra", "Sterile") if word in told] == []

    with scope(world.nina):
        event = Deviation.objects.get(number=number)
    close(event, world)
    study_starts(nina, supply, PLANNED)
    expect(nina.locator("main")).not_to_contain_text(f"{number} holds")
