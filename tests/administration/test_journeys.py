"""The settings in a real browser: full ones on a desk and on a phone, light and dark, and one story by keyboard."""

import pytest

from oversight.kernel.outbox.webhooks import create_webhook
from oversight.kernel.trail.change import change
from oversight.roles import Role
from tests.api.calling import key_of
from tests.cast import join, person, system
from tests.journeys.looking import LISTEN, every_fault


@pytest.fixture
def story(lasting_world):
    """Enough that every part of every page has something to show."""
    world = lasting_world
    with change(by=system(world.acme), reason="Grown, and a reason that goes on for a while: " + "word " * 20):
        for n in range(30):
            join(
                world.acme,
                person(f"Guest{n:02} Long-Doublename"),
                Role.VIEWER,
                "A company with a rather long name GmbH",
            )
    world.hook, _ = create_webhook(by=world.adam, url="https://example.com/" + "a" * 120, events=["deviation.*"])
    for actor in (world.nina, world.paul):
        key_of(actor)
    return world


def test_the_settings_hold_long_names_and_many_rows(visit, story):
    """Each page by itself is walked with all others in tests/journeys; here is what its address alone does not show."""
    page = visit(story.adam)
    page.context.add_init_script(LISTEN)
    found: list[str] = []
    for path in ("people/", "people/?q=nobody", f"people/{story.connie.membership}/", "keys/", "access-review/",
                 f"webhooks/{story.hook.pk}/", f"webhooks/{story.hook.pk}/secret/"):  # fmt: skip
        page.goto(f"/acme/settings/{path}")
        found += every_fault(page, path)
    page.goto("/acme/settings/people/add/")
    page.click("main button:has-text('Add a person')")
    page.wait_for_selector("#errors")
    found += every_fault(page, "a refused form")
    assert found == [], "\n".join(found)


def test_a_program_is_added_and_given_a_key_without_script(visit, story):
    page = visit(story.adam, script=False)
    page.goto("/acme/settings/keys/add/")
    page.click("text=Add a program")
    page.fill("#id_name", "LIMS Basel")
    page.fill("#id_reason", "Results by night")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('LIMS Basel')")
    page.click("main a:has-text('Make a key')")
    page.select_option("#id_membership", label="LIMS Basel, Acme Therapeutics")
    page.fill("#id_name", "Nightly results")
    page.fill("#id_reason", "Go-live in May")
    page.click("main button:has-text('Make the key')")
    assert page.input_value("#secret").startswith("ovs_")
    page.click("text=I have copied it")
    assert page.locator("td:has-text('Nightly results')").count() == 1
