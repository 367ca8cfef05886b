"""The running system: the web at a port, a relay and a worker in processes of their own, a broker, the database."""

import re
import secrets
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from oversight.kernel.access.scope import Actor
from oversight.runtime.valkey import Valkey
from tests.api.calling import key_of
from tests.cast import PASSWORD, World
from tests.faults.conftest import House

SECONDS = 5.0  # within which what happened at one site is known at the study


class Running:
    """Where people and programs knock, and what stands behind."""

    def __init__(self, house: House, url: str) -> None:
        self.house, self.url, self.world = house, url, house.world

    def begin(self) -> None:
        """From now on what happens is delivered; both are up when this returns."""
        self.house.bear("plain")
        self.house.bear("relay")
        self.house.happen({})
        self.rest()

    def person(self, actor: Actor) -> "Person":
        return Person(self.url, actor)

    def program(self, actor: Actor) -> "Program":
        return Program(self.url, actor)

    def rest(self) -> None:
        """Wait until nothing is left to deliver."""
        until = time.monotonic() + 60
        while self.house.waiting():
            assert time.monotonic() < until, self.house.words()
            time.sleep(0.05)


class Person:
    """Somebody before a browser without script: pages, forms and a session."""

    def __init__(self, url: str, actor: Actor) -> None:
        self.url, self.session = url, requests.Session()
        email = f"{actor.name.split()[0].lower()}@example.com"
        self.send("/accounts/login/", login=email, password=PASSWORD)

    def page(self, path: str) -> str:
        answer = self.session.get(self.url + path, timeout=20)
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.text

    def send(self, path: str, **typed: Any) -> requests.Response:
        """Open the page, fill in its form as it stands, and send it."""
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', self.page(path)))
        answer = self.session.post(self.url + path, hidden | typed, timeout=20, allow_redirects=False)
        assert answer.status_code == 302, (path, answer.status_code, said(answer.text))
        return answer


class Program:
    """A program with a key."""

    def __init__(self, url: str, actor: Actor) -> None:
        self.base, self.session = f"{url}/api/v1/{actor.sponsor}/", requests.Session()
        self.session.headers["Authorization"] = f"Bearer {key_of(actor)}"

    def get(self, path: str) -> dict[str, Any]:
        answer = self.session.get(self.base + path, timeout=20)
        assert answer.status_code == 200, (path, answer.text)
        return dict(answer.json())

    def post(self, path: str, body: dict[str, Any], **headers: str) -> requests.Response:
        answer = self.session.post(self.base + path, json=body, headers=headers, timeout=20)
        assert answer.status_code in (200, 201), (path, answer.text)
        return answer

    def move(self, path: str, name: str, **body: Any) -> requests.Response:
        """Make a move with the record as it stands."""
        tag = self.session.get(self.base + path, timeout=20).headers["ETag"]
        return self.post(f"{path}transitions/{name}/", body, **{"If-Match": tag})


def within(seconds: float, happened: Callable[[], bool], what: str, *, since: float) -> None:
    """Ask until it has happened, and print how long it took `since` then."""
    while not happened():
        assert time.monotonic() - since < seconds, f"{what}: not within {seconds} s"
        time.sleep(0.05)
    print(f"\n{what}: {time.monotonic() - since:.2f} s")


def said(page: str) -> str:
    """The words of a page."""
    return " ".join(re.sub(r"<[^>]*>", " ", page.partition("<main")[2]).split())[:800]


@pytest.fixture
def running(lasting_world: World, live_server: Any, tmp_path: Path) -> Iterator[Running]:
    with Valkey(password=secrets.token_urlsafe(), log=tmp_path / "valkey.log") as valkey:
        house = House(lasting_world, valkey, tmp_path)
        try:
            yield Running(house, live_server.url)
        finally:
            house.end()
