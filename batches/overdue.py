"""What of a batch takes longer than this partner usually needs: its record, and the investigation that holds it."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import connection
from django.utils import timezone

from oversight.kernel.access.scope import Actor
from techtransfer.ports import Overdue

from .models import Batch, BatchHold
from .services.estimates import ENOUGH

# The nearest rank, as for holds: an observed value.
_RECORDS = """
WITH past AS (
  SELECT cdmo_id, count(*) AS cases, percentile_disc(0.8) WITHIN GROUP (ORDER BY record_sent_on - made_on) AS p80
    FROM batches_batch
   WHERE tenant_id = %(tenant)s AND record_sent_on IS NOT NULL AND made_on IS NOT NULL
   GROUP BY cdmo_id HAVING count(*) >= %(enough)s
)
SELECT b.id, b.number, %(today)s::date - b.made_on, p.p80, p.cases
  FROM batches_batch b JOIN past p USING (cdmo_id)
 WHERE b.tenant_id = %(tenant)s AND b.id = ANY(%(batches)s) AND b.status = %(made)s
   AND %(today)s::date - b.made_on > p.p80
"""
WHOSE = {
    BatchHold.Basis.PARTNER.value: "past investigations of this partner",
    BatchHold.Basis.NETWORK.value: "past investigations of all partners",
}


def late_records(batches: Sequence[int], actor: Actor) -> dict[int, Overdue]:
    """Those made whose record has not come for longer than 80 % of the partner's took; it needs eight of them."""
    if not batches:
        return {}
    values = {
        "tenant": actor.tenant, "enough": ENOUGH, "today": _today(), "batches": list(batches),
        "made": Batch.Status.MADE,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_RECORDS, values)
        return {key: Overdue(number, days, p80, cases) for key, number, days, p80, cases in cursor.fetchall()}


def old_investigations(batches: Sequence[int], actor: Actor) -> dict[int, Overdue]:
    """The oldest open hold of each that has outlasted 80 % of past investigations; by those that it is judged by."""
    if not batches:
        return {}
    rows = BatchHold.objects.visible_to(actor).filter(batch_id__in=batches, lifted_on=None, basis__in=WHOSE)
    found: dict[int, Overdue] = {}
    for hold in rows.order_by("since_on", "id"):
        row: Any = hold
        days = (_today() - row.since_on).days
        if row.days_p80 and days > row.days_p80:
            over = Overdue(row.cause_number, days, row.days_p80, row.cases, WHOSE[row.basis])
            found.setdefault(row.batch_id, over)
    return found


def _today() -> date:
    return timezone.now().date()
