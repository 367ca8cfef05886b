"""A clinical lot: packaged supply for one study."""

from django.db import models
from django.db.models import F

from cdmos.models import CDMO
from oversight.kernel.access.tenancy import Shape
from oversight.kernel.numbering import Pattern
from oversight.kernel.workflow.models import Case, number_once, status_among
from techtransfer.models import Study

from .batch import Batch
from .genealogy import SOME


class Lot(Case):
    """So many kits of one packaged batch, for one study."""

    SHAPE = Shape.PAIR
    CDMO_COLUMN = "cdmo_id"
    NUMBERS = Pattern("CL-{year:02}-{number:03}")

    class Status(models.TextChoices):
        PLANNED = "PLANNED", "Planned"
        AVAILABLE = "AVAILABLE", "Available"
        SHIPPED = "SHIPPED", "Shipped"
        VOID = "VOID", "Void"

    status = models.CharField(max_length=30, choices=Status, default=Status.PLANNED, editable=False)
    cdmo = models.ForeignKey(CDMO, models.PROTECT, related_name="lots", editable=False, verbose_name="CDMO")
    batch = models.ForeignKey(Batch, models.PROTECT, related_name="lots")
    study = models.ForeignKey(Study, models.PROTECT, null=True, blank=True, related_name="lots")
    quantity = models.DecimalField(max_digits=14, decimal_places=3, validators=[SOME])
    unit = models.CharField(max_length=14, choices=Batch.Unit)
    expires_on = models.DateField("expiry", null=True, blank=True)
    shipped_on = models.DateField("shipped", null=True, blank=True)
    destination = models.CharField(max_length=120, blank=True)

    class Meta:
        indexes = [
            models.Index(F("tenant"), F("batch"), F("id"), name="lot_by_batch"),
            models.Index(F("tenant"), F("status"), F("id"), name="lot_by_status"),
        ]
        constraints = [
            number_once("lot"),
            status_among("lot", ("PLANNED", "AVAILABLE", "SHIPPED", "VOID")),
        ]

    def __str__(self) -> str:
        return self.number
