"""Nina keeps the views that she uses every day; they are nobody else's, until she shares one with her own side."""

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


@pytest.mark.requirement("ASVS-11.1.3")
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


def visit_as(actor, where: str = "/acme/cdmos/") -> tuple[Client, object]:
    client = Client()
    sign_in(client, actor)
    return client, client.get(where)


def tab_of(page, name: str) -> str | None:
    """Where the tab of that name leads, whoever shares it."""
    found = [line for line in page.content.decode().split("<a ") if f"{name}<span" in line or f"{name}</a>" in line]
    return found[0].split('"')[1].replace("&amp;", "&") if found else None


def test_a_shared_view_stands_above_the_list_of_the_own_side_with_who_shares_it(world, nina):
    answer = nina.post("/acme/cdmos/views/", {"name": "Swiss", "view": "country=CH", "shared": "yes"}, follow=True)
    assert "“Swiss” is kept above the list, for everybody at Acme Therapeutics." in words(answer)
    for other in (world.omar, world.vera, world.adam):
        _, page = visit_as(other)
        assert tab_of(page, "Swiss") == f"/acme/cdmos/?{SWISS}"
        assert "Swiss , shared by Nina Berg" in words(page)
    assert "Swiss , shared by you" in words(nina.get("/acme/cdmos/"))
    assert "Shared by Nina Berg" in words(visit_as(world.omar, f"/acme/cdmos/?{SWISS}")[1])


def test_neither_partner_nor_rival_nor_a_narrowed_consultant_reads_what_staff_share(world, nina):
    nina.post("/acme/cdmos/views/", {"name": "Orion is in trouble", "view": "country=CH", "shared": "yes"})
    for actor, where in (
        (world.paul, "/portal/acme/cdmos/"),
        (world.olga, "/portal/acme/cdmos/"),
        (world.riva, "/rival/cdmos/"),
        (world.connie, "/acme/cdmos/"),
    ):
        assert "in trouble" not in words(visit_as(actor, where)[1])
        with scope(actor):
            assert raw("SELECT count(*) FROM records_savedview") == [(0,)]


def test_what_a_narrowed_consultant_shares_is_not_for_her_partner(world, client):
    sign_in(client, world.connie)
    client.post("/acme/cdmos/views/", {"name": "Lyra audit", "view": "country=CH", "shared": "yes"})
    assert "Lyra audit , shared by Connie Marsh" in words(visit_as(world.nina)[1])
    with scope(world.paul):
        assert raw("SELECT count(*) FROM records_savedview") == [(0,)]
    assert "Lyra audit" not in words(visit_as(world.paul, "/portal/acme/cdmos/")[1])


def test_a_partner_shares_with_its_own_people_at_this_sponsor(world, client):
    sign_in(client, world.paul)
    where = "/portal/acme/sites/"
    answer = client.post(f"{where}views/", {"name": "Basel", "view": "country=CH", "shared": "yes"}, follow=True)
    assert "for everybody at Lyra Biologics AG." in words(answer)
    assert "Basel , shared by Paul Keller" in words(visit_as(world.vito, where)[1])
    for actor, place in (
        (world.olga, where),
        (world.nina, "/acme/sites/"),
        (world.petra, "/portal/rival/sites/"),
    ):
        assert "shared by" not in words(visit_as(actor, place)[1])


def test_a_shared_view_is_changed_by_its_owner_alone(world, nina):
    nina.post("/acme/cdmos/views/", {"name": "Swiss", "view": "country=CH", "shared": "yes"})
    pk = key_of(world.nina)
    omar, _ = visit_as(world.omar)
    for done in ({"do": "delete"}, {"do": "unshare"}, {"do": "share"}, {"name": "Omar's"}):
        assert omar.post(f"/acme/cdmos/views/{pk}/", done).status_code == 404
    assert "Change this view" not in words(omar.get(f"/acme/cdmos/?{SWISS}"))
    answer = nina.post(f"/acme/cdmos/views/{pk}/", {"do": "unshare"}, follow=True)
    assert "“Swiss” stands above the list for you alone." in words(answer)
    assert tab_of(omar.get("/acme/cdmos/"), "Swiss") is None
    nina.post(f"/acme/cdmos/views/{pk}/", {"do": "share"})
    assert tab_of(omar.get("/acme/cdmos/"), "Swiss") == f"/acme/cdmos/?{SWISS}"
    assert keep(omar, "Swiss").status_code == 302, "a copy of his own, under the same name"
    assert nina.post(f"/acme/cdmos/views/{pk}/", {"do": "delete"}).status_code == 302
    assert kept(world.omar) == [("Swiss", SWISS)]


def test_a_shared_view_widens_nothing(world, nina):
    """Its filter by a CDMO that Connie does not see is none for her; the records stay those that she sees."""
    state = f"sort=name&cdmo={world.orion.pk}"
    nina.post("/acme/sites/views/", {"name": "Graz", "view": state, "shared": "yes"})
    _, page = visit_as(world.connie, f"/acme/sites/?{state}")
    assert titles(page) == ["Lyra Basel"]
    assert titles(visit_as(world.omar, f"/acme/sites/?{state}")[1]) == ["Orion Graz"]


def test_the_views_of_others_do_not_fill_ones_own_row(world, nina):
    for number in range(20):
        nina.post("/acme/cdmos/views/", {"name": f"View {number}", "view": "country=CH", "shared": "yes"})
    omar, page = visit_as(world.omar, "/acme/cdmos/?country=CH")
    assert page.content.decode().count("shared by Nina Berg") == 20
    assert keep(omar, "Omar's own").status_code == 302
