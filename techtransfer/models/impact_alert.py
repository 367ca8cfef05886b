"""An impact alert: that dates moved, for those who own what moved."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from cdmos.models import CDMO
from oversight.kernel.access.tenancy import Shape
from oversight.kernel.numbering import Pattern
from oversight.kernel.workflow.models import Case, number_once, status_among

from .milestone import Milestone
from .programme import Programme
from .study import Study


class ImpactAlert(Case):
    """One standing alert for a study, and one for a partner's or the sponsor's steps of a programme.

    While nobody has seen it, a further move is added to it: it goes on from the date that people knew.
    """

    SHAPE = Shape.PAIR
    CDMO_COLUMN = "cdmo_id"
    NUMBERS = Pattern("IMP-{year:02}-{number:05}")

    class Status(models.TextChoices):
        OPEN = "OPEN", "Open"
        SEEN = "SEEN", "Seen"

    status = models.CharField(max_length=30, choices=Status, default=Status.OPEN, editable=False)
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="alerts", editable=False)
    product_code = models.CharField("product", max_length=20, blank=True, editable=False)
    cdmo = models.ForeignKey(
        CDMO, models.PROTECT, null=True, blank=True, related_name="+", editable=False, verbose_name="CDMO"
    )
    title = models.CharField(max_length=200, editable=False)
    study = models.ForeignKey(Study, models.PROTECT, null=True, blank=True, related_name="alerts", editable=False)
    milestone = models.ForeignKey(
        Milestone, models.PROTECT, null=True, blank=True, related_name="alerts", editable=False, verbose_name="step"
    )  # that which moved most
    steps = models.IntegerField("steps moved", default=0, editable=False)
    was_on = models.DateField("was", editable=False)
    now_on = models.DateField("is now", editable=False)
    days = models.IntegerField("moved by, days", editable=False)
    cause_kind = models.CharField(max_length=63, blank=True, editable=False)
    cause_id = models.BigIntegerField(default=0, editable=False)
    cause_number = models.CharField("cause", max_length=30, blank=True, editable=False)
    cause = models.CharField("why", max_length=200, blank=True, editable=False)
    owner_ids = ArrayField(models.BigIntegerField(), default=list, editable=False)  # whose steps, or study, moved
    raised_at = models.DateTimeField("raised", editable=False)

    class Meta:
        indexes = [
            models.Index(F("tenant"), F("status"), F("id"), name="impact_by_status"),
            models.Index(F("tenant"), F("raised_at"), F("id"), name="impact_by_time"),
        ]
        constraints = [
            number_once("impact"),
            status_among("impact", ("OPEN", "SEEN")),
            models.UniqueConstraint(
                fields=["tenant", "programme", "cdmo", "study"],
                condition=Q(status="OPEN"),
                name="impact_one_open",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return self.title
