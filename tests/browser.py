"""A real Chromium at the live server, and a person before it."""

import os
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from oversight.kernel.access.scope import Actor
from tests.cast import PASSWORD

Visitor = Callable[..., Page]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all journeys."""
    # Playwright keeps an event loop in this thread; Django would take that for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=os.environ["CHROMIUM"], args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield chromium
        chromium.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def visit(browser: Browser, lasting_world, live_server) -> Iterator[Visitor]:
    """Open a page as somebody, in a window of their own; whatever the console complains of fails the test."""
    windows: list[BrowserContext] = []
    complaints: list[str] = []

    def open_page(actor: Actor | None, *, width: int = 1440, scheme: str = "light", script: bool = True) -> Page:
        window = browser.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            java_script_enabled=script,
            reduced_motion="reduce",
        )
        windows.append(window)
        page = window.new_page()
        page.on("console", lambda message: complaints.append(message.text) if is_complaint(message) else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        if actor:
            page.goto("/accounts/login/")
            page.fill("#id_login", f"{actor.name.split()[0].lower()}@example.com")
            page.fill("#id_password", PASSWORD)
            page.click("button:has-text('Sign in')")
            page.wait_for_url(lambda url: "/accounts/" not in url)
        return page

    yield open_page
    for window in windows:
        window.close()
    assert complaints == []


def is_complaint(message: object) -> bool:
    """Errors and warnings, but not the browser's own note that a page answered 4xx, as some are meant to."""
    return message.type in {"error", "warning"} and "the server responded with a status of 4" not in message.text
