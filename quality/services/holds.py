"""What a deviation holds: the batch that it names, while it is critical and open."""

from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.utils import timezone

from batches.models import Batch
from batches.services import holding
from oversight.kernel.access.scope import Actor
from quality.models import Deviation
from quality.models.deviation import OPEN
from techtransfer.causes import Cause

NOT_YOURS = "only the sponsor can let it go. Ask them to change this."
COLUMNS = frozenset({"batch_id", "severity", "aware_at", "site_id"})  # by which it is decided whether, since when


def follow(record: Deviation, actor: Actor) -> None:
    """Let the deviation hold what it has to hold now, and nothing else; the deviation is locked before the batches.

    A hold counts from when somebody became aware, as the days do that past investigations took.
    """
    cause = Cause.of(record, record.title)
    held = set(holding.held_by(cause.kind, cause.id, by=actor))
    wanted = {record.batch_id} if record.batch_id and record.status in OPEN and _is_critical(record) else set()
    zone = ZoneInfo(record.site.time_zone)
    batches = Batch.objects.visible_to(actor).in_bulk(held | wanted)
    for pk, batch in sorted(batches.items()):
        if pk in wanted:
            holding.hold(batch, by=actor, cause=cause, since=record.aware_at.astimezone(zone).date())
        elif actor.is_partner:
            raise ValidationError(dict.fromkeys(("severity", "batch"), f"It holds {batch.number}: {NOT_YOURS}"))
        else:
            holding.lift(batch, by=actor, cause=cause, on=timezone.now().astimezone(zone).date())


def _is_critical(record: Deviation) -> bool:
    return record.severity == Deviation.Severity.CRITICAL
