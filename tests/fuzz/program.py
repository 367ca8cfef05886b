"""One program with one key that sends generated requests, aimed so that most of them get past the first check."""

import random
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from schemathesis import Case
from schemathesis.core.failures import FailureGroup
from schemathesis.core.parameters import ParameterLocation
from schemathesis.core.transport import Response
from schemathesis.specs.openapi.checks import ignored_auth
from werkzeug.test import Client

from oversight.kernel.access.scope import Actor, scope
from oversight.kernel.api.parameters import filters_of
from oversight.web.catalogue import KINDS
from tests.cast import PASSWORD

from .ground import Ground

KIND = re.compile(r"^/api/v1/\{sponsor\}/(?P<slug>[a-z-]+)/(?:\{id\}/(?:transitions/(?P<move>[a-z0-9-]+)/)?)?")
BY_SLUG = {kind.slug: kind for kind in KINDS}


@contextmanager
def one_connection() -> Iterator[WSGIHandler]:
    """The application of this process, which keeps its connection from one request to the next."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        yield WSGIHandler()
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


@dataclass
class Program:
    """Sends requests as one actor and keeps what came of them."""

    name: str
    actor: Actor
    key: str
    app: WSGIHandler
    grounds: dict[str, Ground]
    chance: random.Random = field(default_factory=lambda: random.Random(20260314))  # noqa: S311
    statuses: Counter[int] = field(default_factory=Counter)
    by_operation: dict[str, Counter[int]] = field(default_factory=dict)
    replays: int = 0
    enforced: set[str] = field(default_factory=set)  # operations that were seen to refuse a request without a key
    failures: dict[tuple[str, str], str] = field(default_factory=dict)

    @property
    def bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}"}

    def send(self, case: Case) -> None:
        """One request and its checks; what does not conform is kept, once for each operation and kind of failure."""
        self._aim(case)
        response = case.call(headers=self.bearer)
        self._check(case, response)
        if "Idempotency-Key" in case.headers and response.status_code < 300 and case.method != "GET":
            self._again(case, response)

    def _check(self, case: Case, response: Response) -> None:
        self.statuses[response.status_code] += 1
        self.by_operation.setdefault(case.operation.label, Counter())[response.status_code] += 1
        try:
            seen = [ignored_auth] if case.operation.label in self.enforced else []
            case.validate_response(response, headers=self.bearer, excluded_checks=seen)
            if response.status_code < 300:
                self.enforced.add(case.operation.label)
        except FailureGroup as group:
            for failure in group.exceptions:
                said = f"{self.name}: {failure}\n{case.as_curl_command()}\n{response.status_code} {response.text[:600]}"
                self.failures.setdefault((case.operation.label, type(failure).__name__), said)

    def _again(self, case: Case, first: Response) -> None:
        """Who asks the same twice is answered twice."""
        second = case.call(headers=self.bearer)
        assert (second.status_code, second.content) == (first.status_code, first.content), case.as_curl_command()
        assert second.headers["idempotency-replayed"] == ["true"]
        self.replays += 1

    def _aim(self, case: Case) -> None:
        meta, found = case.meta, KIND.match(case.path)
        if meta is None or found is None:
            return
        kind, move = BY_SLUG[found["slug"]], found["move"]
        good = {place for place in ParameterLocation if not meta.is_negative_at(place)}
        # What is wrong with the path hides whatever else is wrong.
        if ParameterLocation.PATH in good or (len(good) < len(ParameterLocation) - 1 and self.chance.random() < 0.8):
            self._aim_path(case, kind, move)
        if ParameterLocation.HEADER in good and "If-Match" in case.headers and self.chance.random() < 0.85:
            case.headers["If-Match"] = self._tag(case) or case.headers["If-Match"]
        if ParameterLocation.QUERY in good:
            unfit = {"cursor"} | (filters_of(kind).keys() - filters_of(kind, partner=self.actor.is_partner).keys())
            if self._sort_of(case) not in {"id", *(order.name for order in kind.orders_for(self.actor))}:
                unfit |= {"sort"}
            case.query = {name: value for name, value in case.query.items() if name not in unfit}
        if ParameterLocation.BODY in good and isinstance(case.body, dict):
            self._aim_body(case, kind)

    def _sort_of(self, case: Case) -> str:
        return str(case.query.get("sort", "")).removeprefix("-")

    def _aim_path(self, case: Case, kind: Any, move: str | None) -> None:
        case.path_parameters["sponsor"] = self.actor.sponsor
        if "id" not in case.path_parameters:
            return
        luck = self.chance.random()
        if luck < 0.05:
            case.path_parameters["id"] = self.grounds[kind.slug].foreign
        elif luck < 0.95:
            with scope(self.actor):
                rows = kind.model.objects.visible_to(self.actor)
                wanted = kind.workflow.transition(move).sources if move else ()
                fit = (
                    list(rows.filter(status__in=wanted).values_list("pk", flat=True)) if luck < 0.75 and wanted else []
                )
                pks = fit or list(rows.values_list("pk", flat=True))
            if pks:  # of what no partner sees there is none to aim at
                case.path_parameters["id"] = self.chance.choice(sorted(pks))

    def _tag(self, case: Case) -> str:
        kind, _, _ = case.path.removeprefix("/api/v1/{sponsor}/").partition("/")
        where = f"/api/v1/{case.path_parameters.get('sponsor')}/{kind}/{case.path_parameters.get('id')}/"
        return str(Client(self.app).get(where, headers=self.bearer).headers.get("ETag", ""))

    def _aim_body(self, case: Case, kind: Any) -> None:
        """Take most values from a body that the house would take; a whole body every other time."""
        if "application/json" not in case.operation.definition.raw["requestBody"]["content"]:
            return  # a file
        good, body = self.grounds[kind.slug].body, dict(case.body)
        whole = self.chance.random() < 0.5
        if whole:
            names = self._names(case)
            # Each state amends other fields: one or two have the best chance.
            body |= dict.fromkeys(self.chance.sample(names, min(2, len(names))) if case.method == "PATCH" else names)
        for name in body:
            if name in good and (whole or self.chance.random() < 0.6):
                body[name] = good[name]
        if "password" in body and (whole or self.chance.random() < 0.9):
            body["password"] = PASSWORD
        if "reason" in body and (whole or self.chance.random() < 0.6):
            body["reason"] = "Found while looking"
        if "name" in body and whole:
            body["name"] = f"Place {self.chance.randrange(10**9)}"
        case.body = {name: value for name, value in body.items() if value is not None}

    def _names(self, case: Case) -> list[str]:
        """The fields of the operation's body, as the schema has them."""
        found = case.operation.definition.raw["requestBody"]["content"]["application/json"]["schema"]
        component = case.operation.schema.raw_schema["components"]["schemas"][found["$ref"].rsplit("/", 1)[1]]
        return sorted(component["properties"])
