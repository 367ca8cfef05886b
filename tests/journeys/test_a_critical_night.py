"""A critical deviation from the phone that reports it to the signature that closes it, with its clicks counted."""

import re

from playwright.sync_api import Page, expect

from tests.cast import PASSWORD

TITLE = "Sterile filter failed its integrity test after use"


class Clicks:
    """A page on which every click is counted; typing is free."""

    def __init__(self, page: Page) -> None:
        self.page, self.made = page, 0

    def on(self, selector: str) -> None:
        self.page.click(selector)
        self.page.wait_for_load_state()
        self.made += 1


def test_from_the_phone_to_the_signature(visit, lasting_world):
    paul = visit(lasting_world.paul, width=390)
    paul.goto("/portal/acme/")
    report = Clicks(paul)
    report.on("#report a:has-text('Deviation')")
    report.on("label.pick:has-text('Critical')")
    paul.fill("#id_title", TITLE)
    paul.fill("#id_description", "Bubble point 3.1 bar, limit 3.4 bar. The filled vials stand in quarantine.")
    report.on("main button:has-text('Report')")
    expect(paul.locator(".said")).to_contain_text("Now contain it")
    assert report.made == 3
    expect(paul.locator("h1")).to_have_text(TITLE)
    where = re.search(r"/deviations/(\d+)/", paul.url)
    assert where
    number = paul.locator(".page-head .id").inner_text()

    nina = visit(lasting_world.nina)
    expect(nina).to_have_url(re.compile("/acme/$"))
    first = nina.locator("#decisions tbody tr:has(td)").first
    expect(first).to_contain_text(TITLE)
    expect(first).to_contain_text(re.compile(r"(5\d|60) min left"))
    expect(first).to_contain_text("containment, 60 min")
    urgent = Clicks(nina)
    urgent.on(f"#decisions tr:has-text('{TITLE}') .actions >> text=Confirm containment")
    assert urgent.made == 1
    expect(nina.locator("h1")).to_have_text(TITLE)

    for left in range(4, -1, -1):
        paul.locator("#containment .btn--tick").first.click()
        expect(paul.locator("#containment .btn--tick")).to_have_count(left)

    nina.goto("/acme/")
    nina.click(f"#decisions tr:has-text('{TITLE}') .actions >> text=Accept report")
    nina.click("main button:has-text('Accept the report'), main a:has-text('Accept the report')")
    expect(nina.locator(".stages [aria-current]")).to_contain_text("Investigation")

    answer(paul, number, "The operator set it so")
    returned = Clicks(nina)
    nina.goto("/acme/")
    returned.on(f"#decisions tr:has-text('{number}') .actions >> text=Review root cause")
    returned.on("a:has-text('Return the root cause')")
    nina.fill("#id_reason", "Why could the filter be fitted dry? Say what the procedure asked for.")
    returned.on("main form button:has-text('Return the root cause')")
    assert returned.made == 3

    paul.goto("/portal/acme/")
    expect(paul.locator("main")).to_contain_text("returned the root cause")
    assert answer(paul, number, "The procedure names no wetting volume") <= 3

    nina.goto("/acme/")
    nina.click(f"#decisions tr:has-text('{number}') .actions >> text=Review root cause")
    nina.click("a:has-text('Accept the root cause')")
    nina.fill("#id_reason", "The procedure explains it, and its change is planned.")
    nina.click("main form button:has-text('Accept the root cause')")
    expect(nina.locator(".stages [aria-current]")).to_contain_text("Root cause accepted")

    finish_the_task(paul, f"/portal/acme/deviations/{where[1]}/", "Halt further processing")
    finish_the_task(nina, f"/acme/deviations/{where[1]}/", "Assess notification of health authorities")

    nina.goto(f"/acme/deviations/{where[1]}/")
    expect(nina.locator(".page-head [aria-disabled]:has-text('Close')")).to_be_visible()
    expect(nina.locator("#unmet-close")).to_contain_text("somebody else has to close it")

    connie = visit(lasting_world.connie, script=False)
    connie.goto("/acme/")
    connie.click(f"#decisions tr:has-text('{number}') .actions >> text=Close")
    if "moves" not in connie.url:
        connie.click(".page-head a:has-text('Close')")
    connie.fill("#id_reason", "Contained in time, cause understood, tasks done.")
    connie.fill("#id_password", PASSWORD)
    connie.click("main button:has-text('Sign: Close')")
    expect(connie.locator(".sign")).to_contain_text("Connie Marsh")

    nina.goto(f"/acme/audit-trail/?record={number}")
    told = nina.locator("main").inner_text()
    for words in ("Paul Keller", "Nina Berg", "Connie Marsh", "Say what the procedure asked for", "cause understood"):
        assert words in told


def answer(page: Page, number: str, root: str) -> int:
    """Send the root cause, from the portal's home; how many clicks it took."""
    page.goto("/portal/acme/")
    clicks = Clicks(page)
    clicks.on(f"#to-do tr:has-text('{number}') .actions >> text=Send root cause")
    if not page.locator("#id_why_1").count():
        clicks.on("a:has-text('Send the root cause')")
    page.fill("#id_why_1", "Why did the filter fail?")
    page.fill("#id_because_1", root)
    page.fill("#id_root_cause", root)
    page.select_option("#id_root_cause_category", index=1)
    clicks.on("main form button:has-text('Send the root cause')")
    expect(page.locator(".stages [aria-current]")).to_contain_text("Root cause sent")
    return clicks.made


def finish_the_task(page: Page, deviation: str, label: str) -> None:
    page.goto(deviation)
    page.click(f"#tasks a:has-text('{label}')")
    page.click(".page-head >> text=Mark as done")
    page.fill("#id_note", "Done and recorded.")
    page.click("main form button:has-text('Mark as done')")
    expect(page.locator(".said")).to_be_visible()
