"""The search page at either door, and the part of it that the palette shows."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from quality.models import Deviation
from tests.cast import World, sign_in
from tests.factories.deviation import report
from tests.kernel.records.filing import put_many_on_file
from tests.web.reading import link, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def excursion(world: World) -> Deviation:
    return report(world.paul, world.lyra_site, title="Drift <b> of a balance", partner_number="LB-1187")


def test_a_number_leads_straight_to_its_record(world: World, client, excursion: Deviation) -> None:
    sign_in(client, world.nina)
    for typed in ("DEV-26-0001", "dev 26 0001", "lb 1187"):
        answer = client.get("/acme/search/", {"q": typed})
        assert (answer.status_code, answer.headers["Location"]) == (303, f"/acme/deviations/{excursion.pk}/")
        assert "HX-Request" in answer.headers["Vary"]
    stayed = client.get("/acme/search/", {"q": "lb 1187", "stay": "1"})
    assert stayed.status_code == 200
    assert "1 record for “lb 1187”" in words(stayed)


def test_the_page_groups_by_kind_and_leads_to_records_and_lists(world: World, client, excursion: Deviation) -> None:
    sign_in(client, world.nina)
    page = client.get("/acme/search/?q=lyra")
    assert "2 records for “lyra”" in words(page)
    assert link(page, "Lyra Biologics") == f"/acme/cdmos/{world.lyra.pk}/"
    assert link(page, "Lyra Basel") == f"/acme/sites/{world.lyra_site.pk}/"
    assert 'href="/acme/sites/?q=lyra"' in page.content.decode()
    assert "<mark>Drift</mark> &lt;b&gt; of a balance" in client.get("/acme/search/?q=drift").content.decode()


def test_a_partner_searches_at_its_own_door(world: World, client, excursion: Deviation) -> None:
    sign_in(client, world.paul)
    page = client.get("/portal/acme/search/?q=drift")
    assert link(page, "Drift <b> of a balance") == f"/portal/acme/deviations/{excursion.pk}/"
    assert "/acme/deviations/" not in page.content.decode().replace("/portal/acme/deviations/", "")
    assert client.get("/acme/search/?q=drift").status_code == 404


def test_the_palette_gets_its_part_and_is_never_led_away(world: World, client, excursion: Deviation) -> None:
    sign_in(client, world.nina)
    part = client.get("/acme/search/", {"q": "lb1187"}, headers={"HX-Request": "true"})
    assert part.status_code == 200
    assert "<html" not in part.content.decode()
    assert f'<a href="/acme/deviations/{excursion.pk}/">' in part.content.decode()
    assert set(part.headers["Vary"].split(", ")) == {"HX-Request", "Cookie"}
    assert part.headers["Cache-Control"] == "private, no-store"
    nothing = client.get("/acme/search/", {"q": "nothing like it"}, headers={"HX-Request": "true"})
    assert "Nothing on record begins with these words." in words(nothing)
    assert client.get("/acme/search/", {"q": " "}, headers={"HX-Request": "true"}).content.decode().strip() == ""


def test_nothing_typed_and_nothing_found_are_different_sentences(world: World, client) -> None:
    sign_in(client, world.vera)
    assert "Type a number or some words" in words(client.get("/acme/search/"))
    assert "Nothing found for “zebra & co”" in words(client.get("/acme/search/", {"q": "zebra & co"}))
    assert client.post("/acme/search/").status_code == 405


@pytest.mark.requirement("ASVS-5.3.4")
@pytest.mark.parametrize("typed", ["%00", "%ED%A0%80", "%F0", "'", "a'b", "%5C", "\N{GRINNING FACE}", "x" * 6_000])
def test_no_question_breaks_the_page(world: World, client, typed: str) -> None:
    sign_in(client, world.nina)
    assert client.get(f"/acme/search/?q={typed}").status_code == 200
    assert client.get(f"/acme/search/?q={typed}", headers={"HX-Request": "true"}).status_code == 200


def test_a_search_sends_as_many_statements_however_much_there_is(world: World, client) -> None:
    sign_in(client, world.nina)

    def sent() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/acme/search/?q=partner").status_code == 200
        asked = ("SELECT place, place_id", 'SELECT "cdmos_cdmo"')  # beside what every page asks
        return sum(query["sql"].startswith(asked) for query in queries)

    put_many_on_file(world.nina, ["Partner 1"])
    sent()
    few = sent()
    put_many_on_file(world.nina, [f"Partner {number}" for number in range(2, 60)])
    assert sent() == few
    assert few == 2  # the keys, and the records of the one kind that has any
    page = client.get("/acme/search/?q=partner")
    assert "20 of more records" in words(page)


def test_every_page_opens_the_search(world: World, client) -> None:
    sign_in(client, world.nina)
    page = client.get("/acme/cdmos/")
    assert link(page, "Search or jump to Ctrl K") == "/acme/search/"
    assert page.content.decode().count('id="palette"') == 1
    assert 'id="palette"' not in client.get("/?choose=1").content.decode()
