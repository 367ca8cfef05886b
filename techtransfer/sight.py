"""Records that a row names by table and key, such as what holds a step: their numbers, as far as they are in sight."""

from collections.abc import Iterable
from dataclasses import dataclass

from oversight.kernel.access.scope import Actor
from oversight.kernel.records.addresses import address
from oversight.kernel.records.kind import RecordKind
from oversight.kernel.search.sources import kinds_found

from .models import Programme

Ref = tuple[str, int]  # a table and a key
UNTOLD = "There is no forecast. Ask somebody who sees every step to look at the plan."


@dataclass(frozen=True, slots=True)
class Named:
    """One record in the actor's sight."""

    kind: RecordKind
    id: int
    number: str
    href: str  # its page, at the actor's own door


def problem_of(programme: Programme, by: Actor) -> str:
    """Why there is no forecast; it names steps, so that who sees some CDMOs alone is told only that there is none."""
    return programme.forecast_problem if by.cdmos is None or not programme.forecast_problem else UNTOLD


def named(refs: Iterable[Ref], by: Actor) -> dict[Ref, Named]:
    """Those of the records that the actor may see: one statement for each table."""
    wanted: dict[str, set[int]] = {}
    for table, key in refs:
        if key:
            wanted.setdefault(table, set()).add(key)
    kinds, found = kinds_found(), dict[Ref, Named]()
    for table, keys in wanted.items():
        kind = kinds.get(table)
        if kind is None or not kind.may(by, "view"):
            continue
        rows = kind.model.objects.visible_to(by).filter(pk__in=keys).order_by()
        for pk, number in rows.values_list("pk", "number"):
            found[table, pk] = Named(kind, pk, number, address(kind, "detail", by, pk))
    return found
