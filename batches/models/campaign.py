"""A campaign: batches of one product made in a row at one site."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F

from cdmos.models import CDMO, Site
from oversight.kernel.access.tenancy import Shape
from oversight.kernel.numbering import Pattern
from oversight.kernel.workflow.models import Case, number_once, status_among
from techtransfer.models import Programme


class Campaign(Case):
    """From its first to its last day at one site of a CDMO."""

    SHAPE = Shape.PAIR
    CDMO_COLUMN = "cdmo_id"
    NUMBERS = Pattern("CAM-{year:02}-{number:03}")

    class Status(models.TextChoices):
        PLANNED = "PLANNED", "Planned"
        RUNNING = "RUNNING", "Running"
        COMPLETED = "COMPLETED", "Completed"
        VOID = "VOID", "Void"

    status = models.CharField(max_length=30, choices=Status, default=Status.PLANNED, editable=False)
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="campaigns")
    product_code = models.CharField("product", max_length=20, blank=True, editable=False)
    cdmo = models.ForeignKey(CDMO, models.PROTECT, related_name="campaigns", verbose_name="CDMO")
    site = models.ForeignKey(Site, models.PROTECT, related_name="campaigns")
    title = models.CharField(max_length=160)
    starts_on = models.DateField("first day", null=True, blank=True)
    ends_on = models.DateField("last day", null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(F("tenant"), F("cdmo"), F("id"), name="campaign_by_cdmo"),
            models.Index(F("tenant"), F("status"), F("id"), name="campaign_by_status"),
        ]
        constraints = [
            number_once("campaign"),
            status_among("campaign", ("PLANNED", "RUNNING", "COMPLETED", "VOID")),
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """At a site of the CDMO's own, in its order."""
        super().clean()
        problems = {}
        if self.site_id and self.cdmo_id and self.site.cdmo_id != self.cdmo_id:
            problems["site"] = Site.ELSEWHERE
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            problems["ends_on"] = "It ends before it begins."
        if problems:
            raise ValidationError(problems)
