"""Impact alerts: one standing alert for each study that moved, and one for each side whose steps did."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils import timezone

from oversight.kernel.access.scope import Actor
from oversight.kernel.outbox import publish
from oversight.kernel.trail.change import change
from techtransfer.causes import Cause
from techtransfer.models import ImpactAlert, Milestone, Programme, Study

from .days import date_of
from .reasons import Reasons
from .writing import Move

Status = ImpactAlert.Status


def alert_of_studies(
    programme: Programme, moved: Iterable[tuple[Study, date, date]], *, by: Actor, reasons: Reasons
) -> None:
    """For each study: the day that it was on, and the day on which it is now."""
    for study, was, now in moved:
        owners = {study.owner_id, programme.owner_id} - {0}
        what = {"study": study, "cdmo_id": None, "milestone_id": study.first_patient_in_id}
        _raise(programme, what, was, now, steps=0, owners=owners, by=by, reasons=reasons)


def alert_of_steps(programme: Programme, moves: Iterable[Move], *, by: Actor, reasons: Reasons) -> None:
    """For each partner, and for the sponsor's own: how many of its steps moved, and that which moved most."""
    sides: dict[int | None, list[Move]] = {}
    for move in moves:
        if move.days:
            sides.setdefault(move.step.cdmo, []).append(move)
    for cdmo, some in sorted(sides.items(), key=lambda side: side[0] or 0):
        worst = max(some, key=lambda move: (abs(move.days), -move.step.id))
        what = {"study": None, "cdmo_id": cdmo, "milestone_id": worst.step.id}
        owners = _owners([move.step.id for move in some], by)
        was = date_of(worst.end - worst.days)
        _raise(programme, what, was, date_of(worst.end), steps=len(some), owners=owners, by=by, reasons=reasons)


def _owners(steps: list[int], by: Actor) -> set[int]:
    rows = Milestone.objects.visible_to(by).filter(pk__in=steps).exclude(owner_id=0).order_by()
    return set(rows.values_list("owner_id", flat=True).distinct())


def _raise(
    programme: Programme,
    what: dict[str, Any],
    was: date,
    now: date,
    *,
    steps: int,
    owners: set[int],
    by: Actor,
    reasons: Reasons,
) -> None:
    """Raise it, or let the one that nobody has seen yet go on from the date that people know."""
    rows = ImpactAlert.objects.visible_to(by).filter(programme=programme, status=Status.OPEN)
    # Locked: who has seen it meanwhile has seen what it said before.
    standing = rows.select_for_update().filter(cdmo_id=what["cdmo_id"], study=what["study"]).first()
    alert = standing or ImpactAlert(
        tenant_id=programme.tenant_id,
        status=Status.OPEN,
        programme=programme,
        product_code=programme.product.code,
        was_on=was,
        **what,
    )
    if alert.milestone_id != what["milestone_id"]:
        alert.milestone_id, alert.was_on = what["milestone_id"], was
    cause: Cause = reasons.cause
    alert.now_on, alert.days = now, (now - alert.was_on).days
    alert.steps, alert.owner_ids, alert.raised_at = steps, sorted({*alert.owner_ids, *owners}), timezone.now()
    alert.cause_kind, alert.cause_id, alert.cause_number, alert.cause = cause.kind, cause.id, cause.number, cause.words
    alert.title = _title(alert)
    with change(by=by, reason=reasons.of(alert.cdmo_id)):
        alert.save()
        publish(
            "impact_alert.moved_on" if standing else "impact_alert.raised", record=alert, by=by, status=alert.status
        )


def _title(alert: ImpactAlert) -> str:
    days = abs(alert.days)
    far = f"{days} {'day' if days == 1 else 'days'} {'later' if alert.days > 0 else 'earlier'}"
    if alert.study:
        return f"{alert.study.code} starts {far if days else 'on the day that was known'}"
    if alert.steps == 1:
        return f"One step of {alert.product_code} moved {far if days else 'back to the day that was known'}"
    return f"{alert.steps} steps of {alert.product_code} moved {f'up to {far}' if days else 'back to where they were'}"
