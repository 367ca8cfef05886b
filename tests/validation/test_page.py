"""Help, Validation: an inspector reads what is asked and goes to where it is met."""

from html import unescape

import pytest
from django.test import Client

from oversight.web.validation.proof import figures
from oversight.web.validation.requirement import Way, requirements
from tests.cast import World, sign_in

pytestmark = pytest.mark.django_db
PAGE = "/help/validation/"


def shown(client: Client, query: str = "") -> str:
    answer = client.get(f"{PAGE}{query}")
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def test_every_requirement_stands_there_with_its_proof(world: World, client: Client) -> None:
    sign_in(client, world.nina)
    page = shown(client)
    told = figures()
    assert f"{told['total']} requirements, {told['percent']} % proven by tests" in page
    assert [each.id for each in requirements().values() if f'id="{each.id}"' not in page or each.asks not in page] == []
    assert "tests/kernel/trail/test_writes.py::test_within_a_change_each_write_leaves_its_one_version" in page


def test_a_page_of_the_own_sponsor_is_one_click_away(world: World, client: Client) -> None:
    sign_in(client, world.nina)
    page = shown(client)
    assert '<a href="/acme/audit-trail/">Audit trail</a>' in page
    assert '<a href="/help/signatures/">Help, signatures</a>' in page
    assert client.get("/acme/audit-trail/").status_code == 200


def test_a_partner_is_led_through_no_door_of_the_sponsors(world: World, client: Client) -> None:
    sign_in(client, world.paul)
    page = shown(client)
    assert 'href="/acme/' not in page and ">Audit trail<" in page
    assert '<a href="/help/signatures/">Help, signatures</a>' in page


def test_one_way_can_be_asked_for_alone(world: World, client: Client) -> None:
    sign_in(client, world.nina)
    gaps = shown(client, "?way=GAP")
    assert gaps.count("<tr id=") == figures()["GAP"] == sum(e.way is Way.GAP for e in requirements().values())
    assert 'id="ASVS-2.1.8"' in gaps and 'id="P11-10e"' not in gaps
    assert shown(client, "?way=nonsense&at=nowhere").count("<tr id=") == figures()["total"]


def test_it_asks_as_little_however_much_there_is(world: World, client: Client, django_assert_max_num_queries) -> None:
    sign_in(client, world.nina)
    shown(client)
    with django_assert_max_num_queries(6):
        shown(client)


@pytest.mark.django_db(transaction=True)
def test_everybody_can_use_it(visit, lasting_world: World) -> None:
    page = visit(lasting_world.nina, width=390)
    page.goto(PAGE)
    page.locator("details").first.locator("summary").press("Enter")
    assert page.locator("details[open] code").first.is_visible()
    page.get_by_role("link", name="Gap").click()
    assert page.url.endswith("?way=GAP&at=acme")
    assert page.locator("tr[id]").count() == figures()["GAP"]
