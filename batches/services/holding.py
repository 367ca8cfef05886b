"""Holding a batch and letting it go: one row for each cause, and on the batch the oldest of those that are open.

Whoever writes a deviation and a batch locks the deviation first. The batch is locked without its key: whoever names it
in a new row holds that key already, and two who do so at once would each wait for the other's.
"""

from datetime import date
from typing import cast

from django.db.models import QuerySet

from batches.models import Batch, BatchHold
from oversight.kernel.access.scope import Actor
from oversight.kernel.outbox import publish
from oversight.kernel.trail.change import change
from techtransfer.causes import Cause

LONGEST = 200  # letters of a cause
SHOWN = ("on_hold", "held_since", "hold_kind", "hold_id", "hold_number", "hold_cause", "version")


def hold(batch: Batch, *, by: Actor, cause: Cause, since: date) -> BatchHold | None:
    """Hold `batch` on account of `cause`; None for one that is decided, which nothing holds any more.

    Holding twice for one cause is holding once; another day corrects since when. How long it may take is added by
    whoever forecasts.
    """
    present = _locked(batch, by)
    if not present.is_undecided:
        return None
    standing = _open(present).filter(cause_kind=cause.kind, cause_id=cause.id).first()
    if standing and standing.since_on == since:
        return standing
    with change(by=by, reason=f"On hold: {cause.number}, {_short(cause.words)}."):
        row = standing or _row(present, cause)
        row.since_on = since
        row.save(update_fields=["since_on"] if standing else None)
        _show(present, batch)
        publish("batch.held", record=present, by=by, hold=row.pk, cause_kind=cause.kind, cause=cause.id)
    return row


def lift(batch: Batch, *, by: Actor, cause: Cause, on: date) -> BatchHold | None:
    """End the hold that `cause` set; None where it holds nothing. Another cause goes on holding the batch."""
    present = _locked(batch, by)
    row = _open(present).filter(cause_kind=cause.kind, cause_id=cause.id).first()
    if row is None:
        return None
    _end(row, present, batch, by=by, on=on, why=f"No longer on hold for {cause.number}: {_short(cause.words)}.")
    return row


def lift_all(batch: Batch, *, by: Actor, on: date, why: str) -> None:
    """End every hold of a batch about which has been decided."""
    present = _locked(batch, by)
    for row in _open(present):
        _end(row, present, batch, by=by, on=on, why=why)


def held_by(cause_kind: str, cause_id: int, *, by: Actor) -> list[int]:
    """The batches that this cause holds now, in the order in which they are to be locked."""
    rows = BatchHold.objects.visible_to(by).filter(cause_kind=cause_kind, cause_id=cause_id, lifted_on__isnull=True)
    return sorted(rows.values_list("batch_id", flat=True))


def _end(row: BatchHold, present: Batch, batch: Batch, *, by: Actor, on: date, why: str) -> None:
    with change(by=by, reason=why):
        row.lifted_on = max(on, row.since_on)
        row.save(update_fields=["lifted_on"])  # whoever forecasts writes the days, without the lock of the batch
        _show(present, batch)
        publish("batch.freed", record=present, by=by, hold=row.pk, free=not present.on_hold)


def _row(present: Batch, cause: Cause) -> BatchHold:
    return BatchHold(
        tenant_id=present.tenant_id,
        cdmo_id=present.cdmo_id,
        batch=present,
        cause_kind=cause.kind,
        cause_id=cause.id,
        cause_number=cause.number,
        cause=_short(cause.words),
        held_in=present.status,
    )


def _locked(batch: Batch, by: Actor) -> Batch:
    rows = Batch.objects.visible_to(by).select_for_update(of=("self",), no_key=True)
    return cast(Batch, rows.get(pk=batch.pk))


def _open(batch: Batch) -> "QuerySet[BatchHold]":
    return BatchHold.objects.filter(batch=batch, lifted_on__isnull=True).order_by("since_on", "id")


def _show(present: Batch, batch: Batch) -> None:
    """Copy the oldest open cause onto the batch, and onto the object in the hands of whoever called."""
    oldest = _open(present).first()
    present.on_hold = oldest is not None
    present.held_since = oldest.since_on if oldest else None
    present.hold_kind = oldest.cause_kind if oldest else ""
    present.hold_id = oldest.cause_id if oldest else 0
    present.hold_number = oldest.cause_number if oldest else ""
    present.hold_cause = oldest.cause if oldest else ""
    present.save()
    present.refresh_from_db(fields=["version"])
    for name in SHOWN:
        setattr(batch, name, getattr(present, name))


def _short(words: str) -> str:
    return words if len(words) <= LONGEST else words[: LONGEST - 1] + "…"
