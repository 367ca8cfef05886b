"""Text search of a list: numbers by their beginning in all records, any other text in the newest."""

from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from oversight.kernel.access.scope import Actor
from oversight.kernel.workflow.models import Case

from .kind import RecordKind

LONGEST = 200
MOST_WORDS = 12
SEARCHED = 10_000  # records through which text is looked for
LAST = "\U0010ffff"


def read_search(text: str) -> str:
    """What was typed into a search box, as far as it is looked for."""
    return text.replace("\0", "").strip()[:LONGEST]


def matching(kind: RecordKind, actor: Actor, rows: "QuerySet[Case]", search: str) -> "QuerySet[Case]":
    """Those of `rows` in which the actor may read every word of `search`, in whichever field.

    No index helps to find a text within another under row-level security, since LIKE is not held to be leakproof. So a
    list that the filters leave long is not searched to its end, and says so (`reaches_all`).
    """
    if not search:
        return rows
    numbers = numbered(kind, actor, search)
    if not (names := kind.search_for(actor)):
        return rows.filter(numbers) if numbers else rows.none()
    try:
        sql, values = rows.order_by("-number").values("pk", *names)[:SEARCHED].query.sql_with_params()
        # The newest are picked first: the planner would rather look through all, if it could turn the two about.
        words = search.split()[:MOST_WORDS]
        within = "(" + " OR ".join(f'w."{name}"::text ILIKE %s' for name in names) + ")"
        found = f"SELECT w.pk FROM ({sql}) w WHERE {' AND '.join([within] * len(words))}"
        given = [*values, *(like(word) for word in words for _ in names)]
        if numbers:
            sql, values = rows.filter(numbers).order_by().values("pk").query.sql_with_params()
            found, given = f"{found} UNION {sql}", [*given, *values]
    except EmptyResultSet:
        return rows.none()
    return rows.filter(pk__in=RawSQL(found, given))  # noqa: S611  of names of fields; what was typed is in `given`


def like(text: str) -> str:
    """The pattern of LIKE for any text that contains `text`, whose every character stands for itself."""
    return "%" + text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"


def numbered(kind: RecordKind, actor: Actor, search: str) -> Q | None:
    """That the record's number begins with `search`: a range, which the index answers. None: the actor reads none."""
    start = search.upper()
    return Q(number__gte=start, number__lt=start + LAST) if kind.shows("number", actor) else None


def count_found(rows: "QuerySet[Case]", found: "QuerySet[Case]", *, most: int) -> tuple[int, bool]:
    """How many of `rows` were found, counted up to `most`, and whether all were looked through: in one statement."""
    try:
        few, values = found.order_by().values("pk")[:most].query.sql_with_params()
    except EmptyResultSet:
        return 0, reaches_all(rows)
    beyond, given = _beyond(rows).query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT (SELECT count(*) FROM ({few}) f), NOT EXISTS ({beyond})",
            [*values, *given],
        )
        number, reached = cursor.fetchone()
        return number, reached


def reaches_all(rows: "QuerySet[Case]") -> bool:
    """Whether a text search of `rows` looks through all of them."""
    return not _beyond(rows).exists()


def _beyond(rows: "QuerySet[Case]") -> "QuerySet[Any, Any]":
    return rows.order_by("-number").values("pk")[SEARCHED : SEARCHED + 1]
