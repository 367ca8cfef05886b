"""Paul serves several sponsors, and twice the same one: he says for whom he acts."""

import re

import pytest

from tests.cast import sign_in
from tests.web.reading import titles, words

pytestmark = pytest.mark.django_db


def cards(response) -> dict[str, str]:
    """The cards of the chooser: the words on each, and the membership behind it."""
    found = re.findall(
        r'name="membership" value="(\d+)">\s*<button class="go">(.*?)</button>', response.content.decode(), re.S
    )
    return {" ".join(re.sub(r"<[^>]+>", " ", label).split()): number for number, label in found}


def test_with_one_membership_one_goes_straight_there(world, client):
    sign_in(client, world.paul)
    assert client.get("/")["Location"] == "/portal/acme/"
    assert list(cards(client.get("/?choose=1"))) == ["AT Acme Therapeutics CDMO quality, for Lyra Biologics AG"]


def test_with_several_one_chooses_and_rows_never_mix(world, client, busy_paul):
    sign_in(client, busy_paul)
    page = client.get("/")
    assert list(cards(page)) == [
        "AT Acme Therapeutics CDMO quality, for Lyra Biologics AG",
        "AT Acme Therapeutics, read only CDMO viewer, for Orion Fill GmbH",
        "RB Rival Bio CDMO project, for Lyra Biologics AG",
    ]
    lyra, orion, rival = cards(page).values()
    asked = client.get("/portal/acme/sites/?q=Basel")["Location"]
    assert asked == "/?choose=1&next=%2Fportal%2Facme%2Fsites%2F%3Fq%3DBasel"
    (wanted,) = set(re.findall(r'name="to" value="([^"]+)"', client.get(asked).content.decode()))
    assert client.post("/", {"membership": lyra, "to": wanted})["Location"] == "/portal/acme/sites/?q=Basel"
    for elsewhere in ("/portal/rival/", "//evil.example", "https://evil.example", "/portal/acme/\\evil"):
        assert client.post("/", {"membership": lyra, "to": elsewhere})["Location"] == "/portal/acme/"
    assert client.post("/", {"membership": lyra})["Location"] == "/portal/acme/"
    assert titles(client.get("/portal/acme/sites/")) == ["Lyra Basel"]
    assert client.post("/", {"membership": orion})["Location"] == "/portal/acme/"
    assert titles(client.get("/portal/acme/sites/")) == ["Orion Graz"]
    assert client.get(f"/portal/acme/sites/{world.lyra_site.pk}/").status_code == 404
    assert client.post("/", {"membership": rival})["Location"] == "/portal/rival/"
    assert titles(client.get("/portal/rival/sites/")) == ["Rival's Basel"]


@pytest.mark.parametrize("wish", ["", "x", "999999999", "0"])
def test_a_membership_of_somebody_else_never_was(world, client, wish):
    sign_in(client, world.paul)
    assert client.post("/", {"membership": wish}).status_code == 404
    assert client.post("/", {"membership": world.olga.membership}).status_code == 404


def test_a_person_whom_one_sponsor_lets_in_goes_there(world, client):
    anonymous = client.get("/")
    assert anonymous["Location"] == "/accounts/login/?next=/"
    sign_in(client, world.petra)
    assert client.get("/")["Location"] == "/portal/rival/"


def test_the_inbox_keeps_each_sponsor_apart(world, client, busy_paul):
    sign_in(client, busy_paul)
    text = words(client.get("/portal/"))
    for sponsor in ("Acme Therapeutics", "Rival Bio"):
        assert sponsor in text
    assert "canary" not in text


def test_the_inbox_of_a_sponsors_own_staff_says_that_it_is_not_for_them(world, client):
    sign_in(client, world.nina)
    text = words(client.get("/portal/"))
    assert "You serve no sponsor as a partner" in text
    assert "Lyra" not in text
