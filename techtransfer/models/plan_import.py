"""A plan that somebody brought as a file: what it would change, until it is taken in or thrown away."""

from datetime import datetime, timedelta

from django.db import models
from django.utils import timezone

from oversight.kernel.access.tenancy import TenantRow
from oversight.kernel.records.models import Own

from .programme import Programme

KEPT = timedelta(days=1)


def expiry() -> datetime:
    """Until when a file that is staged now may be taken in."""
    return timezone.now() + KEPT


class PlanImport(Own, TenantRow):
    """One staged file. No record: it decides nothing, and what it changed stands in the history of each step.

    Only members who see every CDMO bring one, so `cdmo_id` is empty: nobody narrowed and no partner reads the row.
    """

    CDMO_COLUMN = "cdmo_id"
    RIGHTS = {"app": "SELECT, INSERT, UPDATE", "auditor": "SELECT"}

    class State(models.TextChoices):
        STAGED = "STAGED", "Waits for you"
        COMMITTED = "COMMITTED", "Imported"
        REFUSED = "REFUSED", "Has errors"
        EXPIRED = "EXPIRED", "Thrown away"

    class Format(models.TextChoices):
        MSPDI = "MSPDI", "Microsoft Project XML"
        XLSX = "XLSX", "Excel workbook"
        CSV = "CSV", "CSV"

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="plan_imports", editable=False)
    user_id = models.BigIntegerField(editable=False)
    user_name = models.CharField(max_length=200, editable=False)
    file_name = models.CharField(max_length=180, editable=False)
    format = models.CharField(max_length=5, choices=Format, editable=False)
    size = models.IntegerField(editable=False)
    sha256 = models.CharField(max_length=64, editable=False)
    state = models.CharField(max_length=9, choices=State, default=State.STAGED, editable=False)
    report = models.JSONField(default=dict, editable=False)  # what it would change, and what is wrong with it
    digest = models.CharField(max_length=64, editable=False)  # of what it would change, as it was shown
    plan_seen = models.CharField(max_length=64, editable=False)  # the plan that it was compared with
    reason = models.CharField(max_length=1000, blank=True, editable=False)
    staged_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField(default=expiry, editable=False)
    committed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        indexes = [
            models.Index(fields=["tenant", "programme", "-id"], name="plan_import_of_programme"),
            models.Index(fields=["tenant", "sha256"], name="plan_import_of_content"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=("STAGED", "COMMITTED", "REFUSED", "EXPIRED")),
                name="plan_import_state_known",
            )
        ]

    def __str__(self) -> str:
        return self.file_name
