"""Takes a compared file in: every row with one version, in a number of statements that its size does not change."""

import json
from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.utils import timezone

from oversight.kernel.access.scope import Actor
from oversight.kernel.outbox import publish
from oversight.kernel.trail.change import change
from oversight.kernel.trail.keys import take_keys
from techtransfer.models import Closure, Dependency, Milestone, PlanImport
from techtransfer.services.milestone import remember_fact

from .comparing import Comparison
from .steps import HAPPENED, PLAN

IMPORTED, CLOSED = "programme.plan_imported", "closure.imported"
# What an import may change of a step that stands, and the type of each column.
_TYPES = {
    "title": "text", "stage": "text", "step": "text", "site_id": "bigint", "calendar": "text", "line": "text",
    "duration_days": "int", "optimistic_days": "int", "pessimistic_days": "int", "earliest_start": "date",
    "need_by": "date", "planned_start": "date", "planned_end": "date", "actual_start": "date", "actual_end": "date",
    "partner_end": "date", "confirmed_on": "date", "status": "text", "fact_kind": "text", "fact_id": "bigint",
    "fact_number": "text", "fact": "text",
}  # fmt: skip
_LINK_TYPES = {"lag_days": "int", "lag_unit": "text", "note": "text"}


def take_turns(by: Actor) -> None:
    """Sites are shared by programmes, whose locks do not keep them: imports with closures wait for each other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"closures {by.tenant}"])


def write(found: Comparison, staged: PlanImport, *, by: Actor, reason: str) -> None:
    """Write all of it, or nothing where anything fails; then the dates are computed anew, once."""
    with change(by=by, reason=f"Imported from {staged.file_name}: {reason}"):
        steps = _new_steps(found)
        _update(Milestone, _TYPES, [each.step for each in found.steps.changed], by)
        _new_links(found, steps, by)
        _update(Dependency, _LINK_TYPES, [each.link for each in found.links.changed], by)
        closures = _new_closures(found)
        publish(
            IMPORTED, record=staged.programme, by=by, file=staged.pk, new=len(found.steps.new),
            changed=len(found.steps.changed),
        )  # fmt: skip
        # Other programmes work at these sites, too: one event a site leads to them all.
        for closure in {each.site_id: each for each in closures}.values():
            publish(CLOSED, record=closure, by=by)


def _new_steps(found: Comparison) -> dict[str, int]:
    """Put the new steps on file; answers the keys of all that there are then, by id."""
    steps = [step for _, step in found.steps.new]
    if steps:
        numbers = Milestone.NUMBERS.next_many(len(steps), timezone.now().date())
        for step, number in zip(steps, numbers, strict=True):
            step.number = number
        for step, key in zip(steps, take_keys(Milestone, len(steps)), strict=True):
            step.pk = key
            if step.fact:  # what it says of itself names it, and it has a name only now
                remember_fact(step, step.fact)
        Milestone.objects.bulk_create(steps)
    return {name: step.pk for name, step in found.steps.by_id.items()}


def _new_links(found: Comparison, keys: dict[str, int], by: Actor) -> None:
    rows = found.links.new
    if not rows:
        return
    programme = _programme(found)
    numbers = Dependency.NUMBERS.next_many(len(rows), timezone.now().date())
    Dependency.objects.bulk_create(
        Dependency(
            tenant_id=by.tenant, programme_id=programme, number=number, status=Dependency.Status.ACTIVE,
            predecessor_id=keys[row.before], successor_id=keys[row.after], link=row.link, lag_days=row.lag_days,
            lag_unit=row.lag_unit, note=row.note or "",
        )
        for row, number in zip(rows, numbers, strict=True)
    )  # fmt: skip


def _new_closures(found: Comparison) -> list[Closure]:
    if not found.closures:
        return []
    numbers = Closure.NUMBERS.next_many(len(found.closures), timezone.now().date())
    for closure, number in zip(found.closures, numbers, strict=True):
        closure.number = number
    Closure.objects.bulk_create(found.closures)
    return found.closures


def _programme(found: Comparison) -> int:
    return next(step.programme_id for step in found.steps.by_id.values())


def _update(
    model: type[Milestone] | type[Dependency], types: dict[str, str], records: Iterable[Any], by: Actor
) -> None:
    """All that changed in one statement; of each row the database writes one version."""
    rows = [{"id": record.pk} | {name: getattr(record, name) for name in types} for record in records]
    if not rows:
        return
    columns = ", ".join(f'"{name}" = v."{name}"' for name in types)
    shape = ", ".join(f'"{name}" {kind}' for name, kind in types.items())
    sql = (
        f'UPDATE "{model._meta.db_table}" t SET {columns} FROM jsonb_to_recordset(%s::jsonb) v (id bigint, {shape}) '
        "WHERE t.id = v.id AND t.tenant_id = %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [json.dumps(rows, default=str), by.tenant])


assert {*PLAN, *HAPPENED} - {"site"} <= _TYPES.keys()  # noqa: S101  # what is compared is written
