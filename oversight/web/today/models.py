"""What Today remembers: when a member looked last, and of what a partner was reminded."""

from django.db import models

from oversight.kernel.access.tenancy import TenantRow
from oversight.kernel.records.models import Own
from oversight.kernel.trail.about import About


class Visit(Own, TenantRow):
    """When one member looked at Today last, and when the visit before that ended."""

    CARRIED = True
    CDMO_COLUMN = "cdmo_id"
    RIGHTS = {"app": "SELECT, INSERT, UPDATE", "auditor": "SELECT"}

    seen_at = models.DateTimeField(editable=False)
    before_at = models.DateTimeField(null=True, editable=False)  # None: this is the first visit

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "membership_id"], name="visit_once")]

    def __str__(self) -> str:
        return f"visit of member {self.membership_id}"


class Reminder(About, TenantRow):
    """That somebody reminded a partner of a record on that day: once, whoever asks."""

    RIGHTS = {"app": "SELECT, INSERT", "auditor": "SELECT"}

    clock_id = models.BigIntegerField(editable=False)
    day = models.DateField(editable=False)  # where the clock runs
    by_name = models.CharField(max_length=200, editable=False)
    at = models.DateTimeField(editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "kind", "record_id", "day"], name="reminder_once_a_day")
        ]

    def __str__(self) -> str:
        return f"reminder of {self.kind} {self.record_id} on {self.day}"
