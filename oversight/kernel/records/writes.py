"""create and amend: the two ways in which a record is written by a person."""

import unicodedata
from collections.abc import Collection, Mapping
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db import IntegrityError
from django.db.models import UniqueConstraint

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
    _save(kind, record, by=by, reason=reason)
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
    if is_blank(reason):
        raise ValidationError({"reason": NO_REASON})
    _save(kind, record, by=by, reason=reason.strip())
    return record


def is_blank(reason: str) -> bool:
    """Whether `reason` shows no letter, number, punctuation or symbol: zero-width characters say nothing either."""
    return not any(unicodedata.category(character)[0] in "LNPS" for character in reason)


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


def _save(kind: RecordKind, record: Record, *, by: Actor, reason: str) -> None:
    record.full_clean()
    try:
        with change(by=by, reason=reason):
            record.save()
    except IntegrityError as error:
        # What the check could not see: somebody else was quicker, or the other record is out of the actor's sight.
        if refusal := _refusal(kind, by, error):
            raise refusal from error
        raise


def _refusal(kind: RecordKind, by: Actor, error: IntegrityError) -> ValidationError | None:
    """The sentence of the constraint that the database found violated, beside its field; None for one not ours."""
    violated = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    for constraint in kind.model._meta.constraints:
        if constraint.name == violated:
            place = kind.beside.get(constraint.name, NON_FIELD_ERRORS)
            if isinstance(constraint, UniqueConstraint) and by.cdmos is not None:
                return ValidationError({place: _taken(kind, place)})
            return ValidationError({place: str(constraint.violation_error_message)})
    return None


def _taken(kind: RecordKind, place: str) -> str:
    """What a narrowed member is told of a clash: not which record it is with, which may be out of sight."""
    what = "value" if place == NON_FIELD_ERRORS else kind.field(place).verbose_name
    return f"This {what} cannot be used here. Ask your sponsor's QA."
