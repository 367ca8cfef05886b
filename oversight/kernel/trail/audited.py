"""Which models the database keeps the versions of, and what the guards and seals need to know of each."""

from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from django.apps import apps
from django.db.models import Model

from oversight.kernel.access.tenancy import Shape


@dataclass(frozen=True, slots=True)
class Audited:
    """One audited table with its history table."""

    model: type[Model]
    table: str
    history: str
    columns: tuple[str, ...]  # those of the record that the history keeps
    untracked: frozenset[str]  # those that it does not: secrets, and what changes without a decision
    shape: Shape | None  # None: people, who belong to no sponsor
    tenant_column: str | None
    cdmo_column: str | None
    shared_column: str | None
    keeps_its_own_history: bool  # the history table belongs to the same app
    append_only: bool


@cache
def audited() -> tuple[Audited, ...]:
    """Every audited model, in the order of the app registry."""
    models = (model for model in apps.get_models() if hasattr(model._meta, "simple_history_manager_attribute"))
    return tuple(_describe(model) for model in models)


def _describe(model: type[Model]) -> Audited:
    declared = cast(Any, model)
    history = declared.history.model._meta
    kept = {field.column for field in history.concrete_fields}
    columns = [str(field.column) for field in model._meta.concrete_fields]
    return Audited(
        model=model,
        table=model._meta.db_table,
        history=history.db_table,
        columns=tuple(column for column in columns if column in kept),
        untracked=frozenset(columns) - kept,
        shape=declared.SHAPE,
        tenant_column=declared.TENANT_COLUMN,
        cdmo_column=declared.CDMO_COLUMN,
        shared_column=getattr(declared, "SHARED_COLUMN", None),
        keeps_its_own_history=history.app_label == model._meta.app_label,
        append_only=getattr(model, "APPEND_ONLY", False),
    )
