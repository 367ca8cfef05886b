"""Write down that something happened, in the transaction in which it did."""

import json
import re
from typing import TYPE_CHECKING

from django.db import connection

from oversight.kernel.access.scope import Actor, told

if TYPE_CHECKING:
    from oversight.kernel.trail.models import Record

Fact = int | bool | str | None

_NAME = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")
_WORD = re.compile(r"[\w.:+/-]{0,64}", re.ASCII)  # an id, a number, a state, a date: nothing that a person wrote


# Written past the ORM, which would take longer over it than the database does: every act pays this (P12).
_WRITE = """
INSERT INTO outbox_event (tenant_id, kind, record_id, cdmo_id, name, facts, user_id, user_name, role, org, source,
                          request, at, state, due_at, rings, tries, error)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, clock_timestamp(), 'WAITING', clock_timestamp(), 0, 0, '')
"""


class Unpublishable(ValueError):
    """An event was published outside a change, or with facts that are more than ids, states and dates."""


def publish(name: str, *, record: "Record", by: Actor, **facts: Fact) -> None:
    """Write the event `name` about `record` beside what the running change writes: both last, or neither.

    It is delivered after the commit, to every subscriber at least once and with one effect (delivery.py). Whoever
    receives it reads the record: the facts say what was moved, never what was written.
    """
    # Django imports this package before there are models.
    from oversight.kernel.trail.about import cdmo_of, key_of

    present = told()
    if present is None or not present.changing:
        raise Unpublishable("Publish inside `with change(by=…, reason=…)`.")
    if not _NAME.fullmatch(name):
        raise Unpublishable(f"{name!r} is no name of an event: write `kind.what_happened`.")
    for fact, value in facts.items():
        if not (value is None or isinstance(value, int) or (isinstance(value, str) and _WORD.fullmatch(value))):
            raise Unpublishable(f"{fact} of {name} is text or an object: events carry ids, states and dates.")
    # What a partner does to a record of the sponsor's own is the partner's event: it may not write another's.
    cdmo = cdmo_of(record)
    about = key_of(record)
    with connection.cursor() as cursor:
        cursor.execute(
            _WRITE,
            [
                *(record.tenant_id, about["kind"], about["record_id"], by.cdmo if cdmo is None else cdmo),
                *(name, json.dumps(facts), by.user, by.name, by.role, by.org, by.source, by.request),
            ],
        )
