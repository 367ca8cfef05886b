"""Every page that the resolver knows, light and dark, on a desk and on a phone; nobody has to list a new one."""

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Error, Page

from oversight.kernel.access.scope import Actor
from tests.cast import World
from tests.factories.deviation import report
from tests.kernel.records.filing import change_it, put_many_on_file
from tests.matrix.inventory import routes
from tests.matrix.rows import rows
from tests.matrix.test_matrix import PUBLIC, Keys, lay_out
from tests.quality.acting import CAUSE, TICKS, act, contain

from .looking import LISTEN, THIN, every_fault, look_closely

PARTS = 2  # of the longest walks, so that nobody waits at the end for one of two processes
REPEATED = {"/api/v1/docs/": "main .panel[id]", "/help/validation/": "main tbody tr"}  # hundreds of the same shape
LEFT = 24  # of these
DOWNLOAD = "Download is starting"  # what Chromium says instead of showing a file
ALSO = {  # what an address alone does not show
    "nina": (
        "/acme/cdmos/?q=Partner&country=DE&types=storage&sort=-name",
        "/acme/cdmos/?q=nothing",
        "/acme/cdmos/999999999/",
        "/acme/audit-trail/?record=nothing",
        "/?choose=1",
    ),
    "paul": ("/portal/acme/cdmos/999999999/", "/?choose=1"),
    "nobody": ("/accounts/login/?signed_out=1", "/nowhere/"),
}


@pytest.fixture
def ground(lasting_world: World) -> tuple[World, Keys, list[int]]:
    """Enough on record that every part of every page has something to show; deviations in each of their states."""
    world = lasting_world
    keys = lay_out(world)
    put_many_on_file(world.nina, [f"Partner {number:02} with a rather long name GmbH & Co. KG" for number in range(30)])
    change_it(world.nina, world.lyra.pk, "Signed the framework agreement", outsourcing_model="STRATEGIC", country="DE")
    change_it(world.omar, world.lyra.pk, "Word" * 60, website="https://lyra.example/" + "a" * 120, notes="Long " * 80)
    begun, answered, closed = (report(world.paul, world.lyra_site, title=f"Event {n}") for n in range(3))
    act(begun, TICKS[0], by=world.paul)
    for event in (answered, closed):
        contain(event, by=world.paul)
        act(event, "accept-report", by=world.nina)
        act(event, "submit-root-cause", by=world.paul, **CAUSE)
    act(answered, "return-root-cause", by=world.nina, reason="What changed in the feed?")
    act(answered, "submit-root-cause", by=world.paul, **CAUSE | {"why_3": "Why?", "because_3": "Volume was 9% high."})
    act(closed, "accept-root-cause", by=world.nina, reason="The chain holds")
    return world, keys, [begun.pk, answered.pk, closed.pk]


def within(actor: Actor, keys: Keys) -> Iterator[str]:
    """Every page of Acme's that the actor may open."""
    declared = rows()
    for route in routes():
        row = declared.get((route.door, route.name))
        if row is None or route.door not in ("workspace", "portal") or (route.door == "portal") != actor.is_partner:
            continue
        opens = "GET" in row.methods and row.may(actor, "GET") and {200, 409} & set(row.answers["GET"])
        if opens and (not row.own or actor.name == "Nina Berg"):
            yield route.address(**keys.of(route, row, "own"))


def outside(signed_in: bool) -> Iterator[str]:
    """Every page outside a sponsor."""
    for route in routes():
        if not route.door and not route.keys:
            alone, known = PUBLIC[route.name].get("GET", (405, (405,)))
            if 200 in known if signed_in else alone == 200:
                yield route.address()


def shows(page: Page, address: str) -> bool:
    """Go there; whether it is a page, and no file."""
    try:
        answer = page.goto(address)
    except Error as told:
        if DOWNLOAD in told.message:
            return False
        raise
    return answer is not None and "text/html" in answer.headers.get("content-type", "")


def walk(page: Page, addresses: Iterator[str] | list[str], name: str) -> None:
    """Look at each of them closely and tell all faults at once."""
    began, seen, wrong = time.monotonic(), 0, []
    page.context.add_init_script(LISTEN)
    for address in dict.fromkeys(addresses):
        if not shows(page, address):
            continue
        if address in REPEATED:
            page.evaluate(THIN, [REPEATED[address], LEFT])
        wrong += every_fault(page, address)
        seen += 1
    took = time.monotonic() - began
    print(f"\n{name}: {seen} pages in {took:.0f} s, {len(wrong)} faults")
    assert wrong == [], "\n" + "\n".join(wrong)


@pytest.mark.parametrize("part", range(2 * PARTS))
def test_the_pages_of_a_qa_director(visit, ground, part):
    world, keys, events = ground
    addresses = [*within(world.nina, keys), *(f"/acme/deviations/{pk}/" for pk in events)]
    moves = ("close", "accept-root-cause", "return-root-cause", "void")
    addresses += [f"/acme/deviations/{events[1]}/moves/{move}/" for move in moves[1:]]
    addresses += [f"/acme/deviations/{events[2]}/moves/close/"]
    every = list(dict.fromkeys([*addresses, *outside(True), *ALSO["nina"]]))
    walk(visit(world.nina), every[part :: 2 * PARTS], f"nina, part {part + 1}")


def test_the_pages_of_an_administrator(visit, ground):
    world, keys, _ = ground
    shown = set(within(world.nina, keys))
    walk(visit(world.adam), [one for one in within(world.adam, keys) if one not in shown], "adam")


@pytest.mark.parametrize("part", range(PARTS))
def test_the_pages_of_a_partner(visit, ground, part):
    world, keys, events = ground
    addresses = [*within(world.paul, keys), *(f"/portal/acme/deviations/{pk}/" for pk in events), "/portal/"]
    every = list(dict.fromkeys([*addresses, *ALSO["paul"]]))
    walk(visit(world.paul), every[part::PARTS], f"paul, part {part + 1}")


def test_the_way_in(visit, lasting_world):
    page = visit(None)
    walk(page, [*outside(False), *ALSO["nobody"]], "nobody")
    page.goto("/accounts/login/")
    page.fill("#id_login", "nobody@example.com")
    page.fill("#id_password", "wrong")
    page.click("button:has-text('Sign in')")
    page.wait_for_selector("#errors")
    look_closely(page, "refused")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_conflict_and_the_refusals(visit, lasting_world, scheme):
    world = lasting_world
    page = visit(world.omar, width=390, scheme=scheme)
    page.goto(f"/acme/cdmos/{world.orion.pk}/amend/")
    page.fill("#id_name", "Orion, as Omar has it")
    page.fill("#id_reason", "Renamed")
    change_it(world.nina, world.orion.pk, "Quicker by a minute", name="Orion, as Nina has it")
    page.click("button:has-text('Save the change')")
    page.wait_for_selector("#errors")
    look_closely(page, "409")
    page.goto("/acme/cdmos/new/")
    page.click("main button:has-text('Add CDMO')")
    page.wait_for_selector("#errors")
    look_closely(page, "422")
    page = visit(world.vera, width=390, scheme=scheme)
    page.goto("/acme/cdmos/new/")
    look_closely(page, "403")
    page.goto("/acme/audit-trail/export/")
    look_closely(page, "405")
