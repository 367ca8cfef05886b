"""Each sponsor sees its own people only, and is not told what somebody is elsewhere."""

import re
from datetime import UTC, datetime
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from oversight.kernel.access.models import Membership, User
from oversight.kernel.access.scope import scope
from oversight.kernel.api.models import ApiKey
from oversight.kernel.outbox.models import Webhook
from oversight.kernel.outbox.webhooks import create_webhook
from oversight.kernel.trail.change import change
from oversight.roles import Role
from tests.api.calling import key_of
from tests.cast import World, join, person, sign_in, system

PEOPLE = "/acme/settings/people/"


def rivals_admin(world: World):
    with change(by=system(world.rival), reason="Founded"):
        return join(world.rival, person("Rory Vane"), Role.ADMIN, world.rival.name)


@pytest.mark.django_db
def test_the_administrator_of_another_sponsor_sees_nothing_of_it(world, client):
    rory = rivals_admin(world)
    hook, _ = create_webhook(by=world.adam, url="https://acme.example/hook", events=["*"])
    key_of(world.nina)
    with scope(world.adam):
        key = ApiKey.objects.visible_to(world.adam).get().pk
    sign_in(client, rory)
    ours = "Acme|Nina|Omar|Vera|Adam|Connie|Paul|Vito|Olga|Lyra Biologics AG.*Keller|acme.example"
    for page in ("people/", "keys/", "webhooks/", "policy/", "access-review/"):
        assert not re.search(ours, client.get(f"/rival/settings/{page}").content.decode()), page
        assert client.get(f"/acme/settings/{page}").status_code == 404
    never = client.get("/rival/settings/people/999999999/").content
    vera = world.vera.membership
    for page in ("", "change/", "end/"):
        assert client.get(f"/rival/settings/people/{vera}/{page}").status_code == 404
        assert client.get(f"/rival/settings/people/{vera}/{page}").content == never
    for page in (f"keys/{key}/revoke/", f"webhooks/{hook.pk}/secret/", f"webhooks/{hook.pk}/switch/"):
        response = client.post(f"/rival/settings/{page}", {"reason": "Mischief", "active": "no", "version": 1})
        assert (response.status_code, response.content) == (404, never)
    for page in (
        f"people/{vera}/change/",
        f"people/{vera}/end/",
        f"people/{vera}/invite/",
        f"webhooks/{hook.pk}/retry/",
    ):
        response = client.post(f"/rival/settings/{page}", {"reason": "Mischief", "version": 1, "role": "viewer"})
        assert response.status_code == 404
    with scope(world.adam):
        assert Membership.objects.get(pk=vera).version == 1
        assert ApiKey.objects.get(pk=key).revoked_at is None
        assert Webhook.objects.get(pk=hook.pk).version == 1


@pytest.mark.django_db
def test_a_partner_reads_its_own_people_at_this_sponsor_and_no_more(world, client):
    with change(by=system(world.rival), reason="Joined"):
        join(world.rival, person("Pia Rust"), Role.CDMO_QA, "Lyra Biologics AG", world.foreign)
    sign_in(client, world.paul)
    page = client.get("/portal/acme/people/").content.decode()
    assert "Paul Keller" in page and "Vito Lang" in page and "2 memberships" in page
    assert not re.search("Olga|Nina|Adam|Petra|Pia|Second factor|settings/people", page)
    assert client.get("/acme/settings/people/").status_code == 404


def joined(client: Client, email: str, name: str) -> tuple[str, str, str]:
    """What an administrator is shown of somebody who was just added: the answer, the page, the list, the review."""
    said = {
        "email": email,
        "name": name,
        "role": "viewer",
        "valid_from": "2026-02-01",
        "sight": "EVERY",
        "reason": "New",
    }
    response = client.post(f"{PEOPLE}add/", said)
    assert response.status_code == 302
    page = client.get(response["Location"]).content.decode()
    listed = client.get(f"{PEOPLE}?q={email}").content.decode()
    return tuple(_without_chance(text, email, response["Location"]) for text in (page, listed))


def _without_chance(text: str, email: str, location: str) -> str:
    """Without what differs between any two people, and any two pages."""
    pk = location.rstrip("/").rpartition("/")[2]
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)
    text = re.sub(r"\d\d:\d\d:\d\d", "", text)
    return text.replace(email, "E-MAIL").replace(quote(email), "E-MAIL").replace(f"/people/{pk}/", "/people/PK/")


