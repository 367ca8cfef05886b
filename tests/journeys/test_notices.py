"""Told by the bell, opened, chosen and followed: notices by mouse, by keyboard and without script."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page

from oversight.kernel.access.scope import scope
from oversight.kernel.comments.saying import say
from oversight.kernel.notifications.models import Letter
from tests.cast import system
from tests.factories.deviation import report
from tests.notifications.telling import deliver_all

from .looking import every_fault


def look_all_over(page: Page, name: str) -> None:
    """Both widths, both themes."""
    found = list(every_fault(page, name))
    assert found == [], found
    page.set_viewport_size({"width": 1440, "height": 900})


@pytest.fixture
def story(lasting_world):
    """Two events of Lyra's, one of them critical, and talk."""
    world = lasting_world
    hour = timezone.now() - timedelta(minutes=20)
    times = dict.fromkeys(("occurred_at", "aware_at", "notified_at"), hour)
    report(world.paul, world.lyra_site, title="Filter integrity test failed", severity="CRITICAL", **times)
    second = report(world.paul, world.lyra_site, title="A second one with a rather long title " + "w" * 60)
    with scope(world.nina):
        say(second, text="@Paul Keller which lot?", by=world.nina, shared=True, view="deviation.view")
    deliver_all(world)
    return world


def test_nina_is_told_opens_it_and_clears_the_rest(visit, story):
    page = visit(story.nina)
    page.goto("/acme/cdmos/")
    bell = page.get_by_role("link", name="Notices, 2 unread")
    bell.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/acme/notices/")
    look_all_over(page, "notices")
    page.get_by_role("link", name="DEV-26-0001").click()
    page.wait_for_url("**/acme/deviations/*/")
    assert page.get_by_role("link", name="Notices, 1 unread").is_visible()
    page.goto("/acme/notices/?show=unread")
    assert page.locator(".feed li").count() == 1
    page.get_by_role("button", name="Mark all as read").click()
    page.wait_for_url("**/acme/notices/")
    assert page.get_by_role("link", name="Notices", exact=True).is_visible()
    page.goto("/acme/notices/?show=unread")
    look_all_over(page, "nothing unread")


def test_paul_chooses_and_follows_a_calendar_without_script(visit, story):
    page = visit(story.paul, width=390, script=False)
    page.goto("/portal/acme/notices/preferences/")
    page.check("#TALK-NONE")
    page.click("button:has-text('Keep this choice')")
    assert "Your choice is kept." in page.inner_text("main")
    assert page.is_checked("#TALK-NONE")
    page.click("button:has-text('Make an address')")
    address = page.input_value("#feed")
    found = re.fullmatch(r"http://localhost:8000(/calendar/[a-z2-7]{32}\.ics)", address)
    assert found and b"DEV-26-0001 containment due" in Client().get(found[1]).content
    page.click("button:has-text('Stop the calendar')")
    assert "opens nothing any more" in page.inner_text("main")
    assert Client().get(found[1]).status_code == 404


def test_the_pages_of_paul_are_usable_by_all(visit, story):
    page = visit(story.paul)
    page.goto("/portal/acme/notices/")
    assert page.locator(".feed li").count() == 1
    look_all_over(page, "the partner's notices")
    page.goto("/portal/acme/notices/preferences/")
    look_all_over(page, "preferences")
    page.click("button:has-text('Make an address')")
    page.wait_for_selector("#feed")
    look_all_over(page, "a new calendar address")


def test_each_line_of_the_help_leads_to_its_page(visit, story):
    """How they look is seen with every other page."""
    page = visit(story.paul)
    page.goto("/portal/acme/notices/")
    page.get_by_role("link", name="Help").click()
    page.wait_for_url("**/help/")
    links = [link.get_attribute("href") for link in page.locator("main .rows a").all()]
    assert len(links) == 13
    for path in links:
        page.goto("/help/")
        page.click(f"main .rows a[href='{path}']")
        page.wait_for_url(f"**{path}")
        assert page.locator("h1").count() == 1


def test_nina_is_told_that_her_last_letter_did_not_arrive(visit, story):
    with scope(system(story.acme)):
        Letter.objects.filter(membership_id=story.nina.membership).update(state="FAILED")
    page = visit(story.nina)
    page.goto("/acme/notices/")
    assert page.get_by_text("The last e-mail to you could not be delivered").is_visible()
    look_all_over(page, "notices, and a letter that did not arrive")
