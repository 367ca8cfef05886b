"""A close look at one page: usable by all, in width, silent, and every control opens what it says."""

from collections.abc import Iterator

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTHS = (1440, 390)
OF_COLOUR = ["color-contrast", "link-in-text-block"]  # all else is the same by night, for only colours change
# Scrolled up, else the head of the page covers half of something, somewhere. Nothing, where axe is not there yet.
LOOK = """async (only) => {
  if (typeof window.axe !== "object") return null;
  scrollTo(0, 0);
  const {violations} = await axe.run(document, {runOnly: only, resultTypes: ["violations"]});
  const wrong = violations.map((one) => `${one.id}: ${one.nodes[0].html.slice(0, 160)}`);
  const wider = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  if (wider > 0) wrong.push(`${wider} px wider than the window`);
  const heads = document.querySelectorAll("h1").length;
  if (heads !== 1) wrong.push(`${heads} headings of the first order`);
  return wrong;
}"""
# Whatever the policy refuses is said in the console, where the visitor of conftest.py listens.
LISTEN = """document.addEventListener("securitypolicyviolation",
    (e) => console.error(`CSP: ${e.violatedDirective} ${e.blockedURI} at ${location.pathname}`));
    window.print = () => {}; history.back = () => {};"""
# Opens each control as a finger would and closes it again; a form is never sent.
DRIVE = """async () => {
  const wrong = [], seen = (el) => el.checkVisibility({visibilityProperty: true}) && el.getClientRects().length > 0;
  const named = (el) => (el.getAttribute("aria-label") || el.textContent).trim().slice(0, 40);
  for (const summary of [...document.querySelectorAll("summary")].filter(seen)) {
    const folded = summary.parentElement, was = folded.open;
    summary.click();
    if (folded.open === was) wrong.push(`${named(summary)} does not unfold`);
  }
  for (const button of [...document.querySelectorAll("button[popovertarget]")].filter(seen)) {
    const panel = document.getElementById(button.getAttribute("popovertarget"));
    button.click();
    if (!panel?.matches(":popover-open")) wrong.push(`${named(button)} opens nothing`);
    else panel.hidePopover();
  }
  for (const opener of [...document.querySelectorAll("[data-action=dialog]")].filter(seen)) {
    const dialog = document.getElementById(opener.dataset.target);
    opener.click();
    if (!dialog?.open) wrong.push(`${named(opener)} opens no dialog`);
    else if (document.documentElement.scrollWidth > innerWidth) wrong.push(`${named(opener)}: too wide`);
    dialog?.close();
  }
  for (const tab of [...document.querySelectorAll("[role=tab]")].filter(seen)) {
    tab.click();
    if (document.getElementById(tab.getAttribute("aria-controls")).hidden) wrong.push(`${named(tab)} shows nothing`);
  }
  const theme = document.documentElement.dataset.theme, plain = "button[type=button]:not([popovertarget], [role=tab])";
  for (const button of [...document.querySelectorAll(plain)].filter(seen)) {
    if (button.disabled || button.dataset.action === "dialog") continue;
    button.click();
    if (button.dataset.action !== "theme") continue;
    if (document.documentElement.dataset.theme === theme) wrong.push("the theme does not change");
    delete document.documentElement.dataset.theme; localStorage.removeItem("theme");  // as before: the system's own
  }
  await new Promise((done) => setTimeout(done, 0));
  return wrong;
}"""
# Of what one template repeats hundreds of times some are left.
THIN = """([every, left]) => [...document.querySelectorAll(every)]
    .filter((_, place, all) => place % Math.ceil(all.length / left)).forEach((el) => el.remove())"""
SMALL = """() => [...document.querySelectorAll("main .btn, main .chip, main select, main .input, .topbar .btn")]
    .filter((el) => el.checkVisibility() && !el.closest("[popover]:not(:popover-open), .visually-hidden, dialog"))
    .map((el) => [Math.round(el.getBoundingClientRect().height), el.outerHTML.slice(0, 110)])
    .filter(([height]) => height > 0 && height < 40).map((one) => one.join(" px: ")).slice(0, 3)"""


def look_closely(page: Page, name: str) -> None:
    """Nothing is wrong with the page as it stands."""
    found = list(faults(page, name))
    assert found == [], found


def faults(page: Page, name: str, *, only: list[str] = RULES) -> Iterator[str]:
    """What is wrong with the page at its present width and in its present theme, by these rules."""
    page.wait_for_load_state()
    found = page.evaluate(LOOK, only)
    if found is None:
        page.evaluate(AXE_SCRIPT)
        found = page.evaluate(LOOK, only)
    yield from (f"{name}: {fault}" for fault in found)


def every_fault(page: Page, name: str) -> Iterator[str]:
    """What is wrong with it on a desk and on a phone, by day and by night, with everything unfolded.

    Unfolded it shows all that it shows closed, but for a tab: one that is opened hides another. There it is looked at
    before, too.
    """
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        if page.locator("[role=tab]").count():
            yield from faults(page, f"{name} at {width} px, closed")
        if width == 390:
            yield from (f"{name}: too small for a thumb, {one}" for one in page.evaluate(SMALL))
        yield from (f"{name} at {width} px: {one}" for one in page.evaluate(DRIVE))
        yield from faults(page, f"{name} at {width} px, light")
        page.emulate_media(color_scheme="dark")
        yield from faults(page, f"{name} at {width} px, dark", only=OF_COLOUR)
        page.emulate_media(color_scheme="light")
