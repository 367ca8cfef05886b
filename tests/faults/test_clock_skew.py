"""A process whose clock is wrong by hours serves nobody, says so, and spoils nothing; another serves on meanwhile."""

import json
import re
import secrets
from datetime import datetime

import pytest
import requests
from django.db import connection

from cdmos.models import CDMO
from oversight.kernel.access.scope import scope
from oversight.runtime.processes import free_port, wait_until
from tests.api.calling import NEW_CDMO, key_of
from tests.cast import PASSWORD, raw

from .conftest import House
from .skew import FILE
from .whole import assert_whole

HOURS = 3 * 60 * 60
BORNE = 20  # seconds


class Server:
    """One web process as people and programs reach it."""

    def __init__(self, house: House, life: str, key: str) -> None:
        self.url, self.key = f"http://127.0.0.1:{(port := free_port())}", key
        house.bear(life, str(port))
        assert wait_until(self._listens, seconds=60), house.words()

    def _listens(self) -> bool:
        try:
            return self.health().status_code in (200, 503)
        except requests.RequestException:
            return False

    def health(self) -> requests.Response:
        return requests.get(f"{self.url}/healthz", timeout=10)

    def write(self) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.key}", "Idempotency-Key": secrets.token_hex(8)}
        body = NEW_CDMO | {"name": f"Maker {secrets.token_hex(4)}"}
        return requests.post(f"{self.url}/api/v1/acme/cdmos/", json=body, headers=headers, timeout=20)


def sign_in(server: Server) -> requests.Session:
    """Nina, as a browser does it; servers share their sessions."""
    browser = requests.Session()
    page = browser.get(f"{server.url}/accounts/login/", timeout=20).text
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    form = {"csrfmiddlewaretoken": token[1], "login": "nina@example.com", "password": PASSWORD}
    assert browser.post(f"{server.url}/accounts/login/", data=form, timeout=20).status_code == 200
    return browser


def look(browser: requests.Session, server: Server) -> int:
    return browser.get(f"{server.url}/acme/cdmos/", timeout=20, allow_redirects=False).status_code


def moment() -> datetime:
    """What the database's clock shows."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


@pytest.fixture
def by_the_clock(house: House):
    """Set how far the skewed processes are from the truth."""

    def set_by(seconds: float) -> None:
        (house.place / FILE).write_text(str(seconds))

    return set_by


@pytest.mark.requirement("P11-10e-time")
def test_who_is_wrong_by_hours_serves_nobody_and_spoils_nothing(house: House, by_the_clock) -> None:
    key, began = key_of(house.world.nina), moment()
    right, wrong = Server(house, "web", key), Server(house, "skewed_web", key)
    browser = sign_in(right)
    assert (look(browser, wrong), wrong.health().json()["clock"]) == (200, "ok")
    written = [wrong.write()]
    for seconds, said in ((HOURS, f"{HOURS} s ahead of the database's"), (-HOURS, f"{HOURS} s behind the database's")):
        by_the_clock(seconds)
        health = wrong.health()
        assert (health.status_code, health.json()["status"], health.json()["clock"]) == (503, "unavailable", said)
        refused = wrong.write()
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "60")
        assert json.loads(refused.text) == {
            "detail": "The clock of this server is wrong. Nothing was changed; try again in a moment."
        }
        page = browser.get(f"{wrong.url}/acme/cdmos/", timeout=20)
        assert page.status_code == 503 and "Nobody can work here for the moment" in page.text
        assert requests.get(f"{wrong.url}/accounts/login/", timeout=20).status_code == 503, "nobody signs in there"
        assert look(browser, right) == 200, "and no session was ended"
        written.append(right.write())
    by_the_clock(BORNE)
    written.append(wrong.write())
    by_the_clock(0)
    assert look(browser, wrong) == 200
    written.append(wrong.write())
    assert [each.status_code for each in written] == [201] * 5
    ended = moment()
    with scope(house.world.nina):
        known = list(CDMO.objects.filter(name__startswith="Maker ").order_by("pk").values_list("pk", flat=True))
        assert known == [each.json()["id"] for each in written], "what was acknowledged, and no more"
        dates = raw("SELECT history_date FROM cdmos_historicalcdmo WHERE id = ANY(%s) ORDER BY history_id", known)
        told = [date for (date,) in dates]
    assert told == sorted(told) and began < told[0] and told[-1] < ended, "the trail's times are the database's"
    house.bear("relay")
    house.worker = house.bear("worker")
    house.settle(seconds=60)
    assert_whole(house.world, [CDMO(tenant=house.world.acme, pk=pk) for pk in known])


def test_a_worker_that_is_wrong_by_hours_does_nothing_until_it_is_right(house: House, by_the_clock) -> None:
    by_the_clock(-HOURS)
    house.bear("relay")
    house.worker = house.bear("skewed_worker")
    events = house.happen(*[{}] * 3)
    assert wait_until(lambda: "WrongTime" in house.words(), seconds=60), house.words()
    assert house.waiting() == 3
    by_the_clock(0)
    house.settle(seconds=60)
    house.assert_one_effect_each(events)
    assert_whole(house.world)
