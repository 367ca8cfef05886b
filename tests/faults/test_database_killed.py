"""The database is killed while programs write through HTTP: what was acknowledged is there, once, with its history.

`dev.py test --full` kills it twenty times.
"""

import secrets
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Event as Signal

import pytest
import requests
from django.db import connection

from cdmos.models import CDMO
from oversight.kernel.access.scope import scope
from oversight.kernel.database.roles import connection_as
from oversight.runtime.processes import free_port, wait_until
from tests.api.calling import NEW_CDMO, key_of
from tests.cast import World
from tests.full import ROUNDS

from .conftest import House
from .crashing import crash
from .whole import assert_whole

KILLS = max(3, ROUNDS // 10)
WRITERS = 4
PATIENCE = 60  # seconds for one write, whatever happens to the database


@dataclass
class Writer:
    """One program that puts companies on file and amends each, and knows what it was told."""

    url: str
    key: str
    number: int
    over: Signal
    told: dict[str, tuple[int, str]] = field(default_factory=dict)  # name → its record, and the notes that stand there
    tries: int = 0

    def write(self) -> None:
        """Until it is over; each write is tried again, with the same key of its own, until it is answered."""
        count = 0
        while not self.over.is_set():
            count += 1
            name, notes = f"Maker {self.number}-{count}", secrets.token_hex(4)
            made = self._send("POST", "cdmos/", NEW_CDMO | {"name": name}, 201)
            self.told[name] = made.json()["id"], ""
            where = f"cdmos/{made.json()['id']}/"
            body = {"notes": notes, "reason": "Their answer came"}
            self._send("PATCH", where, body, 200, **{"If-Match": made.headers["ETag"]})
            self.told[name] = made.json()["id"], notes

    def _send(self, method: str, path: str, body: dict[str, object], due: int, **more: str) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.key}", "Idempotency-Key": secrets.token_hex(8)} | more
        until, said = time.monotonic() + PATIENCE, ""
        while time.monotonic() < until:
            self.tries += 1
            try:
                answer = requests.request(method, f"{self.url}{path}", json=body, headers=headers, timeout=20)
            except requests.RequestException as error:
                said = repr(error)
            else:
                if answer.status_code == due:
                    return answer
                said = f"{answer.status_code} {answer.text[:300]}"
                assert answer.status_code >= 500 or answer.status_code == 409, said  # in flight, as it seems to be
            time.sleep(0.1)
        raise AssertionError(f"{method} {path}: {said}")


@pytest.fixture
def durable(lasting_world: World) -> Iterator[None]:
    """The cluster of the suite writes late; here a commit is written before it is acknowledged, as in a product."""
    _of_the_database("SET synchronous_commit = on")
    yield
    _of_the_database("RESET synchronous_commit")


def _of_the_database(setting: str) -> None:
    with connection_as("superuser") as superuser, superuser.cursor() as cursor:
        cursor.execute(f'ALTER DATABASE "{connection.settings_dict["NAME"]}" {setting}')
    connection.close()


def test_what_was_acknowledged_is_there_once_with_its_history(durable: None, house: House) -> None:
    url, over = f"http://127.0.0.1:{(port := free_port())}", Signal()
    house.bear("web", str(port))
    house.bear("relay")
    assert wait_until(lambda: _answers(url), seconds=60), house.words()
    writers = [Writer(f"{url}/api/v1/acme/", key_of(house.world.nina), n, over) for n in range(WRITERS)]
    with ThreadPoolExecutor(WRITERS) as pool:
        writing = [pool.submit(each.write) for each in writers]
        for _ in range(KILLS):
            before = _told(writers)
            assert wait_until(lambda before=before: _told(writers) >= before + 2 * WRITERS, seconds=PATIENCE), (
                house.words()
            )
            crash()
        over.set()
        for each in writing:
            each.result()
    told = {name: what for each in writers for name, what in each.told.items()}
    tries = sum(each.tries for each in writers)
    print(f"\n{KILLS} deaths of the database, {2 * len(told)} writes acknowledged, tried {tries} times")
    assert tries > 2 * len(told), "no death fell amid a write"
    with scope(house.world.nina):
        rows = CDMO.objects.filter(name__startswith="Maker ").values_list("name", "pk", "notes")
        assert {name: (pk, notes) for name, pk, notes in rows} == told
        assert len(rows) == len(told), "each once, however often it was sent"
    house.settle(seconds=120)
    assert_whole(house.world, [CDMO(tenant=house.world.acme, pk=pk) for pk, _ in told.values()])


def _told(writers: list[Writer]) -> int:
    return sum(len(each.told) for each in writers)


def _answers(url: str) -> bool:
    try:
        return requests.get(f"{url}/healthz", timeout=5).status_code in (200, 503)
    except requests.RequestException:
        return False
