"""The partners: CDMOs and their sites, as one sponsor keeps them."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django_countries import countries

from oversight.kernel.access.models import time_zones
from oversight.kernel.access.tenancy import Shape
from oversight.kernel.trail.models import Record


def country_choices() -> list[tuple[str, str]]:
    """ISO 3166-1 alpha-2 codes with their English names."""
    return [(code, str(name)) for code, name in countries]


class CDMO(Record):
    """A contract development and manufacturing organisation; two sponsors using one company keep two records."""

    SHAPE = Shape.PAIR
    CDMO_COLUMN = "id"

    class OutsourcingModel(models.TextChoices):
        TACTICAL = "TACTICAL", "Tactical"
        PREFERRED = "PREFERRED", "Preferred"
        STRATEGIC = "STRATEGIC", "Strategic"

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


class Site(Record):
    """A place where a CDMO works: its clock, its calendar, its number at the FDA."""

    SHAPE = Shape.PAIR
    CDMO_COLUMN = "cdmo_id"

    class WorkingWeek(models.TextChoices):
        MON_FRI = "MON_FRI", "Monday to Friday"
        MON_SAT = "MON_SAT", "Monday to Saturday"
        SUN_THU = "SUN_THU", "Sunday to Thursday"
        EVERY_DAY = "EVERY_DAY", "Every day"

    cdmo = models.ForeignKey(CDMO, models.PROTECT, related_name="sites", verbose_name="CDMO")
    name = models.CharField(max_length=120)
    address = models.CharField(max_length=300, blank=True)
    city = models.CharField(max_length=120)
    country = models.CharField(max_length=2, choices=country_choices)
    time_zone = models.CharField(max_length=40, choices=time_zones)
    fei_number = models.CharField(
        "FEI number",
        max_length=10,
        blank=True,
        validators=[RegexValidator(r"^\d{7,10}$", "An FEI number has 7 to 10 digits.")],
        help_text="The FDA's establishment identifier, 7 to 10 digits.",
    )
    working_week = models.CharField(max_length=10, choices=WorkingWeek, default=WorkingWeek.MON_FRI)

    class Meta:
        indexes = [models.Index(F("tenant"), Lower("name"), F("id"), name="site_by_name")]
        constraints = [
            models.UniqueConstraint(
                "tenant",
                "cdmo",
                Lower("name"),
                name="site_name_once",
                violation_error_message="This CDMO has a site of this name already.",
            ),
        ]

    def __str__(self) -> str:
        return self.name
