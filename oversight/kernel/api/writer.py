"""Records as JSON: compiled once per kind and side, since a list is written more often than anything else."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db import models

from oversight.kernel.access.scope import Actor
from oversight.kernel.records.kind import RecordKind
from oversight.kernel.workflow.models import Case

from .fields import json_value

HEAD = ("id", "number", "status", "version")
NEVER_TOLD = {"tenant"}


def readable(kind: RecordKind, *, partner: bool = False) -> tuple["models.Field[Any, Any]", ...]:
    """The fields beyond the head, in the model's order; of these a partner reads what the kind shares."""
    shared = kind.partner_sees or frozenset()
    return tuple(
        field
        for field in kind.model._meta.concrete_fields
        if field.name not in NEVER_TOLD.union(HEAD) and (not partner or field.name in shared)
    )


class Writer:
    """Writes records of one kind as one side may read them."""

    def __init__(self, kind: RecordKind, fields: Iterable["models.Field[Any, Any]"]) -> None:
        self.kind = kind
        plain: list[tuple[str, str]] = [(name, name) for name in HEAD]
        converted: list[tuple[str, str, Callable[[Any], Any]]] = []
        for field in fields:
            if (convert := json_value(field)) is None:
                plain.append((field.name, field.attname))
            else:
                converted.append((field.name, field.attname, convert))
        self.plain, self.converted = tuple(plain), tuple(converted)

    def write(self, record: Case, actor: Actor) -> dict[str, Any]:
        """The record with what the actor may do to it next."""
        told = {name: getattr(record, attname) for name, attname in self.plain}
        for name, attname, convert in self.converted:
            told[name] = convert(getattr(record, attname))
        told["transitions"] = [
            {
                "name": move.transition.name,
                "label": move.transition.label,
                "allowed": move.allowed,
                "unmet": list(move.unmet),
            }
            for move in self.kind.workflow.moves(record, actor)
        ]
        return told
