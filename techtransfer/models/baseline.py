"""A baseline: a forecast that was frozen, and against which every slip is counted once it is approved."""

from collections.abc import Collection

from django.db import models
from django.db.models import F

from oversight.kernel.access.tenancy import Shape, TenantRow
from oversight.kernel.numbering import Pattern
from oversight.kernel.workflow.models import Case, number_once, status_among

from .programme import Programme


class Baseline(Case):
    """Frozen when it is proposed; it takes the place of the one before when a second person signs it."""

    SHAPE = Shape.SPONSOR
    NUMBERS = Pattern("BSL-{number:04}")

    class Status(models.TextChoices):
        PROPOSED = "PROPOSED", "Proposed"
        APPROVED = "APPROVED", "Approved"
        REPLACED = "REPLACED", "Replaced"
        DECLINED = "DECLINED", "Declined"

    status = models.CharField(max_length=30, choices=Status, default=Status.PROPOSED, editable=False)
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="baselines")
    title = models.CharField(max_length=120)
    justification = models.TextField(max_length=4000)
    proposed_by = models.BigIntegerField(
        default=0, editable=False
    )  # never null: nobody passes by comparing with nothing
    steps = models.IntegerField("steps frozen", default=0, editable=False)
    approved_at = models.DateTimeField("approved", null=True, blank=True, editable=False)

    class Meta:
        indexes = [models.Index(F("tenant"), F("programme"), F("id"), name="baseline_by_programme")]
        constraints = [
            number_once("baseline"),
            status_among("baseline", ("PROPOSED", "APPROVED", "REPLACED", "DECLINED")),
            models.UniqueConstraint(
                fields=["tenant", "programme"],
                condition=models.Q(status="APPROVED"),
                name="baseline_one_approved",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        """That a programme has one in force is left to the database: the former goes in the move that puts it there."""
        super().validate_constraints(exclude={*(exclude or ()), "programme"})


class BaselineDate(TenantRow):
    """The dates of one step as a baseline froze them."""

    SHAPE = Shape.SPONSOR
    APPEND_ONLY = True
    RIGHTS = {"app": "SELECT, INSERT", "auditor": "SELECT"}

    baseline = models.ForeignKey(Baseline, models.PROTECT, related_name="dates", editable=False)
    milestone_id = models.BigIntegerField(editable=False)
    start_on = models.DateField(editable=False)
    end_on = models.DateField(editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "baseline", "milestone_id"], name="baseline_date_once")
        ]

    def __str__(self) -> str:
        return f"{self.start_on} to {self.end_on}"
