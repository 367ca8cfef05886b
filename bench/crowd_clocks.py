"""The clocks of the crowd: one that runs for each deviation that waits for somebody, due when its list says so."""

from typing import Any

from django.db.backends.utils import CursorWrapper

from oversight.kernel.clocks.models import Clock
from quality.services.rules import ACCEPTANCE, CLOSURE, INVESTIGATION, REVIEW

# By the state that a deviation is in: what is asked for, by which clock, of whom.
_ASKED = {"REPORTED": ACCEPTANCE, "INVESTIGATION": INVESTIGATION, "ANSWERED": REVIEW, "ACCEPTED": CLOSURE}
_CLOCK = {
    "tenant_id": "%(tenant)s",
    "version": "1",
    "kind": "'quality_deviation'",
    "record_id": "d.id",
    "cdmo_id": "d.cdmo_id",
    "name": "r.name",
    "label": "r.label",
    "side": "r.side",
    "limit": "r.days",
    "unit": "r.unit",
    "cites": "''",
    "escalates_to": "''",
    "zone": "'Europe/Zurich'",
    "working_week": "ARRAY[0, 1, 2, 3, 4]",
    "closures": "'{}'",
    "status": "'RUNNING'",
    "started_at": "d.due_at - interval '30 days'",
    "due_at": "d.due_at",
    "pauses": "'{}'",
}
_RULE = ("states", "names", "labels", "sides", "limits", "units")


def write_clocks(cursor: CursorWrapper, values: dict[str, Any]) -> None:
    """For each deviation of the sponsor that has a due time."""
    rules = [
        (state, rule.name, rule.label, str(rule.side), rule.limit, str(rule.unit)) for state, rule in _ASKED.items()
    ]
    of_rules = dict(zip(_RULE, ([*column] for column in zip(*rules, strict=True)), strict=True))
    assert {field.column for field in Clock._meta.concrete_fields if not field.null} - {"id"} <= _CLOCK.keys()
    columns = ", ".join(f'"{column}"' for column in _CLOCK)
    cursor.execute(
        f"INSERT INTO clocks_clock ({columns}) SELECT {', '.join(_CLOCK.values())} FROM quality_deviation d"
        " JOIN (SELECT * FROM unnest(%(states)s, %(names)s, %(labels)s, %(sides)s, %(limits)s, %(units)s)"
        " r (state, name, label, side, days, unit)) r ON r.state = d.status"
        " WHERE d.tenant_id = %(tenant)s AND d.due_at IS NOT NULL ORDER BY d.id",
        values | of_rules,
    )
