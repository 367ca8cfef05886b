"""Who is told that dates moved: whoever answers for what moved, once until it is read."""

from collections.abc import Iterator
from datetime import timedelta
from typing import cast

from oversight.kernel.notifications.audience import NOBODY, Audience, Circle
from oversight.kernel.notifications.models import Notice
from oversight.kernel.outbox.models import Event
from oversight.kernel.trail.models import Record
from techtransfer.models import ImpactAlert, Milestone

ONE_RUN = timedelta(minutes=1)  # alerts of one run are raised within it


def moved(event: Event, record: Record, audience: Audience) -> Iterator[tuple[str, Circle]]:
    """To the owners of the study and its programme; of steps to their owners and to the partner who does them."""
    alert = cast(ImpactAlert, record)
    if alert.status != ImpactAlert.Status.OPEN:
        return  # seen before anybody could be told
    owners = audience.people(alert.owner_ids) & audience.sponsors
    quiet = _who_moved_it(alert, audience) | _who_has_it_unread(alert, audience)
    if alert.study_id:
        yield "study-moved", owners - quiet
    else:
        yield "steps-moved", (owners - _told_of_the_study(alert, audience) | audience.partner()) - quiet


def _told_of_the_study(alert: ImpactAlert, audience: Audience) -> Circle:
    """Who hears in the same breath that the study starts on another day need not hear of each step that leads to it."""
    rows = ImpactAlert.objects.visible_to(audience.system).filter(
        programme_id=alert.programme_id, study__isnull=False, raised_at__gte=alert.raised_at - ONE_RUN
    )
    return audience.people(user for users in rows.values_list("owner_ids", flat=True) for user in users)


def _who_moved_it(alert: ImpactAlert, audience: Audience) -> Circle:
    """Whoever moved the step from which the rest follows knows of it."""
    if alert.cause_kind != Milestone._meta.db_table:
        return NOBODY
    versions = Milestone.history.visible_to(audience.system).filter(id=alert.cause_id, history_user_id__isnull=False)
    user = versions.order_by("-history_id").values_list("history_user_id", flat=True).first()
    return audience.people([user]) if user else NOBODY


def _who_has_it_unread(alert: ImpactAlert, audience: Audience) -> Circle:
    """A notice that nobody has opened says what the alert says now, however often it moved on."""
    rows = Notice.objects.visible_to(audience.system).filter(
        kind=alert._meta.db_table, record_id=alert.pk, read_at=None
    )
    return audience.of(rows.values_list("membership_id", flat=True))
