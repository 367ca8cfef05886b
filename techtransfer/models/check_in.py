"""A check-in: how far a step is on one day, as whoever does it says."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from cdmos.models import CDMO
from oversight.kernel.access.tenancy import Shape
from oversight.kernel.numbering import Pattern
from oversight.kernel.records.words import day_in_words
from oversight.kernel.workflow.models import Case, number_once, status_among

from .milestone import LONGEST, TOO_FAR, Milestone

ALL = 100
NOT_A_PERCENTAGE = "Enter a whole number from 0 to 100."


class CheckIn(Case):
    """Of one step on one day: so many percent are done. `cdmo` is the step's; empty: the sponsor's own step."""

    SHAPE = Shape.PAIR
    CDMO_COLUMN = "cdmo_id"
    NUMBERS = Pattern("CHK-{number:05}")
    BESIDE = {"check_in_once_a_day": "as_of", "check_in_percent_known": "percent"}

    class Status(models.TextChoices):
        NOTED = "NOTED", "Noted"
        VOID = "VOID", "Void"

    status = models.CharField(max_length=30, choices=Status, default=Status.NOTED, editable=False)
    cdmo = models.ForeignKey(
        CDMO, models.PROTECT, null=True, blank=True, related_name="+", editable=False, verbose_name="CDMO"
    )
    milestone = models.ForeignKey(Milestone, models.PROTECT, related_name="check_ins", verbose_name="step")
    percent = models.IntegerField("% complete")
    as_of = models.DateField("as of", blank=True)
    expected_end = models.DateField("expected end", null=True, blank=True)
    remark = models.TextField(max_length=1000, blank=True)
    on_behalf = models.BooleanField("noted for the partner", default=False, editable=False)

    class Meta:
        verbose_name = "check-in"
        indexes = [models.Index(F("tenant"), F("milestone"), F("as_of"), F("id"), name="check_in_by_step")]
        constraints = [
            number_once("check_in"),
            status_among("check_in", ("NOTED", "VOID")),
            models.CheckConstraint(
                condition=Q(percent__gte=0, percent__lte=ALL),
                name="check_in_percent_known",
                violation_error_message=NOT_A_PERCENTAGE,
            ),
            models.UniqueConstraint(
                fields=["tenant", "milestone", "as_of"],
                condition=Q(status="NOTED"),
                name="check_in_once_a_day",
                violation_error_message="This step has a check-in of that day already. Amend that one.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.percent} % on {day_in_words(self.as_of)}" if self.as_of else self.number

    def clean(self) -> None:
        """A percentage, of a day on which the step was under way; what is less than before, or second hand, is said."""
        super().clean()
        if self.status == self.Status.VOID:
            return
        problems = self._mistimed() | self._mistaken()
        if not problems.keys() & {"percent", "as_of"} and not self.remark.strip() and (asked := self._to_be_said()):
            problems["remark"] = asked
        if problems:
            raise ValidationError(problems)

    def _mistaken(self) -> dict[str, str]:
        if self.percent is not None and not 0 <= self.percent <= ALL:
            return {"percent": NOT_A_PERCENTAGE}
        return {}

    def _mistimed(self) -> dict[str, str]:
        if not self.milestone_id:
            return {}
        step, problems = self.milestone, dict[str, str]()
        if self._state.adding and step.status != Milestone.Status.IN_PROGRESS:
            over = step.status == Milestone.Status.DONE
            return {"milestone": "This step is over." if over else "This step has not begun. Start it first."}
        if self.as_of is None:
            if not self._state.adding:  # a new one is of today
                problems["as_of"] = "Enter the day."
        elif self.as_of > step.today:
            problems["as_of"] = "This lies in the future. Enter the day for which it holds."
        elif step.actual_start and self.as_of < step.actual_start:
            problems["as_of"] = f"The step began on {day_in_words(step.actual_start)}. Enter a day from then on."
        return problems | self._unlikely(step)

    def _unlikely(self, step: Milestone) -> dict[str, str]:
        end, day = self.expected_end, self.as_of or step.today
        if end is None:
            return {}
        if end < day:
            return {"expected_end": "It lies before the day of the check-in."}
        return {"expected_end": TOO_FAR} if (end - step.today).days > LONGEST else {}

    def _to_be_said(self) -> str:
        """What only a remark can explain."""
        if (before := self.before()) and self.percent is not None and self.percent < before.percent:
            return f"It was {before}. Say why it is less now."
        return "Say from whom you have it: the step is the partner's." if self.on_behalf else ""

    def before(self) -> "CheckIn | None":
        """The check-in of this step before it."""
        if not self.milestone_id:
            return None
        day: date = self.as_of or self.milestone.today
        rows = CheckIn.objects.filter(milestone_id=self.milestone_id, status=self.Status.NOTED, as_of__lt=day)
        found: CheckIn | None = rows.exclude(pk=self.pk).order_by("-as_of", "-pk").first()
        return found
