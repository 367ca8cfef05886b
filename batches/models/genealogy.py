"""Genealogy: how much of which batch went into which."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q

from oversight.kernel.access.tenancy import Shape
from oversight.kernel.numbering import Pattern
from oversight.kernel.workflow.models import Case, number_once, status_among

from .batch import Batch

SOME = MinValueValidator(Decimal("0.001"), "Enter how much it was: more than nothing.")


class GenealogyEdge(Case):
    """From a batch to one that was made of it. The sponsor's own: it mostly leads from one partner to the next."""

    SHAPE = Shape.SPONSOR
    NUMBERS = Pattern("GEN-{number:05}")
    BEYOND = ("source", "made_into")  # whoever sees only some CDMOs sees that something went on, not always whence
    BESIDE = {"genealogy_once": "made_into", "genealogy_leads_on": "made_into"}

    class Status(models.TextChoices):
        ACTIVE = "ACTIVE", "Active"
        VOID = "VOID", "Void"

    status = models.CharField(max_length=30, choices=Status, default=Status.ACTIVE, editable=False)
    source = models.ForeignKey(Batch, models.PROTECT, related_name="went_into", verbose_name="batch")
    made_into = models.ForeignKey(Batch, models.PROTECT, related_name="made_from", verbose_name="went into")
    quantity = models.DecimalField(max_digits=14, decimal_places=3, validators=[SOME])
    unit = models.CharField(max_length=14, choices=Batch.Unit)
    used_on = models.DateField("used", null=True, blank=True)

    class Meta:
        verbose_name = "genealogy edge"
        indexes = [
            models.Index(F("tenant"), F("source"), name="genealogy_by_source"),
            models.Index(F("tenant"), F("made_into"), name="genealogy_by_target"),
        ]
        constraints = [
            number_once("genealogy"),
            status_among("genealogy", ("ACTIVE", "VOID")),
            models.UniqueConstraint(
                fields=["tenant", "source", "made_into"],
                condition=Q(status="ACTIVE"),
                name="genealogy_once",
                violation_error_message="This is on file already: amend its quantity.",
            ),
            models.CheckConstraint(
                condition=~Q(source=F("made_into")),
                name="genealogy_leads_on",
                violation_error_message="A batch is not made of itself.",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def clean(self) -> None:
        """Drug substance goes into drug product, drug product into packaged supply; never backwards."""
        super().clean()
        if self._state.adding and self.source_id and self.made_into_id:  # neither is changed later
            order = list(Batch.Stage)
            if order.index(Batch.Stage(self.source.stage)) > order.index(Batch.Stage(self.made_into.stage)):
                raise ValidationError({"made_into": "It is of an earlier stage. A batch goes into a later one."})
