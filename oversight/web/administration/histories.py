"""What became of a row of the settings: each version, from what to what, by whom, when and why."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from django.db.models import F, Window
from django.db.models.functions import RowNumber

from oversight.kernel.access.models import Grant, Membership
from oversight.kernel.access.scope import Actor
from oversight.kernel.records.history import ACTIONS, Difference, Entry, entry_from
from oversight.kernel.records.words import in_words

MOST = 100
FIELDS = {
    "role": "Role",
    "org": "Organisation",
    "narrowed": "Sees only some CDMOs",
    "valid_from": "First day",
    "valid_until": "Last day",
}


def member_history(membership: Membership, actor: Actor, cdmos: dict[int, str]) -> tuple[Entry, ...]:
    """The newest entries; CDMOs that were opened or closed stand with the version that they were changed with."""
    entries = list(versions_told(Membership, actor, FIELDS, id=membership.pk))
    if membership.cdmo_id is not None:
        return tuple(entries)
    places: dict[tuple[int, str], int] = {}
    for place, entry in enumerate(entries):
        places.setdefault((entry.txid, entry.reason), place)
    beside: dict[tuple[int, str], list[Any]] = {}
    for row in _rows(Grant, actor, user_id=membership.user_id):
        beside.setdefault((row.history_txid, row.history_change_reason), []).append(row)
    for key, rows in beside.items():
        opened = tuple(_opened(row, cdmos) for row in rows)
        if (place := places.get(key)) is not None:
            entries[place] = replace(entries[place], differences=(*entries[place].differences, *opened))
        else:
            entries.append(_entry(rows[0], opened, look=ACTIONS["~"]))
    return tuple(sorted(entries, key=lambda entry: entry.at, reverse=True))


def versions_told(model: Any, actor: Actor, fields: dict[str, str], **key: Any) -> Iterable[Entry]:
    """The newest versions of one row, newest first; `fields` are those that are told, with what they are called."""
    rows = _rows(model, actor, **key)
    for row, earlier in zip(rows, [*rows[1:], None], strict=True):
        whole = len(rows) <= MOST or earlier is not None
        if whole:
            look = ACTIONS["+" if earlier is None else row.history_type]
            yield _entry(row, _changes(model, fields, row, earlier), look=look)


def newest_versions(model: Any, actor: Actor) -> dict[int, Any]:
    """The last version of each row of the sponsor, by its key: one statement."""
    rank = Window(RowNumber(), partition_by=F("id"), order_by=F("history_id").desc())
    rows = model.history.filter(tenant_id=actor.tenant).annotate(rank=rank).filter(rank=1)
    return {row.id: row for row in rows}


def _rows(model: Any, actor: Actor, **key: Any) -> Sequence[Any]:
    rows = model.history.filter(tenant_id=actor.tenant, **key).order_by("-history_id")
    return list(rows[: MOST + 1])


def _changes(model: Any, fields: dict[str, str], row: Any, earlier: Any) -> tuple[Difference, ...]:
    found = []
    for name, label in fields.items():
        field = model._meta.get_field(name)
        new = in_words(field, getattr(row, name))
        old = in_words(field, getattr(earlier, name)) if earlier is not None else ""
        if new != old and (earlier is not None or new not in ("", "No")):
            found.append(Difference(name, label, old, new, first=earlier is None))
    return tuple(found)


def _opened(row: Any, cdmos: dict[int, str]) -> Difference:
    name = cdmos.get(int(row.object_pk), "a CDMO that is out of sight")
    if row.history_type == "-":
        return Difference("cdmo", "CDMO closed", name, "", first=False)
    return Difference("cdmo", "CDMO opened", "", name, first=True)


def _entry(row: Any, differences: tuple[Difference, ...], *, look: tuple[str, str, str]) -> Entry:
    version = getattr(row, "version", None)
    return entry_from(row, look=look, version=version, reason=row.history_change_reason, differences=differences)
