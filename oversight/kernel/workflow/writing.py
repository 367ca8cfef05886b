"""open, amend, perform: the three ways in which a record is written by a person."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any, cast

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError
from django.db.models import UniqueConstraint

from oversight.kernel.access.scope import Actor
from oversight.kernel.esign import Proof, prove, sign
from oversight.kernel.esign.proving import NO_PASSWORD
from oversight.kernel.outbox import publish
from oversight.kernel.trail.change import change

from .definition import Transition, Workflow
from .models import Case
from .refusals import NO_REASON, NO_REASON_TO_MOVE, NotAllowed, Refused, Stale, Unchanged, is_blank

NOT_YOURS = "You cannot set this."


def open_record(
    workflow: Workflow, *, by: Actor, values: Mapping[str, Any], reason: str = "", on: date | None = None
) -> Case:
    """Put a new record on file for the actor's sponsor, with its number, in the workflow's first state.

    `on` is the day whose series numbers it, if not today.
    """
    record = workflow.model(tenant_id=by.tenant, status=workflow.initial)
    _fill(record, values, allowed=workflow.openable(by))
    if workflow.part_of:
        _hold_whole(workflow, record, by)
    if workflow.begin:
        workflow.begin(record, by)
    if unmet := workflow.out_of_hand(record, by):
        raise ValidationError({NON_FIELD_ERRORS: unmet})
    record.full_clean(exclude={"number"})
    with _translated(workflow, by), change(by=by, reason=reason):
        if on:
            record.number = record.numbers.next(on)
        record.save()
        if workflow.begun:
            workflow.begun(record, by, reason)
        publish(f"{workflow.name}.opened", record=record, by=by, status=record.status)
    return record


def amend_record(
    workflow: Workflow, pk: int, *, by: Actor, version: int | None, values: Mapping[str, Any], reason: str
) -> Case:
    """Change a record that the actor saw as `version`, for a reason; refuse when it has moved on since."""
    record = _locked(workflow, pk, by, version)
    demand_amendable(workflow, record, by)
    before = _values(record)
    _fill(record, values, allowed=workflow.amendable(record, by))
    record.full_clean(exclude={"number"})
    columns = frozenset(name for name, value in _values(record).items() if value != before[name])
    if not columns:
        raise Unchanged
    if gone := record.out_of_use({name.removesuffix("_id") for name in columns}):
        raise ValidationError(gone)
    if is_blank(reason):
        raise ValidationError({"reason": NO_REASON})
    with _translated(workflow, by), change(by=by, reason=reason.strip()):
        record.save()
        if workflow.amended:
            workflow.amended(record, by, columns)
        publish(f"{workflow.name}.amended", record=record, by=by, status=record.status)
    return record


def perform(
    workflow: Workflow,
    name: str,
    pk: int,
    *,
    by: Actor,
    reason: str = "",
    version: int | None = None,
    values: Mapping[str, Any] | None = None,
    proof: Proof | None = None,
) -> Case:
    """Make a declared move under a row lock; in one transaction with all that follows from it.

    Raises, in this order: the model's DoesNotExist (out of sight), NotAllowed, Stale, Refused (with every unmet
    condition), ValidationError (per field), NotProven (the signature). Nothing is written by any of them.
    """
    move = workflow.transition(name)
    record = _locked(workflow, pk, by, version, capability=move.capability)
    if record.status not in move.sources:
        raise Refused(workflow.out_of_turn(move, record))
    if unmet := workflow.unmet(move, record, by):
        raise Refused(*unmet)
    reason = reason.strip() or move.reason
    _refuse_gaps(move, record, values or {}, reason, proof)
    if move.target:
        record.status = move.target
    if move.stamp:
        move.stamp(record, by)
    record.full_clean(exclude={"number"})
    method = prove(by, cast(Proof, proof)) if move.signed_as else ""
    with _translated(workflow, by), change(by=by, reason=reason):
        if move.before:
            move.before(record, by, reason)
        record.save()
        if move.effect:
            move.effect(record, by, reason)
        publish(f"{workflow.name}.{move.name.replace('-', '_')}", record=record, by=by, status=record.status)
        if move.signed_as:
            sign(record, by=by, meaning=move.signed_as, reason=reason, method=method)
    return record


def demand_amendable(workflow: Workflow, record: Case, by: Actor) -> None:
    """Refuse an amendment that this state, or what has happened since, does not admit."""
    if not workflow.amendable(record, by):
        raise Refused(f"A record that is {workflow.states[record.status]} is not amended any more.")
    sentences = workflow.out_of_hand(record, by)
    for guard in workflow.amend_guards:
        try:
            guard(record, by)
        except Refused as refusal:
            sentences += refusal.sentences
    if sentences:
        raise Refused(*sentences)


def _locked(workflow: Workflow, pk: int, by: Actor, version: int | None, *, capability: str = "") -> Case:
    rows = workflow.model.objects.visible_to(by)
    if workflow.part_of:
        _hold_whole(workflow, rows.get(pk=pk), by)
    record = cast(Case, rows.select_for_update(of=("self",)).get(pk=pk))
    if capability and not by.can(capability):
        raise NotAllowed(capability)
    if version is not None and record.version != version:
        raise Stale(record)
    return record


def _hold_whole(workflow: Workflow, record: Case, by: Actor) -> None:
    """Lock what the record is part of, and look at it as it stands then; out of sight, it is no part of it."""
    whole = cast(Any, workflow.model._meta.get_field(workflow.part_of))
    key = getattr(record, whole.attname)
    # No key is changed, so that nobody has to wait who only refers to it.
    held = whole.related_model.objects.visible_to(by).select_for_update(of=("self",), no_key=True).filter(pk=key)
    if (found := held.first()) is not None:
        setattr(record, whole.name, found)


def _refuse_gaps(move: Transition, record: Case, values: Mapping[str, Any], reason: str, proof: Proof | None) -> None:
    """Fill the record; every field that is missing or not this move's is named in one answer."""
    errors: dict[str, Any] = {}
    try:
        _fill(record, values, allowed=frozenset(move.fields))
    except ValidationError as refusal:
        errors |= refusal.message_dict
    for name in move.requires:
        if name not in errors and getattr(record, name) in (None, ""):
            errors[name] = ["Fill this in."]
    if is_blank(reason):
        errors["reason"] = [NO_REASON_TO_MOVE]
    if move.signed_as and (proof is None or not proof.password):
        errors["password"] = [NO_PASSWORD]
    if errors:
        raise ValidationError(errors)


