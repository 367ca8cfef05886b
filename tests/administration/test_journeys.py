"""The settings in a real browser: every page on a desk and on a phone, light and dark, and one story by keyboard."""

import pytest

from oversight.kernel.outbox.webhooks import create_webhook
from oversight.kernel.trail.change import change
from oversight.roles import Role
from tests.api.calling import key_of
from tests.cast import join, person, system
from tests.journeys.looking import faults


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


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_of_the_settings(visit, story, width, scheme):
    page = visit(story.adam, width=width, scheme=scheme)
    found: list[str] = []
    member = f"people/{story.connie.membership}/"
    for path in (
        *(
            "people/",
            "people/?q=nobody",
            "people/add/",
            "people/add-program/",
            member,
            f"{member}change/",
            f"{member}end/",
        ),
        *("keys/", "keys/add/", "webhooks/", "webhooks/add/", f"webhooks/{story.hook.pk}/"),
        *(f"webhooks/{story.hook.pk}/secret/", f"webhooks/{story.hook.pk}/switch/"),
        *("policy/", "policy/second-factor/", "policy/clocks/containment/", "access-review/"),
    ):
        page.goto(f"/acme/settings/{path}")
        found += faults(page, path)
    page.goto("/acme/settings/people/add/")
    page.click("main button:has-text('Add a person')")
    page.wait_for_selector("#errors")
    found += faults(page, "a refused form")
    theirs = visit(story.paul, width=width, scheme=scheme)
    theirs.goto("/portal/acme/people/")
    found += faults(theirs, "our people")
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
