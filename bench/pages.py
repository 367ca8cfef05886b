"""How many statements a list page sends to the server: what the scope adds, and whether rows add any (P7)."""

from collections.abc import Callable, Iterator
from contextvars import copy_context
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test.utils import override_settings

from oversight.kernel.access.scope import SETTINGS, Actor, Told, current_actor, remember

from .report import Row
from .visits import client_of, statements
from .world import World

GOAL_ADDED = 2
SCOPE = "oversight.kernel.access.middleware.ScopeMiddleware"


def figures(world: World) -> Iterator[Row]:
    """What the scope adds to a request, and what rows add to a list page."""
    scoped, unscoped = with_and_without_scope(world.few[50])
    added = [said.partition("FROM ")[2].partition("(")[0] for said in scoped if "access." in said]
    beside = f"{len(scoped)} with, {len(unscoped)} without, both with BEGIN and COMMIT; added: {', '.join(added)}"
    name = "statements that the scope adds to a list page in a transaction of its own"
    yield Row("P7.scope", name, len(scoped) - len(unscoped), "", GOAL_ADDED, beside)
    counts = {rows: len(listing(actor)) for rows, actor in world.few.items()}
    spread = max(counts.values()) - min(counts.values())
    said = ", ".join(f"{count} at {rows:,}" for rows, count in counts.items())
    yield Row("P7.sites.rows", "statements that rows add to a list page", spread, "", 0, said)


def with_and_without_scope(actor: Actor) -> tuple[list[str], list[str]]:
    """The statements of one page behind the kernel's middleware, and behind a mere transaction."""
    return listing(actor), copy_context().run(_without_scope, actor)


def _without_scope(actor: Actor) -> list[str]:
    remember(Told(actor))
    with connection.cursor() as cursor:  # for the whole session: the policies still want to know for whom
        for name, value in zip(SETTINGS, Told(actor).settings(), strict=True):
            cursor.execute("SELECT set_config(%s, %s, false)", [f"app.{name}", value])
    bare = [f"{__name__}.{Unscoped.__name__}" if name == SCOPE else name for name in settings.MIDDLEWARE]
    try:
        with override_settings(MIDDLEWARE=bare):
            return listing(actor)
    finally:
        connection.close()  # and with it what the session was told


class Unscoped:
    """In the place of the middleware: knows the actor already; a transaction, as any page has that may write."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = current_actor()
        with transaction.atomic():
            return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: list[Any], kwargs: dict[str, Any]
    ) -> None:
        """Views take no sponsor."""
        kwargs.pop("sponsor", None)


def listing(actor: Actor) -> list[str]:
    """What one request for the list of sites sends to the server, transactions included, once caches are warm."""
    client, address = client_of(actor), f"/{actor.sponsor}/sites/"
    client.get(address)  # the session notes when it began
    return statements(lambda: client.get(address))
