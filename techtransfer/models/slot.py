"""A slot of a fill line: the only days on which a step of that line may begin."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from cdmos.models import CDMO, Site
from oversight.kernel.access.tenancy import Shape
from oversight.kernel.numbering import Pattern
from oversight.kernel.workflow.models import Case, number_once, status_among

from .milestone import LONGEST, TOO_FAR, Milestone


class Slot(Case):
    """Open, booked for one step, or lost to somebody else."""

    SHAPE = Shape.PAIR
    CDMO_COLUMN = "cdmo_id"
    NUMBERS = Pattern("SLT-{number:05}")
    BESIDE = {"slot_once": "starts_on", "slot_booked_for_a_step": "milestone"}

    class Status(models.TextChoices):
        OPEN = "OPEN", "Open"
        BOOKED = "BOOKED", "Booked"
        LOST = "LOST", "Lost"
        VOID = "VOID", "Void"

    status = models.CharField(max_length=30, choices=Status, default=Status.OPEN, editable=False)
    cdmo = models.ForeignKey(CDMO, models.PROTECT, related_name="slots", verbose_name="CDMO")
    site = models.ForeignKey(Site, models.PROTECT, related_name="slots")
    line = models.CharField("fill line", max_length=60)
    starts_on = models.DateField("first day")
    days = models.IntegerField(default=1)
    milestone = models.ForeignKey(
        Milestone, models.PROTECT, null=True, blank=True, related_name="slots", verbose_name="booked for"
    )

    class Meta:
        verbose_name = "fill-line slot"
        indexes = [models.Index(F("tenant"), F("site"), F("line"), F("starts_on"), name="slot_by_line")]
        constraints = [
            number_once("slot"),
            status_among("slot", ("OPEN", "BOOKED", "LOST", "VOID")),
            models.UniqueConstraint(
                fields=["tenant", "site", "line", "starts_on"],
                condition=~Q(status__in=("LOST", "VOID")),
                name="slot_once",
                violation_error_message="This line has a slot on that day already.",
            ),
            models.CheckConstraint(
                condition=~Q(status="BOOKED") | Q(milestone__isnull=False),
                name="slot_booked_for_a_step",
                violation_error_message="Say which step it is booked for.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line}, {self.starts_on:%d %b %Y}" if self.starts_on else self.line

    def clean(self) -> None:
        """At a site of the CDMO's own, for a step of that line."""
        super().clean()
        problems = {}
        if self.site_id and self.cdmo_id and self.site.cdmo_id != self.cdmo_id:
            problems["site"] = Site.ELSEWHERE
        if self.days is not None and not 1 <= self.days <= 90:
            problems["days"] = "A slot has 1 to 90 days."
        if self.starts_on and (self.starts_on - timezone.now().date()).days > LONGEST:
            problems["starts_on"] = TOO_FAR
        if self.milestone and (self.milestone.site_id, self.milestone.line) != (self.site_id, self.line):
            problems["milestone"] = "This step does not wait for a slot of this line. Choose one that does."
        if problems:
            raise ValidationError(problems)
