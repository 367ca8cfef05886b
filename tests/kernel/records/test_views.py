"""Nina keeps the views that she uses every day; they are nobody else's."""

import pytest
from django.test import Client

from oversight.kernel.access.scope import scope
from oversight.kernel.records.models import SavedView
from tests.cast import raw, sign_in
from tests.kernel.records.filing import put_on_file
from tests.web.reading import link, titles, words

pytestmark = pytest.mark.django_db
SWISS = "sort=name&country=CH"


@pytest.fixture
def nina(world, client):
    sign_in(client, world.nina)
    return client


def keep(client, name: str, view: str = "country=CH", where: str = "/acme/cdmos/"):
    return client.post(f"{where}views/", {"name": name, "view": view})


def kept(actor) -> list[tuple[str, str]]:
    with scope(actor):
        mine = SavedView.objects.visible_to(actor).filter(membership_id=actor.membership)
        return list(mine.order_by("pk").values_list("name", "state"))


def key_of(actor) -> int:
    with scope(actor):
        return SavedView.objects.visible_to(actor).get(membership_id=actor.membership).pk


def test_a_view_is_kept_as_a_tab_and_leads_back_to_itself(world, nina):
    put_on_file(world.nina, name="Vega", country="DE")
    answer = keep(nina, "  Swiss   partners ", "q=&country=CH&page=7&nonsense=1&sort=name")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/acme/cdmos/?{SWISS}")
    assert kept(world.nina) == [("Swiss partners", SWISS)]
    everything = nina.get("/acme/cdmos/")
    assert link(everything, "Swiss partners") == f"/acme/cdmos/?{SWISS}"
    shown = nina.get(f"/acme/cdmos/?{SWISS}")
    assert titles(shown) == ["Lyra Biologics", "Orion Fill"]
    assert (
        '<a href="/acme/cdmos/?sort=name&amp;country=CH" aria-current="page">Swiss partners</a>'
        in shown.content.decode()
    )
    assert link(nina.get("/acme/sites/"), "Swiss partners") is None


def test_a_view_is_renamed_and_deleted(world, nina):
    keep(nina, "Swiss")
    pk = key_of(world.nina)
    assert nina.post(f"/acme/cdmos/views/{pk}/", {"name": "Schweiz"}).status_code == 302
    assert kept(world.nina) == [("Schweiz", SWISS)]
    assert nina.post(f"/acme/cdmos/views/{pk}/", {"do": "delete"}).headers["Location"] == "/acme/cdmos/"
    assert kept(world.nina) == []


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "Give the view a name."),
        (" \t ", "Give the view a name."),
        ("Swiss", "You have a view of this name. Choose another name, or delete that view first."),
    ],
)
def test_a_view_that_cannot_be_kept_says_why(world, nina, name, sentence):
    keep(nina, "Swiss")
    answer = keep(nina, name)
    assert answer.status_code == 422
    assert sentence in words(answer)
    assert kept(world.nina) == [("Swiss", SWISS)]


def test_twenty_views_of_a_list_are_enough(world, nina):
    for number in range(20):
        assert keep(nina, f"View {number}").status_code == 302
    refused = keep(nina, "One more")
    assert refused.status_code == 422
    assert "You keep 20 views of this list. Delete one first." in words(refused)
    assert keep(nina, "Of another list", "country=CH", "/acme/sites/").status_code == 302


def test_a_view_is_its_owners_alone(world, nina):
    keep(nina, "Nina's own")
    pk = key_of(world.nina)
    for other in (world.omar, world.adam):
        client = Client()
        sign_in(client, other)
        assert link(client.get("/acme/cdmos/"), "Nina's own") is None
        assert client.post(f"/acme/cdmos/views/{pk}/", {"do": "delete"}).status_code == 404
    assert kept(world.nina) == [("Nina's own", SWISS)]


def test_a_partner_keeps_its_own_views_behind_its_own_wall(world, client):
    sign_in(client, world.paul)
    assert keep(client, "Basel", "country=CH", "/portal/acme/sites/").status_code == 302
    assert kept(world.paul) == [("Basel", SWISS)]
    for other in (world.olga, world.riva):
        with scope(other):
            assert raw("SELECT count(*) FROM records_savedview") == [(0,)]


def test_a_narrowed_consultant_keeps_views_too(world, client):
    sign_in(client, world.connie)
    assert keep(client, "Mine").status_code == 302
    assert kept(world.connie) == [("Mine", SWISS)]


def test_what_a_partner_may_not_filter_by_is_not_kept(world, client):
    sign_in(client, world.paul)
    answer = keep(client, "Preferred", "outsourcing_model=PREFERRED&country=CH", "/portal/acme/cdmos/")
    assert answer.headers["Location"] == f"/portal/acme/cdmos/?{SWISS}"
