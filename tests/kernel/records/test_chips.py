"""Filters of a list as chips: links that set and take away, without a script."""

import html
import re

import pytest

from tests.cast import sign_in
from tests.kernel.records.filing import put_on_file
from tests.web.reading import fold, link, titles

pytestmark = pytest.mark.django_db


@pytest.fixture
def nina(world, client):
    sign_in(client, world.nina)
    return client


def menu(page, label: str) -> dict[str, str]:
    """What the chip of that name offers, and where each choice leads."""
    found = re.findall(r"<details class=\"filter\".*?</details>", page.content.decode(), flags=re.S)
    (part,) = [one for one in found if fold(one[: one.index("</summary>")]) == label]
    return {fold(words): html.unescape(href) for href, words in re.findall(r'<a href="([^"]*)">(.*?)</a>', part)}


def test_a_chip_offers_its_choices_as_links_that_keep_the_rest(world, nina):
    put_on_file(world.nina, name="Vega", outsourcing_model="STRATEGIC")
    page = nina.get("/acme/cdmos/?q=i&sort=-name")
    offered = menu(page, "Outsourcing model")
    assert offered["Tactical"] == "?q=i&sort=-name&outsourcing_model=TACTICAL"
    assert list(offered) == ["Tactical", "Preferred", "Strategic"]
    assert titles(nina.get("/acme/cdmos/" + offered["Tactical"])) == ["Orion Fill"]


def test_a_filter_that_is_set_is_taken_away_by_its_chip(world, nina):
    page = nina.get("/acme/cdmos/?types=drug_product&outsourcing_model=TACTICAL")
    assert titles(page) == ["Orion Fill"]
    away = link(page, "Outsourcing model Tactical : take this filter away")
    assert away == "?sort=name&types=drug_product"
    assert 'name="outsourcing_model" value="TACTICAL"' in page.content.decode(), "what is typed keeps the filters"
    assert link(page, "Clear") == "/acme/cdmos/"
    with pytest.raises(ValueError, match="not enough values"):
        menu(page, "Outsourcing model")


def test_a_long_list_of_choices_is_a_box_in_the_form(world, nina):
    for number in range(13):
        put_on_file(world.nina, name=f"Partner {number:02}")
    page = nina.get("/acme/sites/").content.decode()
    assert f'<option value="{world.lyra.pk}">Lyra Biologics</option>' in page
    assert f'<option value="{world.foreign.pk}"' not in page


def test_a_day_is_asked_for_in_its_chip(world, nina):
    put_on_file(world.nina, name="Vega")
    page = nina.get("/acme/audit-trail/").content.decode()
    assert '<input class="input" id="f-since" type="date" name="since">' in page
    narrowed = nina.get("/acme/audit-trail/?since=2026-01-01&reason=Founded")
    assert link(narrowed, "From 2026-01-01 : take this filter away") == "?reason=Founded"


@pytest.mark.parametrize("where", ["/portal/acme/sites/", "/portal/acme/deviations/", "/portal/acme/contacts/"])
def test_a_partner_is_offered_no_other_partner(world, client, where):
    sign_in(client, world.paul)
    client.post("/portal/acme/sites/views/", {"name": "x", "view": ""})
    assert "Orion" not in client.get(where).content.decode()


@pytest.mark.parametrize("value", ["%22%3E%3Cb%3E", "%00", "&amp;", "a%26b%3Dc"])
def test_no_value_breaks_out_of_a_link(world, nina, value):
    page = nina.get(f"/acme/cdmos/?q={value}").content.decode()
    assert '"><b>' not in page and "<b></b>" not in page
