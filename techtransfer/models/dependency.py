"""A dependency: what one step waits for."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from oversight.kernel.access.tenancy import Shape
from oversight.kernel.numbering import Pattern
from oversight.kernel.workflow.models import Case, number_once, status_among

from .milestone import Milestone
from .programme import Programme

LONGEST_LAG = 3650


class Dependency(Case):
    """From one step of a programme to another. The sponsor's own: it may lead from one partner to the next."""

    SHAPE = Shape.SPONSOR
    NUMBERS = Pattern("DEP-{number:05}")
    BEYOND = ("predecessor", "successor")  # whoever sees only some CDMOs sees that a link is there, not what it links
    BESIDE = {"dependency_once": "successor", "dependency_leads_on": "successor"}

    class Status(models.TextChoices):
        ACTIVE = "ACTIVE", "Active"
        VOID = "VOID", "Void"

    class Link(models.TextChoices):
        FS = "FS", "Finish to start"
        SS = "SS", "Start to start"
        FF = "FF", "Finish to finish"
        SF = "SF", "Start to finish"

    class LagUnit(models.TextChoices):
        ELAPSED = "ELAPSED", "Elapsed days"
        WORKING = "WORKING", "Working days of the later step"

    status = models.CharField(max_length=30, choices=Status, default=Status.ACTIVE, editable=False)
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="dependencies", editable=False)
    predecessor = models.ForeignKey(Milestone, models.PROTECT, related_name="leads_to", verbose_name="step before")
    successor = models.ForeignKey(Milestone, models.PROTECT, related_name="waits_for", verbose_name="step after")
    link = models.CharField(max_length=2, choices=Link, default=Link.FS)
    lag_days = models.IntegerField("lag, days", default=0)
    lag_unit = models.CharField(max_length=8, choices=LagUnit, default=LagUnit.ELAPSED)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name_plural = "dependencies"
        indexes = [
            models.Index(F("tenant"), F("programme"), F("id"), name="dependency_by_programme"),
            models.Index(F("tenant"), F("successor"), name="dependency_by_successor"),
        ]
        constraints = [
            number_once("dependency"),
            status_among("dependency", ("ACTIVE", "VOID")),
            models.UniqueConstraint(
                fields=["tenant", "predecessor", "successor", "link"],
                condition=Q(status="ACTIVE"),
                name="dependency_once",
                violation_error_message="These two steps are linked in this way already.",
            ),
            models.CheckConstraint(
                condition=~Q(predecessor=F("successor")),
                name="dependency_leads_on",
                violation_error_message="A step does not wait for itself.",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def clean(self) -> None:
        """Both ends lie in one programme; that no loop closes is asked by the service, which sees the whole plan."""
        super().clean()
        problems = {}
        if self.predecessor_id and self.successor_id and self.predecessor.programme_id != self.successor.programme_id:
            problems["successor"] = "These steps belong to two programmes. Link steps of one."
        if self.lag_days is not None and abs(self.lag_days) > LONGEST_LAG:
            problems["lag_days"] = "That is more than ten years."
        if problems:
            raise ValidationError(problems)
