"""Paul of Lyra reads what Acme shares with him: nothing of what Acme keeps to itself."""

from dataclasses import replace

import pytest

from cdmos.records import CDMO, SITE
from oversight.kernel.records.kind import Flags
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
    assert text.count("Acme Therapeutics Changed") == 1
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


def test_a_group_is_shown_only_if_every_field_of_it_is_shared(world):
    part = replace(CDMO, partner_sees=frozenset({"name", "drug_substance"}))
    (group,) = [item for item in CDMO.columns if isinstance(item, Flags)]
    assert part.narrow((group, "name", "notes"), world.paul) == ("name",)
    assert part.narrow((group,), world.nina) == (group,)


def test_nothing_is_offered_to_a_side_without_fields_whatever_its_role_carries(world):
    empty = replace(SITE, workflow=replace(SITE.workflow, opens=frozenset(), editable={}))
    for verb in ("create", "amend"):
        assert SITE.may_write(world.omar, verb) and empty.may(world.omar, verb)
        assert not empty.may_write(world.omar, verb)


def test_a_kind_that_is_not_shared_is_opened_to_no_partner_whatever_its_role_carries(world):
    kept = replace(CDMO, partner_sees=None)
    assert CDMO.may(world.paul, "view") and not kept.may(world.paul, "view")
    assert kept.may(world.nina, "view")
