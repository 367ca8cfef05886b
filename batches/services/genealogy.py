"""What a batch was made of and what it went into, over all levels in one question; nothing goes into itself."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import connection

from batches.models import Batch, GenealogyEdge
from oversight.kernel.access.scope import Actor

from . import amounts

ELSEWHERE = "a batch out of your sight"

# Walking by batch, each once: the same batch may be reached on many ways, and a loop ends.
_WALK = """
WITH RECURSIVE reached (batch) AS (
    VALUES (%s::bigint)
    UNION
    SELECT edge.{there} FROM reached
    JOIN batches_genealogyedge edge ON edge.tenant_id = %s AND edge.{here} = reached.batch AND edge.status = 'ACTIVE'
)
SELECT edge.id, edge.source_id, edge.made_into_id, edge.quantity, edge.unit FROM reached
JOIN batches_genealogyedge edge ON edge.tenant_id = %s AND edge.{here} = reached.batch AND edge.status = 'ACTIVE'
ORDER BY edge.id
"""
_ONWARD = _WALK.format(here="source_id", there="made_into_id")
_BACK = _WALK.format(here="made_into_id", there="source_id")


@dataclass(frozen=True, slots=True)
class Edge:
    """So much of one batch went into another."""

    id: int
    source: int
    made_into: int
    quantity: Decimal
    unit: str


def edges_onward(batch: int, actor: Actor) -> list[Edge]:
    """Every edge on the ways that lead on from the batch."""
    return _walk(_ONWARD, batch, actor)


def edges_back(batch: int, actor: Actor) -> list[Edge]:
    """Every edge on the ways that lead to the batch."""
    return _walk(_BACK, batch, actor)


def begun(record: GenealogyEdge, actor: Actor, reason: str) -> None:
    """Asked when the edge has its number: those who add one at once wait for each other there."""
    if loop := _loop(record, actor):
        named = " → ".join(_numbers(loop, actor))
        raise ValidationError({"made_into": f"This closes a loop: {named}."})
    _demand_possible(record)


def amended(record: GenealogyEdge, actor: Actor, columns: frozenset[str]) -> None:
    """Another quantity has to be there, too."""
    _demand_possible(record)


def _demand_possible(record: GenealogyEdge) -> None:
    problems = amounts.objection(record.source, record.quantity, record.unit, but=record)
    if record.used_on and record.source.made_on and record.used_on < record.source.made_on:
        problems["used_on"] = f"{record.source.number} was made later. Enter a day after it was made."
    if problems:
        raise ValidationError(problems)


def _loop(record: GenealogyEdge, actor: Actor) -> list[int]:
    """The shortest way from what the batch went into back to the batch itself, both ends its own; empty: none."""
    onward: dict[int, list[int]] = {}
    for edge in edges_onward(record.made_into_id, actor):
        onward.setdefault(edge.source, []).append(edge.made_into)
    came_from = {record.made_into_id: record.source_id}
    waiting = deque([record.made_into_id])
    while waiting:
        here = waiting.popleft()
        for there in onward.get(here, []):
            if there == record.source_id:
                return _way(came_from, here, record.source_id)
            if there not in came_from:
                came_from[there] = here
                waiting.append(there)
    return []


def _way(came_from: dict[int, int], last: int, first: int) -> list[int]:
    way = [first, last]
    while (last := came_from[last]) != first:
        way.append(last)
    return [first, *reversed(way[1:]), first]


def _numbers(batches: Iterable[int], actor: Actor) -> list[str]:
    way = list(batches)
    known = dict(Batch.objects.visible_to(actor).filter(pk__in=way).values_list("pk", "number"))
    return [known.get(pk, ELSEWHERE) for pk in way]


def _walk(statement: str, batch: int, actor: Actor) -> list[Edge]:
    if actor.is_partner:  # what leads from one partner to the next is the sponsor's own
        return []
    with connection.cursor() as cursor:
        cursor.execute(statement, [batch, actor.tenant, actor.tenant])
        return [Edge(*row) for row in cursor.fetchall()]