@pytest.mark.django_db(transaction=True)
def test_nothing_tells_that_an_address_is_known_to_another_sponsor(lasting_world, client):
    """Riva has an account, a name and sign-ins at Rival; Ria has none anywhere. Both are called by the address."""
    world = lasting_world
    User.objects.filter(pk=world.riva.user).update(last_login=datetime(2026, 3, 1, tzinfo=UTC))
    sign_in(client, world.adam)
    known, fresh = joined(client, "riva@example.com", "Ruth Made-up"), joined(client, "ria@example.com", "Ria Novel")
    assert known == fresh
    assert "Stone" not in "".join(known) and "E-MAIL" in known[0]
    assert "Stone" not in client.get(f"{PEOPLE}?q=Stone").content.decode().replace('value="Stone"', "")
    review = client.post("/acme/settings/access-review/export/", {"format": "CSV"}).content.decode()
    assert "Stone" not in review
    riva = Client()
    sign_in(riva, world.riva)
    assert "Riva Stone" in client.get(PEOPLE).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("page, most", [("people/", 6), ("access-review/", 8), ("keys/", 4), ("policy/", 4)])
def test_a_page_costs_the_same_however_many_people_there_are(world, client, page, most):
    sign_in(client, world.adam)
    path = f"/acme/settings/{page}"
    key_of(world.vera)
    client.get(path)
    before = statements(client, path)
    with change(by=system(world.acme), reason="Grown"):
        grown = [join(world.acme, person(f"Guest{n} Long"), Role.VIEWER, "Acme") for n in range(40)]
    for each in grown[:10]:
        key_of(each)
    after = statements(client, path)
    assert len(after) == len(before), "\n".join(after)
    assert len(after) <= most, "\n".join(after)


def statements(client: Client, path: str) -> list[str]:
    """Those of the page itself: beyond the session, the person, the door and the frame around every page."""
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    frame = ("'kind:deviations'", "notifications_notice")
    doors = ("django_session", '"access_user"."id" = ', "access.enter", "SET LOCAL app.", "SAVEPOINT", "RELEASE")
    return [sql for query in queries if not any(door in (sql := query["sql"]) for door in (*doors, *frame))]


@pytest.mark.django_db
def test_the_list_turns_its_pages_filters_and_sorts(world, client):
    with change(by=system(world.acme), reason="Grown"):
        for n in range(30):
            join(world.acme, person(f"Guest{n:02} Long"), Role.VIEWER, f"Guests {n % 2}")
    sign_in(client, world.adam)
    seen, path = [], PEOPLE
    while path:
        page = client.get(path).content.decode()
        seen += re.findall(r'class="cell-main" href="[^"]+">([^<]+)<', page)
        following = re.search(r'rel="next" href="([^"]+)"', page)
        path = PEOPLE + following[1].replace("&amp;", "&") if following else ""
    guests = [f"Guest{n:02} Long" for n in range(30)]
    assert seen == ["Adam Novak", "Connie Marsh", *guests, "Nina Berg", "Olga Wirth", "Omar Haddad", "Paul Keller",
                    "Vera Lindt", "Vito Lang"]  # fmt: skip

    def found(query: str) -> list[str]:
        return re.findall(r'class="cell-main" href="[^"]+">([^<]+)<', client.get(f"{PEOPLE}?{query}").content.decode())

    assert found("side=partners") == ["Olga Wirth", "Paul Keller", "Vito Lang"]
    assert found("role=viewer&q=lindt") == ["Vera Lindt"]
    assert found("q=marsh+consulting") == ["Connie Marsh"]
    assert found("sort=-name&side=partners") == ["Vito Lang", "Paul Keller", "Olga Wirth"]
    assert found("sort=until&role=admin") == ["Adam Novak"]
    assert found("state=ENDED") == found("side=programs") == []
    for broken in ("after=%00", "after=W10", "after=eyJ9", "before=WyJhIiwtMV0", "sort=salary", "state=%FF", "q=%00"):
        assert client.get(f"{PEOPLE}?{broken}").status_code == 200
    back = client.get(f"{PEOPLE}?{re.search(r'after=[^&]+', following_of(client))[0]}").content.decode()
    assert 'rel="prev"' in back


def following_of(client: Client) -> str:
    page = client.get(PEOPLE).content.decode()
    return re.search(r'rel="next" href="([^"]+)"', page)[1].replace("&amp;", "&")
