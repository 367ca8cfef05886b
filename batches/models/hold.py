"""What holds a batch: since when, why, and how long such causes have taken before."""

from django.db import models
from django.db.models import F, Q

from cdmos.models import CDMO
from oversight.kernel.access.tenancy import Shape
from oversight.kernel.trail.models import Record

from .batch import Batch


class BatchHold(Record):
    """One cause that holds a batch; the batch is free when none is left.

    The days are those that investigations of this partner took, in calendar days from becoming aware to closure, or
    those of the whole network where the partner has had fewer than eight.
    """

    SHAPE = Shape.PAIR
    CDMO_COLUMN = "cdmo_id"

    class Basis(models.TextChoices):
        PARTNER = "PARTNER", "This partner's past investigations"
        NETWORK = "NETWORK", "The network's past investigations"
        DEFAULT = "DEFAULT", "No past investigation is known"

    cdmo = models.ForeignKey(CDMO, models.PROTECT, related_name="+", editable=False)
    batch = models.ForeignKey(Batch, models.PROTECT, related_name="holds", editable=False)
    cause_kind = models.CharField(max_length=63, editable=False)
    cause_id = models.BigIntegerField(editable=False)
    cause_number = models.CharField(max_length=30, editable=False)
    cause = models.CharField(max_length=200, editable=False)
    since_on = models.DateField(editable=False)
    held_in = models.CharField(max_length=30, editable=False)  # the status of the batch then
    basis = models.CharField(max_length=8, choices=Basis, blank=True, editable=False)
    cases = models.IntegerField(default=0, editable=False)
    days_p50 = models.IntegerField(null=True, editable=False)
    days_p80 = models.IntegerField(null=True, editable=False)
    lifted_on = models.DateField(null=True, editable=False)

    class Meta:
        indexes = [models.Index(F("tenant"), F("batch"), F("id"), name="hold_by_batch")]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "batch", "cause_kind", "cause_id"],
                condition=Q(lifted_on__isnull=True),
                name="hold_once_for_a_cause",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cause_number} {self.cause}"
