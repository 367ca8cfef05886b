"""A place where a CDMO works."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F
from django.db.models.functions import Lower

from oversight.kernel.access.models import time_zones
from oversight.kernel.access.tenancy import Shape
from oversight.kernel.numbering import Pattern
from oversight.kernel.workflow.models import Case, number_once, status_among

from .cdmo import CDMO, country_choices


class Site(Case):
    """A place where a CDMO works: its clock, its calendar, its number at the FDA."""

    SHAPE = Shape.PAIR
    CDMO_COLUMN = "cdmo_id"
    NUMBERS = Pattern("SITE-{number:03}")
    BESIDE = {"site_name_once": "name"}

    class Status(models.TextChoices):
        ACTIVE = "ACTIVE", "Active"
        VOID = "VOID", "Void"

    class WorkingWeek(models.TextChoices):
        MON_FRI = "MON_FRI", "Monday to Friday"
        MON_SAT = "MON_SAT", "Monday to Saturday"
        SUN_THU = "SUN_THU", "Sunday to Thursday"
        EVERY_DAY = "EVERY_DAY", "Every day"

    # The days of each week, Monday 0.
    WORKING_DAYS = {
        "MON_FRI": frozenset({0, 1, 2, 3, 4}),
        "MON_SAT": frozenset({0, 1, 2, 3, 4, 5}),
        "SUN_THU": frozenset({6, 0, 1, 2, 3}),
        "EVERY_DAY": frozenset(range(7)),
    }

    ELSEWHERE = "This is not a site of the CDMO. Choose one of its sites."  # beside the site of a record

    status = models.CharField(max_length=30, choices=Status, default=Status.ACTIVE, editable=False)
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
            number_once("site"),
            status_among("site", ("ACTIVE", "VOID")),
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