def _fill(record: Case, values: Mapping[str, Any], *, allowed: Iterable[str]) -> None:
    allowed = frozenset(allowed)
    if refused := [name for name in values if name.removesuffix("_id") not in allowed]:
        raise ValidationError(dict.fromkeys(refused, NOT_YOURS))
    for name, value in values.items():
        setattr(record, name, value)


def _values(record: Case) -> dict[str, Any]:
    return {
        field.attname: field.get_prep_value(getattr(record, field.attname)) for field in record._meta.concrete_fields
    }


@contextmanager
def _translated(workflow: Workflow, by: Actor) -> Iterator[None]:
    """What the check could not see (somebody was quicker, the other record is out of sight), as a sentence."""
    try:
        yield
    except IntegrityError as error:
        if refusal := _refusal(workflow.model, by, error):
            raise refusal from error
        raise


def _refusal(model: type[Case], by: Actor, error: IntegrityError) -> ValidationError | None:
    """The sentence of the violated constraint, beside its field; None for one that is not the record's."""
    violated = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    for constraint in model._meta.constraints:
        if constraint.name == violated:
            place = model.BESIDE.get(constraint.name, NON_FIELD_ERRORS)
            if isinstance(constraint, UniqueConstraint) and by.cdmos is not None:
                return ValidationError({place: _taken(model, place)})
            return ValidationError({place: str(constraint.violation_error_message)})
    return None


def _taken(model: type[Case], place: str) -> str:
    """What a narrowed member is told of a clash: not which record it is with, which may be out of sight."""
    what = "value" if place == NON_FIELD_ERRORS else model.called(place)
    return f"This {what} cannot be used here. Ask your sponsor's QA."
