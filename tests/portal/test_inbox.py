"""One inbox over all sponsors: everything is there, and nothing is mixed."""

import html
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from oversight.kernel.access.models import User
from oversight.kernel.trail.change import change
from oversight.roles import Role
from tests.cast import World, join, sign_in, system
from tests.factories.deviation import report
from tests.web.reading import fold, link, words

from .conftest import Both

pytestmark = pytest.mark.django_db
ROW = re.compile(r"<tr>\s*<td>.*?</tr>", re.S)


def rows(client: Client, path: str) -> list[str]:
    """The lines of the table in words, from top to bottom."""
    return [fold(row) for row in ROW.findall(client.get(path).content.decode())]


def test_the_inbox_shows_both_sponsors_each_on_its_rows(both: Both, paul: Client) -> None:
    lines = rows(paul, "/portal/")
    acmes = [line for line in lines if "Acme's event canary" in html.unescape(line)]
    rivals = [line for line in lines if "Rival's event canary" in html.unescape(line)]
    assert len(acmes) == len(rivals) == 3  # containment, investigation, and the task of the CDMO
    assert all("Acme Therapeutics" in line and "Rival Bio" not in line for line in acmes)
    assert all("Rival Bio" in line and "Acme Therapeutics" not in line for line in rivals)
    assert len(lines) == 6


def test_each_row_leads_into_the_portal_of_its_sponsor(both: Both, paul: Client) -> None:
    page = paul.get("/portal/").content.decode()
    for row in ROW.findall(page):
        sponsor = "acme" if "Acme Therapeutics" in row else "rival"
        hrefs = re.findall(r'href="([^#"][^"]*)"', row)
        assert hrefs and all(href.startswith(f"/portal/{sponsor}/") for href in hrefs), row


def test_acting_for_one_sponsor_never_shows_a_word_of_the_other(both: Both, paul: Client) -> None:
    paul.get("/portal/")
    canaries = {
        "acme": ("Rival&#x27;s event canary", "RI-1", "Rival Bio", "Lyra for Rival", "Rival&#x27;s Basel"),
        "rival": ("Acme&#x27;s event canary", "AC-1", "Acme Therapeutics", "Lyra Basel"),
    }
    pages = (
        *("", "?whose=mine", "our-performance/", "our-performance/?of=notices", "what-is-shared/", "drafts/"),
        *("deviations/", "deviations/?q=canary", "deviations/new/", "response-tasks/", "exports/", "audit-trail/"),
        *("cdmos/", "sites/", "contacts/", "notices/", "our-people/"),
    )
    for sponsor, forbidden in canaries.items():
        for page in pages:
            body = paul.get(f"/portal/{sponsor}/{page}", follow=True).content.decode()
            assert [word for word in forbidden if word in body] == [], (sponsor, page)


def test_who_belongs_to_two_cdmos_of_one_sponsor_says_which(both: Both, paul: Client) -> None:
    world = both.world
    user = both.at_acme.user
    with change(by=system(world.acme), reason="Helps out"):
        at_orion = join(world.acme, User.objects.get(pk=user), Role.CDMO_QA, "Orion Fill GmbH", world.orion)
    event = report(world.olga, world.orion_site, title="Orion's event")
    page = paul.get("/portal/").content.decode()
    assert html.unescape(page).count("Orion's event") == 3
    to = f"/portal/acme/deviations/{event.pk}/"
    assert f'href="{to}' not in page
    assert paul.get(to).status_code == 302  # to the choice
    answer = paul.post("/portal/", {"membership": str(at_orion.membership), "to": to})
    assert (answer.status_code, answer["Location"]) == (302, to)
    assert paul.get(to).status_code == 200
    assert "Orion Fill GmbH" in words(paul.get(to))
    assert paul.get(f"/portal/acme/deviations/{both.acmes.pk}/").status_code == 404


@pytest.mark.requirement("ASVS-5.1.5")
@pytest.mark.parametrize(
    "to", ["https://elsewhere.example/", "//elsewhere.example/portal/acme/", "/portal/rival/", "/"]
)
def test_the_inbox_leads_nowhere_else(both: Both, paul: Client, to: str) -> None:
    membership = str(both.at_acme.membership)
    assert paul.post("/portal/", {"membership": membership, "to": to}).status_code == 404
    assert paul.post("/portal/", {"membership": str(both.world.olga.membership)}).status_code == 404


def test_reporting_asks_first_for_whom(both: Both, paul: Client) -> None:
    page = paul.get("/portal/")
    assert "Something happened? First: whom does it concern?" in words(page)
    starts = re.findall(r'href="(/portal/\w+/deviations/new/\?event_type=\w+)"', page.content.decode())
    assert starts == [
        "/portal/acme/deviations/new/?event_type=CRITICAL_PROCESS_DEVIATION",
        "/portal/rival/deviations/new/?event_type=CRITICAL_PROCESS_DEVIATION",
    ]


def test_who_serves_one_sponsor_is_not_asked(world: World, client: Client) -> None:
    sign_in(client, world.olga)
    page = client.get("/portal/")
    assert "whom does it concern" not in words(page)
    assert page.content.decode().count("/portal/acme/deviations/new/?event_type=") == 5


def test_a_viewer_is_offered_nothing(world: World, client: Client) -> None:
    report(world.paul, world.lyra_site, title="Lyra's event")
    sign_in(client, world.vito)
    for path in ("/portal/", "/portal/acme/"):
        page = client.get(path)
        assert "Lyra's event" in words(page)
        assert "Something happened?" not in words(page)
        assert link(page, "Report an event") is None
        assert "/moves/" not in page.content.decode()
        assert "new/" not in page.content.decode()


def test_the_staff_of_a_sponsor_have_no_inbox_here(world: World, client: Client) -> None:
    sign_in(client, world.nina)
    assert "You serve no sponsor as a partner" in words(client.get("/portal/"))


def test_the_inbox_costs_the_same_however_much_waits(both: Both, paul: Client) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as told:
            assert paul.get("/portal/").status_code == 200
        return len([one for one in told if not one["sql"].startswith(("SAVEPOINT", "RELEASE"))])

    paul.get("/portal/")
    before = cost()
    for turn in range(12):
        report(both.at_acme, both.world.lyra_site, title=f"Turn {turn}")
    print(f"\ninbox over two sponsors: {before} statements")
    assert cost() == before
    assert before <= 20
