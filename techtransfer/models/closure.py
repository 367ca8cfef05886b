"""Days on which a site does not work: its holidays and shutdowns."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from cdmos.models import CDMO, Site
from oversight.kernel.access.tenancy import Shape
from oversight.kernel.numbering import Pattern
from oversight.kernel.workflow.models import Case, number_once, status_among

LONGEST = 366  # days of one closure
BACKWARDS = "It ends before it begins."


class Closure(Case):
    """From the first to the last day on which a site is closed; its working week stands on the site."""

    SHAPE = Shape.PAIR
    CDMO_COLUMN = "cdmo_id"
    NUMBERS = Pattern("CLO-{number:04}")
    BESIDE = {"closure_ends_after_it_begins": "ends_on"}

    class Status(models.TextChoices):
        ACTIVE = "ACTIVE", "Active"
        VOID = "VOID", "Void"

    class Reason(models.TextChoices):
        HOLIDAY = "HOLIDAY", "Public holiday"
        SHUTDOWN = "SHUTDOWN", "Planned shutdown"
        MAINTENANCE = "MAINTENANCE", "Maintenance"
        UNPLANNED = "UNPLANNED", "Unplanned stop"

    status = models.CharField(max_length=30, choices=Status, default=Status.ACTIVE, editable=False)
    cdmo = models.ForeignKey(CDMO, models.PROTECT, related_name="closures", verbose_name="CDMO")
    site = models.ForeignKey(Site, models.PROTECT, related_name="closures")
    title = models.CharField(max_length=120)
    why = models.CharField("kind", max_length=12, choices=Reason)
    starts_on = models.DateField("first day")
    ends_on = models.DateField("last day")

    class Meta:
        verbose_name = "site closure"
        indexes = [models.Index(F("tenant"), F("site"), F("starts_on"), name="closure_by_site")]
        constraints = [
            number_once("closure"),
            status_among("closure", ("ACTIVE", "VOID")),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="closure_ends_after_it_begins",
                violation_error_message=BACKWARDS,
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """In its order, not for ever, at a site of the CDMO's own."""
        super().clean()
        problems = {}
        if self.site_id and self.cdmo_id and self.site.cdmo_id != self.cdmo_id:
            problems["site"] = Site.ELSEWHERE
        if self.starts_on and self.ends_on:
            if self.ends_on < self.starts_on:
                problems["ends_on"] = BACKWARDS
            elif (self.ends_on - self.starts_on).days >= LONGEST:
                problems["ends_on"] = "That is more than a year. Enter shorter ones."
        if problems:
            raise ValidationError(problems)
