"""A partner's day in the browser: reports from a phone, drafts that outlive a session, one inbox over all sponsors."""

import re
import time
from collections.abc import Callable

import pytest
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import Page, expect

from oversight.kernel.access.scope import scope
from quality.models import Deviation
from tests.cast import PASSWORD, World
from tests.factories.deviation import report
from tests.portal.conftest import serving_both
from tests.quality.acting import CAUSE, act

from .test_every_page import look_closely

PHONE = 390


class Clicks:
    """A thumb that counts."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def __call__(self, selector: str) -> None:
        self.page.click(selector)
        self.count += 1


def reported(world: World) -> list[tuple[str, str, str]]:
    with scope(world.nina):
        return list(Deviation.objects.order_by("id").values_list("title", "severity", "event_type"))


def let_the_session_run_out(page: Page) -> None:
    """More than fifteen minutes pass without a click."""
    key = next(each["value"] for each in page.context.cookies() if each["name"] == "sessionid")
    session = SessionStore(session_key=key)
    session["seen_at"] = int(time.time()) - 16 * 60
    session.save()


def test_a_critical_deviation_is_three_clicks_from_the_inbox_on_a_phone(
    visit: Callable[..., Page], lasting_world: World
) -> None:
    both = serving_both(lasting_world)
    page = visit(both.at_acme, width=PHONE)
    page.goto("/portal/")
    began, thumb = time.monotonic(), Clicks(page)
    thumb("section#report li:has-text('Deviation') >> nth=0")
    page.fill("#id_title", "Pressure above 3.0 bar on skid C-204")
    page.fill("#id_description", "Four minutes in the second cycle; stopped.")
    thumb(".pick:has-text('Critical')")
    thumb("button:has-text('Report')")
    page.wait_for_url(re.compile(r"/portal/acme/deviations/\d+/#containment$"))
    print(f"\n{thumb.count} clicks, {time.monotonic() - began:.1f} s")
    assert thumb.count == 3
    expect(page.locator("[role=status].said")).to_contain_text("Now contain it: tick each action below")
    expect(page.locator(".ticks button")).to_have_count(5)
    heights = page.locator(".ticks button").evaluate_all("found => found.map(one => one.offsetHeight)")
    assert min(heights) >= 44
    assert ("Pressure above 3.0 bar on skid C-204", "CRITICAL", "CRITICAL_PROCESS_DEVIATION") in reported(lasting_world)


def test_from_the_home_of_one_sponsor_it_is_three_clicks_too(visit: Callable[..., Page], lasting_world: World) -> None:
    page = visit(lasting_world.olga, width=PHONE)
    page.wait_for_url("**/portal/acme/")
    thumb = Clicks(page)
    thumb("section#report a:has-text('Deviation')")
    page.fill("#id_title", "Stopper seated too high")
    page.fill("#id_description", "Twelve vials of tray 4.")
    thumb(".pick:has-text('Critical')")
    thumb("button:has-text('Report')")
    page.wait_for_url(re.compile(r"/portal/acme/deviations/\d+/#containment$"))
    assert thumb.count == 3
    assert reported(lasting_world) == [("Stopper seated too high", "CRITICAL", "CRITICAL_PROCESS_DEVIATION")]


def test_without_script_an_event_is_reported_all_the_same(visit: Callable[..., Page], lasting_world: World) -> None:
    page = visit(lasting_world.paul, width=PHONE, script=False)
    page.goto("/portal/")
    page.click("section#report a:has-text('Equipment stopped')")
    expect(page.locator("#id_event_type")).to_have_value("EQUIPMENT_DOWNTIME")
    page.fill("#id_title", "Incubator stopped overnight")
    page.click("button:has-text('Report')")
    expect(page.locator("#errors")).to_contain_text("What happened: Fill this in.")
    expect(page.locator("#id_title")).to_have_value("Incubator stopped overnight")
    page.fill("#id_description", "Found 2 °C too cold.")
    page.click("button:has-text('Report')")
    page.wait_for_url(re.compile(r"/portal/acme/deviations/\d+/"))
    assert reported(lasting_world) == [("Incubator stopped overnight", "MAJOR", "EQUIPMENT_DOWNTIME")]


def test_what_is_typed_is_kept_and_found_again(visit: Callable[..., Page], lasting_world: World) -> None:
    page = visit(lasting_world.paul, width=PHONE)
    page.goto("/portal/acme/deviations/new/")
    page.fill("#id_title", "Half a sentence")
    page.click(".pick:has-text('Major')")
    expect(page.locator("[data-draft-state]")).to_have_text(re.compile(r"^Draft saved \d\d:\d\d$"), timeout=6_000)
    page.goto("/portal/acme/")
    page.click("text=New deviation")
    expect(page.locator(".notice")).to_contain_text("restored. Nothing of it is saved yet.")
    expect(page.locator("#id_title")).to_have_value("Half a sentence")
    expect(page.locator("input[value=MAJOR]")).to_be_checked()
    look_closely(page, "a restored draft")
    page.click("button:has-text('Discard it')")
    expect(page.locator("#id_title")).to_have_value("")
    expect(page.locator(".said")).to_have_text("The draft is thrown away.")


@pytest.mark.parametrize("script", [True, False])
def test_a_report_outlives_its_session(visit: Callable[..., Page], lasting_world: World, script: bool) -> None:
    page = visit(lasting_world.paul, width=PHONE, script=script)
    page.goto("/portal/acme/deviations/new/?event_type=RELEASE_OOS")
    page.click(".pick:has-text('Critical')")
    page.fill("#id_title", "Assay 93.1%")
    page.fill("#id_description", "Limit 95.0 to 105.0%.")
    let_the_session_run_out(page)
    page.click("button:has-text('Report')")
    page.wait_for_url("**/accounts/login/**")
    expect(page.locator("main")).to_contain_text("What you typed is kept: sign in, look it over and send it.")
    assert reported(lasting_world) == []
    page.fill("#id_login", "paul@example.com")
    page.fill("#id_password", PASSWORD)
    page.click("button:has-text('Sign in')")
    page.wait_for_url("**/portal/acme/deviations/new/?event_type=RELEASE_OOS")
    expect(page.locator("#id_description")).to_have_value("Limit 95.0 to 105.0%.")
    expect(page.locator("input[value=CRITICAL]")).to_be_checked()
    page.click("button:has-text('Report')")
    page.wait_for_url(re.compile(r"/portal/acme/deviations/\d+/"))
    assert reported(lasting_world) == [("Assay 93.1%", "CRITICAL", "RELEASE_OOS")]
    page.goto("/portal/acme/drafts/")
    expect(page.locator("h2")).to_have_text("No drafts")


def test_typing_on_after_the_session_ended_is_kept_by_the_next_draft(
    visit: Callable[..., Page], lasting_world: World
) -> None:
    page = visit(lasting_world.paul)
    page.goto("/portal/acme/deviations/new/")
    let_the_session_run_out(page)
    page.fill("#id_title", "Typed too late")
    expect(page.locator("[data-draft-state]")).to_have_text(
        "You were signed out; what you typed is kept as a draft. Sign in to go on.", timeout=6_000
    )
    page.click("[data-draft-state] a")
    page.fill("#id_login", "paul@example.com")
    page.fill("#id_password", PASSWORD)
    page.click("button:has-text('Sign in')")
    expect(page.locator("#id_title")).to_have_value("Typed too late")


def test_a_comment_begun_on_the_record_comes_back_to_who_goes_on(
    visit: Callable[..., Page], lasting_world: World
) -> None:
    event = report(lasting_world.paul, lasting_world.lyra_site)
    page = visit(lasting_world.nina)
    page.goto(f"/acme/deviations/{event.pk}/")
    page.fill("#talk-text", "The feed log of day 8")
    page.check("#talk-shared")
    expect(page.locator("[data-draft-state]")).to_have_text(re.compile("^Draft saved"), timeout=6_000)
    page.reload()
    expect(page.locator("#talk-text")).to_have_value("")
    page.focus("#talk-text")
    expect(page.locator("#talk-text")).to_have_value("The feed log of day 8")
    expect(page.locator("#talk-shared")).to_be_checked()
    page.click("button:has-text('Comment')")
    page.wait_for_url(re.compile("#comment-"))
    page.goto("/acme/drafts/")
    expect(page.locator("h2")).to_have_text("No drafts")


@pytest.mark.parametrize("width", [1440, PHONE])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_use_the_portal(
    visit: Callable[..., Page], lasting_world: World, width: int, scheme: str
) -> None:
    both = serving_both(lasting_world)
    act(both.acmes, "accept-report", by=lasting_world.nina)
    act(both.acmes, "submit-root-cause", by=lasting_world.paul, **CAUSE)
    act(both.acmes, "return-root-cause", by=lasting_world.nina, reason="What was in the feed?")
    page = visit(both.at_acme, width=width, scheme=scheme)
    page.goto("/portal/acme/deviations/new/?event_type=RELEASE_OOS")
    page.fill("#id_title", "Word" * 30)
    expect(page.locator("[data-draft-state]")).to_have_text(re.compile("^Draft saved"), timeout=6_000)
    for path in (
        "/portal/",
        "/portal/acme/",
        "/portal/acme/?whose=mine",
        "/portal/acme/our-performance/",
        "/portal/acme/our-performance/?of=first-time",
        "/portal/acme/what-is-shared/",
        "/portal/acme/drafts/",
        "/portal/acme/deviations/new/",
    ):
        page.goto(path)
        look_closely(page, path)
    page.click(".more summary")
    look_closely(page, "the form unfolded")
    page.click("button:has-text('Report')")
    page.wait_for_selector("#errors")
    look_closely(page, "a refused report")
