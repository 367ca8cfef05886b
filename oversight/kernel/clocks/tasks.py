"""What beat asks of the clocks, each minute: one task per sponsor in which something ran out."""

from django.utils import timezone

from oversight.celery import app
from oversight.kernel.access.scope import Actor
from oversight.kernel.tasks import TenantTask

from . import lateness


@app.task(time_limit=50)
def find_late() -> None:
    """Hand each sponsor its own; a broker that is away now is asked again in a minute."""
    for tenant in lateness.tenants_with_late_clocks(timezone.now()):
        mark_late.apply_async(kwargs={"tenant": tenant}, expires=55)


@app.task(base=TenantTask, time_limit=300)
def mark_late(*, actor: Actor) -> None:
    """Note what ran out at one sponsor."""
    lateness.mark_late(by=actor, at=timezone.now())
