"""Putting records on file for a test, and the forms that a person would send."""

from datetime import date
from types import SimpleNamespace
from typing import Any

from cdmos import models
from cdmos.records import CDMO
from oversight.kernel.access.scope import Actor, scope
from oversight.kernel.records.writes import amend, create
from oversight.kernel.trail.change import change

NEW_CDMO = {"name": "Corvane", "country": "CH", "outsourcing_model": "PREFERRED", "drug_product": "on"}
NEW_SITE = {
    "name": "Basel",
    "city": "Basel",
    "country": "CH",
    "time_zone": "Europe/Zurich",
    "working_week": "MON_FRI",
    "fei_number": "3004523871",
}
FIELDS = (
    "name",
    "legal_name",
    "country",
    "website",
    "outsourcing_model",
    "drug_substance",
    "drug_product",
    "analytical",
    "packaging",
    "storage",
    "notes",
)


def put_on_file(by: Actor, **values: Any) -> models.CDMO:
    """One CDMO, as `by` would create it."""
    with scope(by):
        defaults = {"name": "Corvane", "country": "CH", "outsourcing_model": "PREFERRED", "drug_product": True}
        return create(CDMO, by=by, values=defaults | values)


def put_many_on_file(by: Actor, names: list[str]) -> None:
    """As many CDMOs as there are names, in one statement."""
    with change(by=by):
        models.CDMO.objects.bulk_create(
            models.CDMO(
                tenant_id=by.tenant, number=number, name=name, country="DE", outsourcing_model="TACTICAL", storage=True
            )
            for number, name in zip(models.CDMO.NUMBERS.next_many(len(names), date(2026, 1, 1)), names, strict=True)
        )


def change_it(by: Actor, pk: int, reason: str, **values: Any) -> None:
    """Amend a CDMO as `by`, at whatever version it has."""
    with scope(by):
        present = models.CDMO.objects.visible_to(by).get(pk=pk)
        amend(CDMO, pk, by=by, version=present.version, values=values, reason=reason)


def as_sent(by: Actor, pk: int) -> dict[str, str]:
    """What the browser would send from the untouched amend form."""
    with scope(by):
        record = models.CDMO.objects.visible_to(by).get(pk=pk)
        values = {name: getattr(record, name) for name in FIELDS} | {"version": record.version, "reason": ""}
    return {name: "on" if value is True else str(value) for name, value in values.items() if value is not False}


def now(by: Actor, pk: int) -> SimpleNamespace:
    """The record as it stands, with the number of its versions."""
    with scope(by):
        record = models.CDMO.objects.visible_to(by).get(pk=pk)
        values = {name: getattr(record, name) for name in FIELDS}
        return SimpleNamespace(**values, version=record.version, versions=record.history.count())
