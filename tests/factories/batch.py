"""Batches: one of drug substance at each CDMO of the cast."""

from datetime import date
from typing import Any

from batches.models import Batch
from batches.records import BATCH
from cdmos.models import Site
from oversight.kernel.access.scope import Actor, scope
from oversight.kernel.esign import Proof
from oversight.kernel.records.writes import create, move
from tests.cast import PASSWORD, World

from . import Specimen, planner_of
from .programme import plan

STARTED, MADE, SENT = date(2026, 1, 5), date(2026, 1, 12), date(2026, 1, 14)


def batch(by: Actor, site: Site, **values: Any) -> Batch:
    """One batch, as `by` would plan it."""
    told = {
        "programme": values.get("programme") or plan(by),
        "cdmo": site.cdmo,
        "site": site,
        "stage": "DS",
        "purpose": "CLINICAL",
        "unit": "KILOGRAMS",
        "target_yield": "6.5",
    }
    with scope(by):
        return create(BATCH, by=by, values=told | values)


def act(record: Batch, name: str, by: Actor, reason: str = "", **values: Any) -> Batch:
    """One move, signed where it is; `record` is as it stands afterwards."""
    transition = BATCH.workflow.transition(name)
    proof = Proof(PASSWORD, "") if transition.signed_as else None
    told = reason or transition.reason or "As agreed"
    with scope(by):
        move(BATCH, record.pk, name, by=by, version=None, values=values, reason=told, proof=proof)
        record.refresh_from_db()
    return record


def sent(by: Actor, site: Site, partner: Actor, **values: Any) -> Batch:
    """One batch that is made, and whose record the partner has sent."""
    record = batch(by, site, **values)
    act(record, "start", partner, started_on=STARTED)
    act(record, "made", partner, made_on=MADE, actual_yield="6.82")
    return act(record, "send-record", partner, record_sent_on=SENT)


def typed(world: World) -> dict[str, str]:
    return {
        "programme": str(plan(world.omar).pk),
        "cdmo": str(world.lyra.pk),
        "site": str(world.lyra_site.pk),
        "stage": "DS",
        "purpose": "PPQ",
        "scale": "2,000 L",
        "partner_number": "LB-26-118",
        "planned_start": "2027-03-01",
        "planned_end": "2027-03-26",
        "unit": "KILOGRAMS",
        "target_yield": "6.5",
    }


SPECIMEN = Specimen(
    own=lambda world: batch(world.omar, world.lyra_site, partner_number="LB-26-117"),
    sibling=lambda world: batch(world.omar, world.orion_site),
    foreign=lambda world: batch(planner_of(world, "rival"), world.foreign_site),
    typed=typed,
    title="purpose",
    edit=lambda number: "ENGINEERING",
)
