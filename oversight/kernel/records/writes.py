"""create and amend: the two ways in which a record is written by a person."""

from collections.abc import Collection, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError

from oversight.kernel.access.scope import Actor
from oversight.kernel.trail.change import change
from oversight.kernel.trail.models import Record

from .kind import RecordKind

NO_REASON = "Say why you change it. The reason is kept in the history."


class NotAllowed(PermissionDenied):
    """The actor sees the record but may not do this to it."""


class Stale(Exception):
    """The record was changed since the person opened it; `record` is how it stands now."""

    def __init__(self, record: Record) -> None:
        super().__init__("Somebody changed this record after you opened it.")
        self.record = record


class Unchanged(Exception):
    """What was typed equals what is on record, so that there is nothing to write."""


def create(kind: RecordKind, *, by: Actor, values: Mapping[str, Any], reason: str = "") -> Record:
    """Put a new record of `kind` on file for the actor's sponsor."""
    _demand(kind, by, "create")
    record = kind.model(tenant_id=by.tenant)
    _fill(kind, record, values)
    _save(record, by=by, reason=reason)
    return record


def amend(kind: RecordKind, pk: int, *, by: Actor, version: int, values: Mapping[str, Any], reason: str) -> Record:
    """Change a record that the actor saw as `version`, for a reason; refuse when it has moved on since."""
    record: Record = kind.model.objects.visible_to(by).select_for_update(of=("self",)).get(pk=pk)
    _demand(kind, by, "amend")
    if record.version != version:
        raise Stale(record)
    before = _values(kind, record)
    _fill(kind, record, values)
    if _values(kind, record) == before:
        raise Unchanged
    if not reason.strip():
        raise ValidationError({"reason": NO_REASON})
    _save(record, by=by, reason=reason.strip())
    return record


def objections(
    kind: RecordKind, *, by: Actor, values: Mapping[str, Any], but: Collection[str], pk: int | None = None
) -> ValidationError | None:
    """What the record itself would say to `values`, leaving out the fields `but`, which were refused already."""
    record = kind.model.objects.visible_to(by).get(pk=pk) if pk else kind.model(tenant_id=by.tenant)
    _fill(kind, record, values)
    try:
        record.full_clean(exclude=set(but))
    except ValidationError as refusal:
        return refusal
    return None


def _demand(kind: RecordKind, actor: Actor, verb: str) -> None:
    if not kind.may(actor, verb):
        raise NotAllowed(f"{kind.capability}.{verb}")


def _fill(kind: RecordKind, record: Record, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(record, name, value)


def _values(kind: RecordKind, record: Record) -> dict[str, Any]:
    return {
        field.attname: field.get_prep_value(getattr(record, field.attname))
        for field in kind.model._meta.concrete_fields
    }


def _save(record: Record, *, by: Actor, reason: str) -> None:
    record.full_clean()
    try:
        with change(by=by, reason=reason):
            record.save()
    except IntegrityError:
        # Somebody else wrote between the check and the save: ask again for the sentence that says what clashes.
        record.full_clean()
        raise
