"""A clinical study: what waits at the end of the chain."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F

from oversight.kernel.access.tenancy import Shape
from oversight.kernel.numbering import Pattern
from oversight.kernel.records.ordering import undated_last
from oversight.kernel.workflow.models import Case, number_once, status_among

from .milestone import Milestone
from .programme import Programme


class Study(Case):
    """A study starts on the day of one milestone of its programme; the forecast of that day is copied here."""

    SHAPE = Shape.SPONSOR
    NUMBERS = Pattern("STU-{number:03}")
    BESIDE = {"study_code_once": "code"}
    UNTRACKED = ("slip_days", "float_days", "chain")  # what follows from dates that the history has

    class Status(models.TextChoices):
        PLANNED = "PLANNED", "Planned"
        RUNNING = "RUNNING", "Running"
        CLOSED = "CLOSED", "Closed"
        VOID = "VOID", "Void"

    status = models.CharField(max_length=30, choices=Status, default=Status.PLANNED, editable=False)
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="studies")
    code = models.CharField(max_length=30)
    title = models.CharField(max_length=200)
    first_patient_in = models.ForeignKey(
        Milestone, models.PROTECT, null=True, blank=True, related_name="studies", verbose_name="first-patient-in step"
    )
    planned_first_patient_in = models.DateField(null=True, blank=True)
    supply_needed_on = models.DateField("supply needed by", null=True, blank=True)
    owner_id = models.BigIntegerField(default=0, editable=False)
    owner_name = models.CharField("owner", max_length=200, blank=True, editable=False)
    actual_first_patient_in = models.DateField(null=True, blank=True)
    baseline_first_patient_in = models.DateField(null=True, blank=True, editable=False)
    forecast_first_patient_in = models.DateField(null=True, blank=True, editable=False)
    forecast_before = models.DateField("forecast before", null=True, blank=True, editable=False)
    slip_days = models.IntegerField("days late", null=True, blank=True, editable=False)
    float_days = models.IntegerField("days of float", null=True, blank=True, editable=False)
    # Where the days come from, first cause first, as the last run found them; their days add up to `slip_days`.
    chain = models.JSONField(default=list, blank=True, editable=False)

    class Meta:
        verbose_name_plural = "studies"
        indexes = [
            models.Index(
                F("tenant"), undated_last("forecast_first_patient_in", day=True), F("id"), name="study_by_forecast"
            ),
            models.Index(F("tenant"), F("programme"), F("id"), name="study_by_programme"),
        ]
        constraints = [
            number_once("study"),
            status_among("study", ("PLANNED", "RUNNING", "CLOSED", "VOID")),
            models.UniqueConstraint(
                fields=["tenant", "code"],
                name="study_code_once",
                violation_error_message="Another study has this code already.",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def agreed_first_patient_in(self) -> date | None:
        """The day against which it is late: the baseline's, or the planned one until a baseline is approved."""
        return self.baseline_first_patient_in or self.planned_first_patient_in

    def clean(self) -> None:
        """The step on which a study starts is one of its own programme."""
        super().clean()
        if self.first_patient_in and self.first_patient_in.programme_id != self.programme_id:
            raise ValidationError({"first_patient_in": "This step is another programme's. Choose one of its own."})
