"""What people do with forms that they do not finish."""

import json
from typing import Any

from django.db import connection
from django.test import Client

from oversight.kernel.access.scope import Actor, scope
from oversight.kernel.records.models import Draft


def keep(client: Client, of: str, **typed: str) -> dict[str, Any]:
    """What an autosave of the form at `of` is answered."""
    base = of[: of.index("/", len("/portal/")) + 1] if of.startswith("/portal/") else of[: of.index("/", 1) + 1]
    answer = client.post(f"{base}drafts/", typed | {"draft_of": of}, headers={"Accept": "application/json"})
    return {"status": answer.status_code} | (json.loads(answer.content) if answer.content else {})


def let_the_session_run_out(client: Client) -> None:
    """Nobody did anything for more than fifteen minutes."""
    session = client.session
    session["seen_at"] -= 16 * 60
    session.save()


def kept(actor: Actor) -> list[tuple[str, dict[str, str]]]:
    """The drafts of a membership, as its own transaction reads them."""
    with scope(actor), connection.cursor() as cursor:
        cursor.execute("SET LOCAL app.member = %s", [str(actor.membership)])
        return [(draft.path, draft.values) for draft in Draft.objects.all().order_by("id")]
