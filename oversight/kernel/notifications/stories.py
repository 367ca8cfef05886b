"""When an event happened: the demo world tells in a minute what took two years."""

from datetime import datetime

from oversight.kernel.access.models import DemoWorld
from oversight.kernel.outbox.models import Event
from oversight.kernel.trail.models import Record


def moment_of(event: Event, record: Record) -> datetime:
    """Its own time; of an event that was told while the demo world was loaded, the time in the story."""
    if not DemoWorld.objects.filter(loaded_at__gte=event.at).exists():
        return event.at
    versions = record.history.order_by("history_id" if event.name.endswith(".opened") else "-history_id")
    told: datetime | None = versions.values_list("history_date", flat=True).first()
    return min(told or event.at, event.at)
