"""Rows that are about a record of any kind: a comment, a file, a clock, a signature."""

from typing import Any, ClassVar, Self, cast

from django.apps import apps
from django.db import models

from oversight.kernel.access.tenancy import Shape

from .models import Record


class About(models.Model):
    """Names its record by table and key; seen by whom the record's CDMO lets see it."""

    SHAPE: ClassVar[Shape] = Shape.PAIR
    CDMO_COLUMN: ClassVar[str | None] = "cdmo_id"

    kind = models.CharField(max_length=63, editable=False)  # the record's table
    record_id = models.BigIntegerField(editable=False)
    cdmo_id = models.BigIntegerField(null=True, editable=False)  # None: a record of the sponsor's own

    class Meta:
        abstract = True

    @classmethod
    def on(cls, record: Record, **fields: Any) -> Self:
        """A new row about `record`, not saved yet."""
        return cls(**key_of(record), tenant_id=record.tenant_id, cdmo_id=cdmo_of(record), **fields)


def key_of(record: models.Model) -> dict[str, Any]:
    """By which rows about `record` are found: its table and its key."""
    return {"kind": record._meta.db_table, "record_id": record.pk}


def cdmo_of(record: Record) -> int | None:
    """The CDMO to which `record` belongs; None for one of the sponsor's own."""
    return cast("int | None", getattr(record, record.CDMO_COLUMN)) if record.CDMO_COLUMN else None


def model_of(kind: str) -> type[Record]:
    """The record type whose table is `kind`; raises LookupError when no record has it."""
    for model in apps.get_models():
        if model._meta.db_table == kind and issubclass(model, Record):
            return model
    raise LookupError(f"{kind} is no table of records.")
