"""The numbers beside the navigation: what waits for the actor, what of each kind is open. One statement for all."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection

from oversight.kernel.access.scope import Actor

from .queue import Whose, own_side, queue, waiting_kinds

MOST = 99  # counted no further: the badge says 99+
SOON = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Counts:
    """What waits for the actor, whether any of it runs out within a day, and how many records of a kind are open."""

    waiting: int = 0
    urgent: bool = False
    open: dict[str, int] = field(default_factory=dict)  # by the slug of the kind


def in_words(count: int) -> str:
    """A number as its badge shows it."""
    return f"{MOST}+" if count > MOST else str(count)


def frame_counts(actor: Actor, *, now: datetime) -> Counts:
    """Everything that the navigation counts. A partner's own work is that of its site."""
    whose = Whose.EVERYONE if actor.is_partner else Whose.MINE
    clocks = queue(actor, side=own_side(actor), whose=whose).order_by("due_at").values("due_at")[: MOST + 1]
    branches = [_branch("", clocks, "min(due_at)")]
    for kind, _ in waiting_kinds(actor):
        states = [state for state in kind.workflow.states if state not in kind.workflow.final]
        rows = kind.model.objects.visible_to(actor).filter(status__in=states).order_by().values("pk")[: MOST + 1]
        branches.append(_branch(kind.slug, rows, "NULL::timestamptz"))
    asked = [branch for branch in branches if branch]
    if not asked:
        return Counts()
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(sql for sql, _ in asked), [value for _, values in asked for value in values])
        found = {place: (count, first) for place, count, first in cursor.fetchall()}
    waiting, first = found.pop("", (0, None))
    return Counts(
        waiting, first is not None and first < now + SOON, {slug: count for slug, (count, _) in found.items()}
    )


def _branch(place: str, rows: Any, first: str) -> tuple[str, list[Any]] | None:
    """One row of the answer; None where it is plain that nothing is there."""
    try:
        sql, values = rows.query.sql_with_params()
    except EmptyResultSet:
        return None
    return f"SELECT %s::text, count(*), {first} FROM ({sql}) w", [place, *values]
