"""What members are told of, the letters that say it by e-mail, what each member chose, and keys of calendar feeds."""

from django.db import models
from django.utils import timezone

from oversight.kernel.access.tenancy import TenantRow
from oversight.kernel.outbox.models import PROGRESS, Owed
from oversight.kernel.records.models import Own

from .groups import Group, Way


class Letter(Owed, Own, TenantRow):
    """One e-mail that is owed to a member: of one notice, or of all that gathered until the morning."""

    CDMO_COLUMN = "cdmo_id"
    SHARED_COLUMN = "of_partner"
    RIGHTS = {
        "app": f"SELECT, INSERT, UPDATE ({PROGRESS}, claimed_at, sent_at), DELETE",
        "relay": f"SELECT, UPDATE ({PROGRESS})",
        "auditor": "SELECT",
    }

    of_partner = models.BooleanField(editable=False)  # else a partner's connection might read a narrowed member's
    user_id = models.BigIntegerField(editable=False)
    slot = models.CharField(max_length=60, editable=False)  # `event-812` at once, `day-2026-11-24` in the morning
    claimed_at = models.DateTimeField(null=True, editable=False)  # a worker is at it, or died of it
    sent_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "membership_id", "slot"], name="letter_once")]
        indexes = [models.Index(fields=["state", "due_at"], name="letter_owed", condition=~models.Q(state="DONE"))]

    def __str__(self) -> str:
        return f"{self.slot} to membership {self.membership_id}"


class Notice(Own, TenantRow):
    """That a member is told of one event. It holds no text: what it says is read from the record when it is shown."""

    CDMO_COLUMN = "cdmo_id"
    SHARED_COLUMN = "of_partner"
    RIGHTS = {"app": "SELECT, INSERT, UPDATE (letter_id, read_at, mailed_at), DELETE", "auditor": "SELECT"}

    of_partner = models.BooleanField(editable=False)
    event_id = models.BigIntegerField(editable=False)
    kind = models.CharField(max_length=63, editable=False)  # the record's table
    record_id = models.BigIntegerField(editable=False)
    comment_id = models.BigIntegerField(null=True, editable=False)  # what was said, where something was
    clock_id = models.BigIntegerField(null=True, editable=False)  # what ran out, where something did
    what = models.CharField(max_length=40, editable=False)  # names the sentence
    group = models.CharField(max_length=10, choices=Group, editable=False)
    who = models.CharField(max_length=200, editable=False)  # a colleague's name, or the other side's company
    at = models.DateTimeField(editable=False)
    letter = models.ForeignKey(Letter, models.SET_NULL, null=True, related_name="notices", editable=False)
    read_at = models.DateTimeField(null=True, editable=False)
    mailed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "membership_id", "event_id"], name="notice_once")]
        indexes = [
            models.Index(fields=["tenant", "membership_id", "-at", "-id"], name="notice_of_member"),
            models.Index(
                fields=["tenant", "membership_id"], name="notice_unread", condition=models.Q(read_at__isnull=True)
            ),
            models.Index(fields=["tenant", "kind", "record_id"], name="notice_of_record"),
        ]

    def __str__(self) -> str:
        return f"{self.what} of {self.kind} {self.record_id} to membership {self.membership_id}"


class Preference(Own, TenantRow):
    """How a member wants to hear of one group of events; without a row, the house's way holds."""

    CARRIED = True
    CDMO_COLUMN = "cdmo_id"
    SHARED_COLUMN = "of_partner"
    RIGHTS = {"app": "SELECT, INSERT, UPDATE (way, cdmo_id)", "auditor": "SELECT"}

    of_partner = models.BooleanField(editable=False)
    group = models.CharField(max_length=10, choices=Group, editable=False)
    way = models.CharField(max_length=10, choices=Way)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "membership_id", "group"], name="preference_once")]

    def __str__(self) -> str:
        return f"{self.group}: {self.way}"


class CalendarKey(Own, TenantRow):
    """What opens a member's calendar feed. The secret is shown once and kept as a digest; another one replaces it."""

    CARRIED = True
    CDMO_COLUMN = "cdmo_id"
    SHARED_COLUMN = "of_partner"
    RIGHTS = {
        "app": "SELECT, INSERT, UPDATE (cdmo_id), DELETE",
        "auditor": "SELECT (id, tenant_id, membership_id)",
        "keeper": "SELECT",
    }

    of_partner = models.BooleanField(editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "membership_id"], name="calendar_key_once")]

    def __str__(self) -> str:
        return f"calendar of membership {self.membership_id}"
