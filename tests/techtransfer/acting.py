"""Moves of the plan as people make them in the stories, and what they are told when they cannot."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from oversight.kernel.access.scope import Actor, scope
from oversight.kernel.esign import Proof
from oversight.kernel.records.kind import RecordKind
from oversight.kernel.records.writes import amend, move
from oversight.kernel.workflow.models import Case
from oversight.kernel.workflow.refusals import Refused
from oversight.web.catalogue import KINDS
from tests.cast import PASSWORD

OF = {kind.model: kind for kind in KINDS}


def kind_of(record: Case) -> RecordKind:
    return OF[type(record)]


def act(record: Case, name: str, *, by: Actor, reason: str = "", signed: bool = False, **values: Any) -> Any:
    """One move, with the record as it stands; answers it as it is then."""
    kind, proof = kind_of(record), Proof(PASSWORD) if signed else None
    with scope(by):
        version = kind.model.objects.visible_to(by).get(pk=record.pk).version
        return move(kind, record.pk, name, by=by, version=version, values=values, reason=reason, proof=proof)


def change_it(record: Case, *, by: Actor, reason: str = "Corrected", **values: Any) -> Any:
    """One amendment of the record as it stands."""
    kind = kind_of(record)
    with scope(by):
        version = kind.model.objects.visible_to(by).get(pk=record.pk).version
        return amend(kind, record.pk, by=by, version=version, values=values, reason=reason)


def look(record: Case, by: Actor) -> Any:
    """The record as it stands."""
    with scope(by):
        return type(record).objects.visible_to(by).get(pk=record.pk)


def versions(record: Case, by: Actor) -> int:
    """How many versions of it the trail has."""
    with scope(by):
        return type(record).history.filter(id=record.pk).count()


def told(what: Any) -> dict[str, list[str]]:
    """What stands beside which field when `what` is tried."""
    with pytest.raises(ValidationError) as caught:
        what()
    return caught.value.message_dict


def unmet(what: Any) -> tuple[str, ...]:
    """What has to come first."""
    with pytest.raises(Refused) as caught:
        what()
    return caught.value.sentences
