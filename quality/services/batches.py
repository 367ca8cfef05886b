"""What quality says about a batch: which events name it, which of them are in the way of its release."""

from batches.models import Batch
from batches.ports import Event
from oversight.kernel.access.scope import Actor
from oversight.kernel.records.addresses import address
from quality.models import Deviation
from quality.models.deviation import OPEN
from quality.records import DEVIATION, SEVERITY, STATUS


def open_deviations(record: Batch, actor: Actor) -> list[str]:
    """A sentence for each open deviation that names the batch; a list brought them along."""
    numbers = sorted(one.number for one in record.deviations.all() if one.status in OPEN)
    return [f"{number} is open: close it first." for number in numbers]


def events(record: Batch, actor: Actor) -> list[Event]:
    """The deviations in the actor's sight that name the batch, newest first."""
    rows = (
        Deviation.objects.visible_to(actor).filter(batch=record).exclude(status=Deviation.Status.VOID).order_by("-id")
    )
    return [_event(row, actor) for row in rows]


def report_url(record: Batch, actor: Actor) -> str:
    """Where an event of this batch is reported; empty for a role that reports nothing."""
    if not DEVIATION.may_write(actor, "create"):
        return ""
    return f"{address(DEVIATION, 'create', actor)}?batch={record.pk}"


def _event(row: Deviation, actor: Actor) -> Event:
    tone, glyph = SEVERITY[row.severity]
    state_tone, state_glyph = STATUS[row.status]
    return Event(
        title=row.title,
        href=address(DEVIATION, "detail", actor, row.pk),
        number=row.number,
        badge=row.get_severity_display(),
        tone=tone,
        glyph=glyph,
        state=row.get_status_display(),
        state_tone=state_tone,
        state_glyph=state_glyph,
    )
