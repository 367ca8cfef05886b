"""The partner company, as one sponsor keeps it."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django_countries import countries

from oversight.kernel.access.tenancy import Shape
from oversight.kernel.numbering import Pattern
from oversight.kernel.workflow.models import Case, number_once, status_among


def country_choices() -> list[tuple[str, str]]:
    """ISO 3166-1 alpha-2 codes with their English names."""
    return [(code, str(name)) for code, name in countries]


class CDMO(Case):
    """A contract development and manufacturing organisation; two sponsors using one company keep two records."""

    SHAPE = Shape.PAIR
    CDMO_COLUMN = "id"
    NUMBERS = Pattern("CDMO-{number:03}")
    BESIDE = {"cdmo_name_once": "name", "cdmo_has_a_type": "drug_substance"}

    class Status(models.TextChoices):
        ACTIVE = "ACTIVE", "Active"
        VOID = "VOID", "Void"

    class OutsourcingModel(models.TextChoices):
        TACTICAL = "TACTICAL", "Tactical"
        PREFERRED = "PREFERRED", "Preferred"
        STRATEGIC = "STRATEGIC", "Strategic"

    status = models.CharField(max_length=30, choices=Status, default=Status.ACTIVE, editable=False)
    name = models.CharField(max_length=120)
    legal_name = models.CharField(max_length=200, blank=True)
    country = models.CharField(max_length=2, choices=country_choices)
    website = models.URLField(blank=True)
    outsourcing_model = models.CharField(max_length=12, choices=OutsourcingModel)
    drug_substance = models.BooleanField(default=False)
    drug_product = models.BooleanField(default=False)
    analytical = models.BooleanField(default=False)
    packaging = models.BooleanField(default=False)
    storage = models.BooleanField(default=False)
    notes = models.TextField(blank=True)

    TYPES = ("drug_substance", "drug_product", "analytical", "packaging", "storage")

    class Meta:
        verbose_name = "CDMO"
        verbose_name_plural = "CDMOs"
        constraints = [
            number_once("cdmo"),
            status_among("cdmo", ("ACTIVE", "VOID")),
            models.UniqueConstraint(
                "tenant",
                Lower("name"),
                name="cdmo_name_once",
                violation_error_message="There is a CDMO of this name already: open that one.",
            ),
            models.CheckConstraint(
                condition=Q(drug_substance=True)
                | Q(drug_product=True)
                | Q(analytical=True)
                | Q(packaging=True)
                | Q(storage=True),
                name="cdmo_has_a_type",
                violation_error_message="Say what this CDMO does: tick at least one type.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def types(self) -> list[str]:
        """What the CDMO does, in words."""
        return [name.replace("_", " ").capitalize() for name in self.TYPES if getattr(self, name)]
