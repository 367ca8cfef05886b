"""When a member looked last: what has happened since is news."""

from datetime import datetime, timedelta

from oversight.kernel.access.scope import Actor
from oversight.kernel.records.models import own_of

from .models import Visit

PAUSE = timedelta(minutes=30)  # whoever comes back sooner is still on the same visit
STEP = timedelta(minutes=5)  # noted no more often than that: a look at the page should not wait for the disk


def since_last_visit(actor: Actor, *, now: datetime) -> datetime | None:
    """When the previous visit ended; None on the first. Notes this one."""
    own = own_of(actor)
    found = Visit.objects.visible_to(actor).filter(membership_id=own["membership_id"]).first()
    if found is None:
        if actor.cdmos != ():  # who was granted nothing sees no row, not even an own one
            Visit.objects.bulk_create([Visit(tenant_id=actor.tenant, seen_at=now, **own)], ignore_conflicts=True)
        return None
    before = found.seen_at if now - found.seen_at > PAUSE else found.before_at
    if now - found.seen_at > STEP:
        Visit.objects.visible_to(actor).filter(pk=found.pk).update(seen_at=now, before_at=before)
    return before
