"""Paul of Lyra reads what Acme shares with him: nothing of what Acme keeps to itself."""

import pytest

from tests.cast import sign_in
from tests.kernel.records.filing import change_it
from tests.web.reading import differences, link, titles, words

pytestmark = pytest.mark.django_db

CANARIES = (b"notes canary", b"CANARY", b"Preferred", b"Strategic", b"outsourcing", b"Outsourcing")


@pytest.fixture
def paul(world, client):
    sign_in(client, world.paul)
    return client


@pytest.fixture
def story(world):
    """Acme's people change what Paul may see and what he may not, each time for a reason that is theirs."""
    pk = world.lyra.pk
    change_it(world.nina, pk, "CANARY reason one", notes="CANARY we plan to leave them")
    change_it(world.nina, pk, "CANARY reason two", country="DE", notes="CANARY found a flat")
    change_it(world.omar, pk, "CANARY reason three", outsourcing_model="STRATEGIC")
    return pk


@pytest.mark.parametrize(
    "path",
    ["/portal/", "/portal/acme/", "/portal/acme/cdmos/", "/portal/acme/cdmos/{}/", "/portal/acme/cdmos/{}/history/"],
)
def test_no_page_shows_a_field_that_is_not_shared(world, paul, story, path):
    answer = paul.get(path.format(story))
    assert answer.status_code == 200
    assert b"Lyra Biologics" in answer.content
    assert [canary for canary in CANARIES if canary in answer.content] == []
    assert [name for name in (b"Nina", b"Omar") if name in answer.content] == []


def test_the_history_skips_versions_without_a_shared_change(world, paul, story):
    page = paul.get(f"/portal/acme/cdmos/{story}/history/")
    assert differences(page) == [
        [("Country", "Switzerland", "Germany")],
        [("Name", "", "Lyra Biologics"), ("Country", "", "Switzerland"), ("Drug substance", "", "Yes")],
    ]
    text = words(page)
    assert "Acme Therapeutics Changed" in text
    assert "version" not in text.split("Versions")[-1].split("Not sealed")[0]


@pytest.mark.parametrize("query", ["?q=CANARY", "?outsourcing_model=STRATEGIC", "?sort=model", "?q=leave+them"])
def test_hidden_fields_cannot_be_asked_for(world, paul, story, query):
    page = paul.get("/portal/acme/cdmos/" + query)
    assert titles(page) == ([] if "q=" in query else ["Lyra Biologics"])
    assert titles(paul.get("/portal/acme/cdmos/?outsourcing_model=TACTICAL")) == ["Lyra Biologics"]


def test_a_partner_meets_one_cdmo_and_its_sites_only(world, paul):
    assert titles(paul.get("/portal/acme/cdmos/")) == ["Lyra Biologics"]
    assert titles(paul.get("/portal/acme/sites/")) == ["Lyra Basel"]
    home = paul.get("/portal/acme/")
    assert "You act for Lyra Biologics AG in the workspace of Acme Therapeutics" in words(home)
    own = paul.get(link(home, "Our record"))
    assert link(own, "Lyra Basel") == f"/portal/acme/sites/{world.lyra_site.pk}/"


def test_the_portal_is_read_only(world, paul):
    for path in ("cdmos/new/", f"cdmos/{world.lyra.pk}/amend/", "sites/new/"):
        assert paul.get(f"/portal/acme/{path}").status_code == 404
    assert link(paul.get("/portal/acme/"), "Amend") is None
    assert link(paul.get("/portal/acme/"), "Add site") is None
    assert paul.post(f"/portal/acme/cdmos/{world.lyra.pk}/").status_code == 405
