"""An early warning: that a step is likely to end late, what was seen when it was said, and what came of it."""

from django.db import models
from django.db.models import F, Q

from cdmos.models import CDMO
from oversight.kernel.access.tenancy import Shape
from oversight.kernel.numbering import Pattern
from oversight.kernel.workflow.models import Case, number_once, status_among

from .milestone import Milestone
from .programme import Programme


class EarlyWarning(Case):
    """One standing warning for a step; raised, sharpened and ended by the system alone.

    A record, and not only a row, so that the trail keeps each version with the data seen: how well warnings did is
    judged by what was said at the time. No partner sees one, and who sees some CDMOs alone sees theirs.
    """

    SHAPE = Shape.SPONSOR
    CDMO_COLUMN = "cdmo_id"
    NUMBERS = Pattern("EW-{year:02}-{number:05}")

    class Status(models.TextChoices):
        OPEN = "OPEN", "Standing"
        OVER = "OVER", "Over"
        ASIDE = "ASIDE", "Set aside"

    class Level(models.TextChoices):
        NOTED = "NOTED", "Worth a look"
        AMBER = "AMBER", "Amber"
        RED = "RED", "Red"

    class Basis(models.TextChoices):
        LEARNT = "LEARNT", "Finished steps"
        THREE_POINT = "THREE_POINT", "Three-point estimate"
        FACTS = "FACTS", "Facts alone"

    class Ended(models.TextChoices):
        GONE = "GONE", "No longer likely"
        FINISHED = "FINISHED", "The step ended"
        SET_ASIDE = "SET_ASIDE", "Somebody set it aside"
        TAKEN_OUT = "TAKEN_OUT", "The step is not awaited any more"

    status = models.CharField(max_length=30, choices=Status, default=Status.OPEN, editable=False)
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="+", editable=False)
    product_code = models.CharField("product", max_length=20, blank=True, editable=False)
    cdmo = models.ForeignKey(
        CDMO, models.PROTECT, null=True, blank=True, related_name="+", editable=False, verbose_name="CDMO"
    )
    milestone = models.ForeignKey(
        Milestone, models.PROTECT, related_name="early_warnings", editable=False, verbose_name="step"
    )
    title = models.CharField("what", max_length=200, editable=False)
    level = models.CharField(max_length=10, choices=Level, editable=False)
    chance = models.IntegerField("chance to end late, %", null=True, editable=False)
    basis = models.CharField("known from", max_length=12, choices=Basis, editable=False)
    learnt_from = models.IntegerField("finished steps of the kind", default=0, editable=False)
    learnt_here = models.IntegerField("of them at this partner", default=0, editable=False)
    says = models.CharField("in words", max_length=600, editable=False)
    facts = models.JSONField(default=list, blank=True, editable=False)
    seen = models.TextField("data seen", blank=True, editable=False)  # canonical JSON
    agreed_on = models.DateField("agreed end", null=True, editable=False)
    raised_at = models.DateTimeField("raised", editable=False)
    red_at = models.DateTimeField("red since", null=True, editable=False)  # the first time; kept when it pales
    ended_at = models.DateTimeField("ended", null=True, editable=False)
    ended = models.CharField("why it ended", max_length=10, choices=Ended, blank=True, editable=False)
    late_days = models.IntegerField("the step ended late by, days", null=True, editable=False)
    response = models.TextField("what is done about it", max_length=2000, blank=True)

    class Meta:
        verbose_name = "early warning"
        indexes = [
            models.Index(F("tenant"), F("status"), F("id"), name="early_warning_by_status"),
            models.Index(F("tenant"), F("programme"), F("id"), name="early_warning_by_programme"),
            models.Index(F("tenant"), F("milestone"), F("id"), name="early_warning_by_step"),
            models.Index(F("tenant"), F("raised_at"), F("id"), name="early_warning_by_time"),
        ]
        constraints = [
            number_once("early_warning"),
            status_among("early_warning", ("OPEN", "OVER", "ASIDE")),
            models.UniqueConstraint(
                fields=["tenant", "milestone"], condition=Q(status="OPEN"), name="early_warning_one_standing"
            ),
        ]

    def __str__(self) -> str:
        return self.title
