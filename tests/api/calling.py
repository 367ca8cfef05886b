"""Calling the API as a program does: a key, JSON, and nothing of the browser's."""

import json
from typing import Any

from django.http import HttpResponse
from django.test import Client

from oversight.kernel.access.scope import Actor
from oversight.kernel.api.keys import make_key

NEVER = 999_999_999
NEW_CDMO = {"name": "Vega Sterile", "country": "DE", "outsourcing_model": "TACTICAL", "drug_product": True}


def key_of(actor: Actor, *, writes: bool = True, days: int = 30) -> str:
    """A key for the actor's own membership, as an operator makes it."""
    system = Actor(tenant=actor.tenant, name="Oversight")
    return make_key(actor.membership, by=system, name="Story", writes=writes, days=days, reason="For a story")


class Caller:
    """One program with one key at one sponsor."""

    def __init__(self, actor: Actor, *, writes: bool = True, key: str | None = None) -> None:
        self.sponsor, self.client = actor.sponsor, Client(raise_request_exception=False)
        self.key = key_of(actor, writes=writes) if key is None else key

    def get(self, path: str, **headers: str) -> HttpResponse:
        return self.ask("GET", path, None, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> HttpResponse:
        return self.ask("POST", path, {} if body is None else body, **headers)

    def patch(self, path: str, body: Any, **headers: str) -> HttpResponse:
        return self.ask("PATCH", path, body, **headers)

    def move(self, path: str, name: str, body: Any = None, **headers: str) -> HttpResponse:
        """Make a move with the record as it stands."""
        return self.post(f"{path}transitions/{name}/", body, **{"If_Match": self.tag(path)} | headers)

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> HttpResponse:
        """`path` below the sponsor, or a whole one; names of headers with underscores."""
        address = path if path.startswith(("/", "http")) else f"/api/v1/{self.sponsor}/{path}"
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        given = {"Authorization": f"Bearer {self.key}"} | given
        data = body if isinstance(body, str | bytes) else json.dumps(body) if body is not None else ""
        kind = given.pop("Content-Type", "application/json")
        return self.client.generic(method, address, data, content_type=kind, headers=given)

    def tag(self, path: str) -> str:
        """The ETag of the record as it stands."""
        return str(self.get(path)["ETag"])
