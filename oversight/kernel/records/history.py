"""The history of one record, told version by version: from what, to what, by whom, when and why."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from oversight.kernel.access.models import User
from oversight.kernel.access.scope import Actor
from oversight.kernel.workflow.models import Case
from oversight.roles import PARTNER_SIDE, Role

from .kind import RecordKind
from .words import in_words

Names = dict[Any, dict[int, str]]  # model → key → the words for the record that a version names

PAGE = 20
BATCH = 100
ACTIONS = {
    "+": ("Created", "neutral", "open"),
    "~": ("Changed", "info", "progress"),
    "-": ("Removed", "danger", "void"),
}
SOURCES = {
    "browser": "In the workspace",
    "portal": "In the portal",
    "api": "By an integration",
    "import": "By an import",
    "task": "By the system",
    "demo": "Demo data",
    "migration": "By an upgrade",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of one version: what it was before and what it became, in words; empty is empty."""

    name: str
    label: str
    old: str
    new: str
    first: bool  # the version is the record's first: there was no before


@dataclass(frozen=True, slots=True)
class Entry:
    """One version as the reader may see it."""

    key: int
    version: int | None
    at: datetime
    local: str  # the time where the person was, empty when it is not told
    zone: str
    who: str
    role: str
    org: str
    action: str
    tone: str
    glyph: str
    source: str
    reason: str
    txid: int
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Chapter:
    """Some entries, newest first, and the key after which older ones begin."""

    entries: tuple[Entry, ...]
    older: int | None


def read_history(
    kind: RecordKind, record: Case, actor: Actor, *, before: int | None = None, most: int = PAGE
) -> Chapter:
    """The newest entries of `record`, or those older than `before`, as `actor` may see them."""
    told: list[tuple[Any, tuple[str, ...], Any]] = []
    for row, earlier in _pairs(record, actor, before, most):
        changed = changed_in(kind, actor, row, earlier)
        # A partner is not told of versions in which nothing changed that the partner may read.
        if actor.is_partner and earlier is not None and not changed:
            continue
        told.append((row, changed, earlier))
        if len(told) > most:
            break
    versions = [(kind, version) for row, _, earlier in told for version in (row, earlier) if version]
    names = names_in(actor, versions, known=_names_beside(kind, record))
    entries = tuple(entry_of(kind, actor, row, earlier, changed, names) for row, changed, earlier in told[:most])
    return Chapter(entries, entries[-1].key if len(told) > most else None)


def _pairs(record: Case, actor: Actor, before: int | None, most: int) -> Iterator[tuple[Any, Any]]:
    """Each version with the one before it, newest first, read in batches by key.

    What was somebody's own stays it: who may read the record now does not read what it said before.
    """
    size = most + 2
    own = type(record).open_to(actor)
    rows = record.history.order_by("-history_id") if own is None else record.history.filter(own).order_by("-history_id")
    later = None
    while True:
        batch = list((rows if before is None else rows.filter(history_id__lt=before))[:size])
        for row in batch:
            if later is not None:
                yield later, row
            later = row
        if len(batch) < size:
            break
        before, size = batch[-1].history_id, BATCH
    if later is not None:
        yield later, None


def changed_in(kind: RecordKind, actor: Actor, row: Any, earlier: Any) -> tuple[str, ...]:
    """The fields that the actor may read and in which `row` differs from the version before it."""
    names = tuple(name for name in kind.fields_for(actor) if name not in kind.model.UNTRACKED)
    if earlier is None:
        return tuple(name for name in names if _raw(kind, row, name) not in (None, "", False))
    if "status" not in names and kind.shows("status", actor):
        names = ("status", *names)
    return tuple(name for name in names if _raw(kind, row, name) != _raw(kind, earlier, name))


def _raw(kind: RecordKind, row: Any, name: str) -> Any:
    field = kind.field(name)
    return field.get_prep_value(getattr(row, field.attname))


