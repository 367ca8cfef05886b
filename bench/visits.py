"""Requests, as a browser or a program with an API key sends them, through the whole of Django."""

import io
from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from wsgiref.util import setup_testing_defaults

from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from oversight.kernel.access.models import User
from oversight.kernel.access.scope import Actor
from oversight.kernel.api.keys import make_key

from .members import system_of

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
OF_A_TRANSACTION = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE SAVEPOINT")

Visit = Callable[[str], bytes]
Act = Callable[[], Any]  # sends a request, answers the response


def client_of(actor: Actor) -> Client:
    """A browser in which the person has signed in."""
    client = Client(SERVER_NAME="localhost")
    client.force_login(User.objects.get(pk=actor.user), backend=BACKEND)
    return client


def visitor(actor: Actor) -> Visit:
    """What fetches a page behind the actor's door, as a web server asks for it; the path begins behind the sponsor."""
    cookie = client_of(actor).cookies.output(attrs=(), header="", sep=";").strip()
    visit = asking(f"/portal/{actor.sponsor}/" if actor.is_partner else f"/{actor.sponsor}/", HTTP_COOKIE=cookie)
    visit("deviations/")  # the session notes when it began, templates are compiled
    return visit


def caller(actor: Actor) -> Visit:
    """What asks the API with a key of the actor's membership."""
    return asking(f"/api/v1/{actor.sponsor}/", HTTP_AUTHORIZATION=bearer_of(actor))


def bearer_of(actor: Actor) -> str:
    """What a program sends as Authorization: a new key of the actor's own membership."""
    key = make_key(actor.membership or 0, by=system_of(actor), name="Bench", writes=True, days=1, reason="To measure")
    return f"Bearer {key}"


def asking(door: str, **headers: str) -> Visit:
    """What sends a GET to the application as it is set up now; it must be granted."""
    application = get_wsgi_application()

    def visit(path: str) -> bytes:
        said: list[str] = []
        where, _, query = path.partition("?")
        environ: dict[str, Any] = {"PATH_INFO": door + where, "QUERY_STRING": query, "SERVER_NAME": "localhost"}
        environ |= {"REMOTE_ADDR": "127.0.0.1", "wsgi.input": io.BytesIO(), "HTTP_HOST": "localhost"} | headers
        setup_testing_defaults(environ)
        answer = application(environ, lambda status, *rest: said.append(status))  # type: ignore[arg-type]
        body = b"".join(answer)
        answer.close()
        assert said == [f"{HTTPStatus.OK.value} OK"], (said, path)
        return body

    return visit


def statements(act: Act) -> list[str]:
    """What one request sends to the server, transactions included; it must be granted."""
    with CaptureQueriesContext(connection) as captured:
        response = act()
    assert response.status_code < 400, (response.status_code, response.content[:500])
    return [str(query["sql"]) for query in captured.captured_queries]


def beyond_transactions(sent: list[str]) -> list[str]:
    """Without what begins and ends a transaction, which any request that may write has anyway."""
    return [sql for sql in sent if not sql.startswith(OF_A_TRANSACTION)]
