"""Text search of a list: numbers by their beginning in all records, any other text in the newest."""

from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

from oversight.kernel.access.scope import Actor
from oversight.kernel.workflow.models import Case

from .kind import RecordKind

LONGEST = 200
SEARCHED = 10_000  # records through which text is looked for
LAST = "\U0010ffff"


def read_search(text: str) -> str:
    """What was typed into a search box, as far as it is looked for."""
    return text.replace("\0", "").strip()[:LONGEST]


def matching(kind: RecordKind, actor: Actor, rows: "QuerySet[Case]", search: str) -> "QuerySet[Case]":
    """Those of `rows` in which the actor may read `search`.

    No index helps to find a text within another under row-level security, since LIKE is not held to be leakproof. So a
    list that the filters leave long is not searched to its end, and says so (`reaches_all`).
    """
    if not search:
        return rows
    numbers = numbered(kind, actor, search)
    if not (names := kind.search_for(actor)):
        return rows.filter(numbers) if numbers else rows.none()
    newest = rows.order_by("-number").values("pk")[:SEARCHED]
    within = reduce(or_, (Q(**{f"{name}__icontains": search}) for name in names))
    found = kind.model.objects.visible_to(actor).filter(pk__in=newest).filter(within).order_by().values("pk")
    return rows.filter(pk__in=found.union(rows.filter(numbers).order_by().values("pk")) if numbers else found)


def numbered(kind: RecordKind, actor: Actor, search: str) -> Q | None:
    """That the record's number begins with `search`: a range, which the index answers. None: the actor reads none."""
    start = search.upper()
    return Q(number__gte=start, number__lt=start + LAST) if kind.shows("number", actor) else None


def reaches_all(rows: "QuerySet[Case]") -> bool:
    """Whether a text search of `rows` looks through all of them."""
    return not rows.order_by("-number").values("pk")[SEARCHED : SEARCHED + 1].exists()