def names_in(actor: Actor, versions: Iterable[tuple[RecordKind, Any]], *, known: Names | None = None) -> Names:
    """The other records and the people that the versions name: one statement for each type of them.

    `known` are those that were read in this scope already.
    """
    keys: dict[Any, set[int]] = {}
    for kind, row in versions:
        for name in kind.fields_for(actor):
            field = kind.field(name)
            if not field.is_relation or name in kind.model.UNTRACKED:
                continue
            if (key := getattr(row, field.attname)) is not None:
                keys.setdefault(field.related_model, set()).add(key)
    names: Names = {}
    for model, found in keys.items():
        names[model] = held = dict((known or {}).get(model, {}))
        if missing := found - held.keys():
            names[model] = held | _words(model, actor, missing)
    return names


def _names_beside(kind: RecordKind, record: Case) -> Names:
    """The records to which the present version leads, where they were read together with it."""
    names: Names = {}
    for name in kind.targets:
        if name in record._state.fields_cache and (other := getattr(record, name)) is not None:
            names.setdefault(type(other), {})[other.pk] = str(other)
    return names


def _words(model: Any, actor: Actor, keys: set[int]) -> dict[int, str]:
    if model is User:
        # A partner is not told who of the sponsor's people it was.
        return {} if actor.is_partner else dict(User.objects.filter(pk__in=keys).values_list("pk", "name"))
    return {row.pk: str(row) for row in model.objects.visible_to(actor).filter(pk__in=keys)}


def entry_of(kind: RecordKind, actor: Actor, row: Any, earlier: Any, changed: tuple[str, ...], names: Names) -> Entry:
    """One version as the actor may see it."""
    # To a partner the sponsor's people are their organisation: no name, no role, no reason, no zone.
    own = row.history_role in PARTNER_SIDE and row.history_org == actor.org
    system = row.history_user_id is None
    hidden = actor.is_partner and not own and not system
    return entry_from(
        row,
        look=_action(kind, row, earlier),
        version=None if actor.is_partner else row.version,
        reason="" if (actor.is_partner and not own) or _tells_of_any(kind, actor, row) else row.history_change_reason,
        differences=tuple(_difference(kind, name, row, earlier, names) for name in changed),
        hidden=hidden,
    )


def _tells_of_any(kind: RecordKind, actor: Actor, row: Any) -> bool:
    """Why the system wrote what belongs to no CDMO may be the affair of one that a narrowed member does not see."""
    return actor.cdmos is not None and kind.model.CDMO_COLUMN is None and row.history_user_id is None


def entry_from(
    row: Any,
    *,
    look: tuple[str, str, str],
    version: int | None,
    reason: str,
    differences: tuple[Difference, ...],
    hidden: bool = False,
) -> Entry:
    """One version in words; `look` is what was done, its tone and shape; `hidden`: only whose side it was."""
    system = row.history_user_id is None
    at = row.history_date.astimezone(UTC)
    zone = "" if hidden or system or row.history_tz in ("", "UTC") else row.history_tz
    action, tone, glyph = look
    return Entry(
        key=row.history_id,
        version=version,
        at=at,
        local=f"{at.astimezone(ZoneInfo(zone)):%H:%M:%S on %d %b}" if zone else "",
        zone=zone.replace("_", " "),
        who="" if hidden else row.history_user_name,
        role="" if hidden or system else str(dict(Role.choices).get(row.history_role, "")),
        org=row.history_org,
        action=action,
        tone=tone,
        glyph=glyph,
        source="" if hidden else SOURCES.get(row.history_source, row.history_source),
        reason=reason,
        txid=row.history_txid,
        differences=differences,
    )


def _action(kind: RecordKind, row: Any, earlier: Any) -> tuple[str, str, str]:
    """A move is called by its name where only one leads from the state before to this one."""
    if earlier is None or earlier.status == row.status or row.status is None:
        return ACTIONS[row.history_type]
    moves = {
        move.label for move in kind.workflow.transitions if move.target == row.status and earlier.status in move.sources
    }
    return (moves.pop() if len(moves) == 1 else "Moved", "info", "progress")


def _difference(kind: RecordKind, name: str, row: Any, earlier: Any, names: Names) -> Difference:
    def told(version: Any) -> str:
        if version is None:
            return ""
        field = kind.field(name)
        value = getattr(version, field.attname)
        if field.is_relation:
            known = names.get(field.related_model, {})
            return known.get(value, "a record that is out of sight") if value is not None else ""
        return in_words(field, value)

    return Difference(name, kind.label_of(name), told(earlier), told(row), first=earlier is None)
