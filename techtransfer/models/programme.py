"""A programme: one product on its way through a phase, with the steps and studies that its plan holds together."""

from django.db import models
from django.db.models import F

from oversight.kernel.access.tenancy import Shape
from oversight.kernel.numbering import Pattern
from oversight.kernel.workflow.models import Case, number_once, status_among

from .product import Product


class Programme(Case):
    """What is forecast together: whoever recomputes its dates locks this row."""

    SHAPE = Shape.SPONSOR
    NUMBERS = Pattern("PRG-{number:03}")
    UNTRACKED = ("forecast_at", "forecast_problem")  # when the dates were last computed, and why they could not be

    class Status(models.TextChoices):
        ACTIVE = "ACTIVE", "Active"
        CLOSED = "CLOSED", "Closed"
        VOID = "VOID", "Void"

    class Phase(models.TextChoices):
        PRECLINICAL = "PRECLINICAL", "Preclinical"
        PHASE_1 = "PHASE_1", "Phase 1"
        PHASE_2 = "PHASE_2", "Phase 2"
        PHASE_3 = "PHASE_3", "Phase 3"
        COMMERCIAL = "COMMERCIAL", "Commercial"

    MARKETS = ("market_us", "market_eu", "market_uk", "market_ch", "market_jp", "market_cn")

    status = models.CharField(max_length=30, choices=Status, default=Status.ACTIVE, editable=False)
    product = models.ForeignKey(Product, models.PROTECT, related_name="programmes")
    title = models.CharField(max_length=160)
    phase = models.CharField(max_length=12, choices=Phase)
    market_us = models.BooleanField("United States", default=False)
    market_eu = models.BooleanField("European Union", default=False)
    market_uk = models.BooleanField("United Kingdom", default=False)
    market_ch = models.BooleanField("Switzerland", default=False)
    market_jp = models.BooleanField("Japan", default=False)
    market_cn = models.BooleanField("China", default=False)
    description = models.TextField(max_length=4000, blank=True)
    owner_id = models.BigIntegerField(default=0, editable=False)  # the person who leads it; 0: nobody
    owner_name = models.CharField("lead", max_length=200, blank=True, editable=False)
    forecast_at = models.DateTimeField("dates computed", null=True, blank=True, editable=False)
    forecast_problem = models.CharField("why there is no forecast", max_length=300, blank=True, editable=False)

    class Meta:
        indexes = [models.Index(F("tenant"), F("status"), F("id"), name="programme_by_status")]
        constraints = [
            number_once("programme"),
            status_among("programme", ("ACTIVE", "CLOSED", "VOID")),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def open_steps(self) -> bool:
        """Whether a step of it still has to be done; a list brings along what it takes to say so."""
        if (brought := getattr(self, "_open_steps", None)) is not None:
            return bool(brought)
        return self.milestones.filter(status__in=self.milestones.model.OPEN).exists()
