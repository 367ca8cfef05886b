"""A task that answers a deviation: what somebody on one side has to do, with a clock."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F

from cdmos.models import CDMO
from oversight.kernel.access.tenancy import Shape
from oversight.kernel.clocks.models import Due
from oversight.kernel.clocks.rules import Side
from oversight.kernel.numbering import Pattern
from oversight.kernel.records.ordering import undated_last
from oversight.kernel.workflow.models import Case, number_once, status_among

from .deviation import NOBODY, Deviation


class ResponseTask(Due, Case):
    """One step of the response that the event type calls for, or one that the sponsor added."""

    SHAPE = Shape.PAIR
    CDMO_COLUMN = "cdmo_id"
    NUMBERS = Pattern("TSK-{year:02}-{number:05}")
    UNTRACKED = ("due_at", "due_label", "due_side")  # copies of what the clock says

    class Status(models.TextChoices):
        OPEN = "OPEN", "Open"
        DONE = "DONE", "Done"
        NOT_NEEDED = "NOT_NEEDED", "Not needed"

    status = models.CharField(max_length=30, choices=Status, default=Status.OPEN, editable=False)
    cdmo = models.ForeignKey(CDMO, models.PROTECT, related_name="+", editable=False, verbose_name="CDMO")
    deviation = models.ForeignKey(Deviation, models.PROTECT, related_name="tasks")
    title = models.CharField(max_length=160)
    side = models.CharField(max_length=10, choices=Side)
    rule = models.CharField(max_length=40, blank=True, editable=False)  # the planned step; empty: added by a person
    taken_by = models.BigIntegerField(default=NOBODY, editable=False)
    owner_name = models.CharField("owner", max_length=200, blank=True, editable=False)
    note = models.TextField("what was done", max_length=4000, blank=True)
    done_at = models.DateTimeField("done", null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "response task"
        indexes = [
            models.Index(F("tenant"), undated_last("due_at"), F("id"), name="task_by_due"),
            models.Index(F("tenant"), F("deviation"), F("id"), name="task_by_deviation"),
            models.Index(F("tenant"), F("status"), F("id"), name="task_by_status"),
        ]
        constraints = [
            number_once("task"),
            status_among("task", ("OPEN", "DONE", "NOT_NEEDED")),
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """A deviation that is closed takes no new task; nor does a void one, as nothing does."""
        super().clean()
        if self._state.adding and self.deviation_id and self.deviation.status == Deviation.Status.CLOSED:
            raise ValidationError({"deviation": "This deviation is closed. Choose one that is still open."})
