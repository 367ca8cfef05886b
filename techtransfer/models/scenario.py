"""A scenario: a what-if that somebody keeps, with what it came to on the plan of that day."""

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F
from django.utils import timezone

from oversight.kernel.access.tenancy import Shape
from oversight.kernel.numbering import Pattern
from oversight.kernel.workflow.models import Case, number_once, status_among
from techtransfer.whatif.suppositions import Impossible, parse

from .programme import Programme

KEPT_FOR = timedelta(days=30)
LONGEST = timedelta(days=366)


class Scenario(Case):
    """Kept by one person; nobody else sees it until it is shared. It changes nothing of the plan."""

    SHAPE = Shape.SPONSOR
    AUTHOR_COLUMN, OPENED_COLUMN = "author_id", "shared"
    NUMBERS = Pattern("SCN-{number:04}")

    class Status(models.TextChoices):
        KEPT = "KEPT", "Kept"
        ADOPTED = "ADOPTED", "Adopted"
        DROPPED = "DROPPED", "Dropped"
        EXPIRED = "EXPIRED", "Expired"

    status = models.CharField(max_length=30, choices=Status, default=Status.KEPT, editable=False)
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="scenarios")
    title = models.CharField(max_length=120, blank=True)  # empty: what it comes to
    suppositions = models.TextField("what is supposed", max_length=1000)  # one a line, as whatif.suppositions reads it
    shared = models.BooleanField("shared", default=False)
    expires_on = models.DateField("kept until", null=True, blank=True)
    author_id = models.BigIntegerField(default=0, editable=False)
    author_name = models.CharField("kept by", max_length=200, blank=True, editable=False)
    # What it came to, and on which plan: frozen when it is kept.
    computed_at = models.DateTimeField("computed", null=True, blank=True, editable=False)
    forecast_at = models.DateTimeField("on the plan of", null=True, blank=True, editable=False)
    days = models.IntegerField("study moves by, days", null=True, blank=True, editable=False)
    studies = models.JSONField("effect on studies", default=list, blank=True, editable=False)
    steps = models.JSONField("effect on steps", default=list, blank=True, editable=False)
    consequences = models.JSONField(default=list, blank=True, editable=False)

    class Meta:
        indexes = [
            models.Index(F("tenant"), F("programme"), F("id"), name="scenario_by_programme"),
            models.Index(F("tenant"), F("status"), F("expires_on"), name="scenario_by_expiry"),
        ]
        constraints = [
            number_once("scenario"),
            status_among("scenario", ("KEPT", "ADOPTED", "DROPPED", "EXPIRED")),
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """Something is supposed, for a while that is not over."""
        super().clean()
        problems: dict[str, Any] = {}
        try:
            if self.suppositions and not parse(self.suppositions):
                problems["suppositions"] = "Suppose something: begin with a preview on the page of the programme."
        except Impossible as refusal:
            problems["suppositions"] = str(refusal)
        if self.expires_on and self._state.adding and (problem := odd(self.expires_on)):
            problems["expires_on"] = problem
        if problems:
            raise ValidationError(problems)


def odd(day: date | None) -> str:
    """What is wrong with a day until which it is kept; nothing when it is a good one."""
    if day is None:
        return "Enter until when it is kept."
    today = timezone.now().date()
    if day < today:
        return "This lies in the past. Enter until when it is kept."
    return "That is more than a year. Enter an earlier day." if day - today > LONGEST else ""
