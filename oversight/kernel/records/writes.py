"""create, amend, move: what pages and API ask of a record kind, with the actor's capabilities checked."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from oversight.kernel.access.scope import Actor
from oversight.kernel.esign import Proof
from oversight.kernel.workflow.models import Case
from oversight.kernel.workflow.refusals import NotAllowed
from oversight.kernel.workflow.writing import amend_record, open_record, perform

from .kind import RecordKind


def create(kind: RecordKind, *, by: Actor, values: Mapping[str, Any], reason: str = "", on: date | None = None) -> Case:
    """Put a new record of `kind` on file for the actor's sponsor."""
    demand(kind, by, "create")
    return open_record(kind.workflow, by=by, values=own_cdmo(kind, by) | dict(values), reason=reason, on=on)


def amend(kind: RecordKind, pk: int, *, by: Actor, version: int | None, values: Mapping[str, Any], reason: str) -> Case:
    """Change a record that the actor saw as `version`, for a reason; refuse when it has moved on since."""
    demand(kind, by, "amend")
    return amend_record(kind.workflow, pk, by=by, version=version, values=values, reason=reason)


def move(
    kind: RecordKind,
    pk: int,
    name: str,
    *,
    by: Actor,
    version: int | None,
    values: Mapping[str, Any],
    reason: str,
    proof: Proof | None = None,
) -> Case:
    """Make one declared move with a record that the actor saw as `version`."""
    return perform(kind.workflow, name, pk, by=by, version=version, values=values, reason=reason, proof=proof)


def demand(kind: RecordKind, actor: Actor, verb: str) -> None:
    """Raise NotAllowed unless the actor may `verb` records of this kind."""
    if not (kind.may(actor, verb) if verb == "view" else kind.may_write(actor, verb)):
        raise NotAllowed(f"{kind.capability}.{verb}")


def own_cdmo(kind: RecordKind, actor: Actor) -> dict[str, Any]:
    """What goes without saying in a partner's new record: whose it is."""
    column = kind.model.CDMO_COLUMN
    return {column: actor.cdmo} if actor.is_partner and column and column != "id" else {}


def objections(
    kind: RecordKind, *, by: Actor, values: Mapping[str, Any], but: Collection[str], pk: int | None = None
) -> ValidationError | None:
    """What the record itself would say to `values`, leaving out the fields `but`, which were refused already."""
    record = kind.model.objects.visible_to(by).get(pk=pk) if pk else kind.model(tenant_id=by.tenant)
    if not pk:
        record.status = kind.workflow.initial
        values = own_cdmo(kind, by) | dict(values)
    for name, value in values.items():
        setattr(record, name, value)
    try:
        record.full_clean(exclude=set(but) | {"number"})
    except ValidationError as refusal:
        return refusal
    return None
