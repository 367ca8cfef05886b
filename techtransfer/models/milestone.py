"""A milestone: one step of a programme's plan, at one partner or at the sponsor, with its four kinds of dates.

Every day that a person reads here is a day on which work is done: an end is the last of them. The engine counts
half-open days; `forecast` translates at that one border.
"""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from cdmos.models import CDMO, Site
from oversight.kernel.access.tenancy import Shape
from oversight.kernel.numbering import Pattern
from oversight.kernel.records.ordering import undated_last
from oversight.kernel.workflow.models import Case, number_once, status_among

from .programme import Programme

LONGEST = 3650  # days of one step, and of the plan from today on
TOO_FAR = "That is more than ten years ahead."
EARLIEST, TOO_OLD = date(1990, 1, 1), "That is before 1990. Check the year."
TO_COME = ("earliest_start", "need_by", "planned_start", "planned_end", "partner_end")


class Milestone(Case):
    """A step with a duration, or a moment without one. `cdmo` empty: the sponsor's own."""

    SHAPE = Shape.PAIR
    CDMO_COLUMN = "cdmo_id"
    NUMBERS = Pattern("MS-{number:05}")
    KEYS_FIRST = True
    BESIDE = {"milestone_ends_after_it_began": "actual_end"}
    # What the last run says of dates that the history has: the history keeps why a date moved (`moved_because`).
    UNTRACKED = (
        "slip_days", "float_days", "is_critical", "warning", "hold_days", "driver", "driver_id", "driver_link",
    )  # fmt: skip

    class Status(models.TextChoices):
        PLANNED = "PLANNED", "Planned"
        IN_PROGRESS = "IN_PROGRESS", "In progress"
        DONE = "DONE", "Done"
        VOID = "VOID", "Void"

    OPEN = (Status.PLANNED, Status.IN_PROGRESS)  # it still has to be done

    class Step(models.TextChoices):
        MANUFACTURE = "MANUFACTURE", "Manufacture"
        TESTING = "TESTING", "Testing"
        RELEASE = "RELEASE", "Review and release"
        FILL_FINISH = "FILL_FINISH", "Fill and finish"
        PACK_LABEL = "PACK_LABEL", "Pack and label"
        SHIPMENT = "SHIPMENT", "Shipment"
        TRANSFER = "TRANSFER", "Technology transfer"
        VALIDATION = "VALIDATION", "Qualification and validation"
        REGULATORY = "REGULATORY", "Regulatory"
        CLINICAL = "CLINICAL", "Clinical"
        OTHER = "OTHER", "Other"

    class Stage(models.TextChoices):
        TRANSFER = "TRANSFER", "Technology transfer"
        DS = "DS", "Drug substance"
        DP = "DP", "Drug product"
        PACKAGED = "PACKAGED", "Clinical supply"
        SUBMISSION = "SUBMISSION", "Submission"
        STUDY = "STUDY", "Study"

    class Calendar(models.TextChoices):
        SITE = "SITE", "Working days of the site"
        EVERY_DAY = "EVERY_DAY", "Every day of the week"

    class Driver(models.TextChoices):
        LINK = "link", "A step before it"
        NOT_BEFORE = "not_before", "Not before a date"
        HOLD = "hold", "A hold"
        SLOT = "slot", "The next free slot"
        STATUS = "status", "Today"
        ACTUAL = "actual", "It happened then"

    status = models.CharField(max_length=30, choices=Status, default=Status.PLANNED, editable=False)
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="milestones")
    product_code = models.CharField(
        "product", max_length=20, blank=True, editable=False
    )  # for those who see no programme
    title = models.CharField(max_length=160)
    external_id = models.CharField(
        "ID in the plan file", max_length=60, blank=True, editable=False
    )  # by which an import finds it again
    step = models.CharField("kind of step", max_length=14, choices=Step)
    stage = models.CharField(max_length=12, choices=Stage)
    cdmo = models.ForeignKey(
        CDMO, models.PROTECT, null=True, blank=True, related_name="milestones", verbose_name="CDMO"
    )
    site = models.ForeignKey(Site, models.PROTECT, null=True, blank=True, related_name="milestones")
    calendar = models.CharField(max_length=10, choices=Calendar, default=Calendar.SITE)
    line = models.CharField("fill line", max_length=60, blank=True)  # it begins only in a slot of this line
    owner_id = models.BigIntegerField(default=0, editable=False)  # the person of the sponsor's who answers for it
    owner_name = models.CharField("owner", max_length=200, blank=True, editable=False)

    duration_days = models.IntegerField("duration, likely")
    optimistic_days = models.IntegerField("duration, optimistic", null=True, blank=True)
    pessimistic_days = models.IntegerField("duration, pessimistic", null=True, blank=True)
    earliest_start = models.DateField("not before", null=True, blank=True)
    need_by = models.DateField("needed by", null=True, blank=True)

    planned_start = models.DateField(null=True, blank=True)
    planned_end = models.DateField(null=True, blank=True)
    baseline_start = models.DateField(null=True, blank=True, editable=False)
    baseline_end = models.DateField(null=True, blank=True, editable=False)
    forecast_start = models.DateField(null=True, blank=True, editable=False)
    forecast_end = models.DateField(null=True, blank=True, editable=False)
    actual_start = models.DateField("started", null=True, blank=True)
    actual_end = models.DateField("finished", null=True, blank=True)

    # What the partner says: when it will end, and when it last stood by that.
    partner_end = models.DateField("partner's date", null=True, blank=True)
    confirmed_on = models.DateField("dates confirmed", null=True, blank=True, editable=False)

    # The batch that this step makes or releases: what happens to the batch is what happens to the step.
    batch_id = models.BigIntegerField(default=0, editable=False)
    batch_number = models.CharField("batch", max_length=30, blank=True, editable=False)

    # A hold: work stands still, or the end is not signed, until its cause is over. `held_until` is a forecast.
    held_since = models.DateField("on hold since", null=True, blank=True, editable=False)
    held_until = models.DateField("hold expected until", null=True, blank=True, editable=False)
    hold_kind = models.CharField(max_length=63, blank=True, editable=False)
    hold_id = models.BigIntegerField(default=0, editable=False)
    hold_number = models.CharField("held by", max_length=30, blank=True, editable=False)
    hold_cause = models.CharField("why it is held", max_length=200, blank=True, editable=False)
    # Working days of it that went by under holds which are over.
    stopped_days = models.IntegerField("days it stood still", default=0, editable=False)
    again_from = models.DateField("to be made again from", null=True, blank=True, editable=False)

    # What fixed its own dates last, by table, key and number: a deviation, a batch, a slot, or this step itself.
    fact_kind = models.CharField(max_length=63, blank=True, editable=False)
    fact_id = models.BigIntegerField(default=0, editable=False)
    fact_number = models.CharField("fact", max_length=30, blank=True, editable=False)
    fact = models.CharField("what fixed it", max_length=200, blank=True, editable=False)

    # What the last run that moved it found: from when, driven by what, and because of which event.
    forecast_before = models.DateField("forecast end before", null=True, blank=True, editable=False)
    moved_because = models.CharField("driven then by", max_length=80, blank=True, editable=False)
    cause_kind = models.CharField(max_length=63, blank=True, editable=False)
    cause_id = models.BigIntegerField(default=0, editable=False)
    cause_number = models.CharField("moved by", max_length=30, blank=True, editable=False)

    driver = models.CharField("driven by", max_length=10, choices=Driver, blank=True, editable=False)
    driver_id = models.BigIntegerField(default=0, editable=False)  # the step before, of a link
    driver_link = models.CharField(max_length=2, blank=True, editable=False)
    hold_days = models.IntegerField("days on account of the hold", default=0, editable=False)
    slip_days = models.IntegerField("slip", null=True, blank=True, editable=False)
    float_days = models.IntegerField("float", null=True, blank=True, editable=False)
    is_critical = models.BooleanField("critical", default=False, editable=False)
    warning = models.CharField(max_length=300, blank=True, editable=False)

    class Meta:
        indexes = [
            models.Index(F("tenant"), F("programme"), F("id"), name="milestone_by_programme"),
            models.Index(F("tenant"), undated_last("forecast_end", day=True), F("id"), name="milestone_by_forecast"),
            models.Index(F("tenant"), F("cdmo"), F("status"), F("id"), name="milestone_by_cdmo"),
            models.Index(F("tenant"), F("batch_id"), name="milestone_by_batch", condition=~Q(batch_id=0)),
            models.Index(F("tenant"), F("status"), F("id"), name="milestone_by_status"),
        ]
        constraints = [
            number_once("milestone"),
            models.UniqueConstraint(
                fields=["tenant", "programme", "external_id"],
                condition=~Q(external_id="") & ~Q(status="VOID"),
                name="milestone_external_id_once",
                violation_error_message="Another step of this programme has this ID already.",
            ),
            status_among("milestone", ("PLANNED", "IN_PROGRESS", "DONE", "VOID")),
            models.CheckConstraint(
                condition=Q(duration_days__gte=0, duration_days__lte=LONGEST), name="milestone_duration_known"
            ),
            models.CheckConstraint(
                condition=Q(actual_end__isnull=True) | Q(actual_start__isnull=False, actual_end__gte=F("actual_start")),
                name="milestone_ends_after_it_began",
                violation_error_message="It cannot end before it began.",
            ),
            models.CheckConstraint(
                condition=Q(site__isnull=True) | Q(cdmo__isnull=False), name="milestone_site_needs_its_cdmo"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        """Whether it still has to be done."""
        return self.status in self.OPEN

    @property
    def today(self) -> date:
        """The day that it is where the step is done; in UTC for one without a site."""
        now = timezone.now()
        return (now.astimezone(ZoneInfo(self.site.time_zone)) if self.site else now).date()

    def clean(self) -> None:
        """Durations in their order, actual dates in the past, a site of the CDMO's own."""
        super().clean()
        if problems := self.problems():
            raise ValidationError(problems)

    def problems(self) -> dict[str, str]:
        """What is wrong with it by itself, by field; an import asks this of every step without reading a row."""
        return self._misplaced() | self._misjudged() | self._mistimed()

    def _misplaced(self) -> dict[str, str]:
        if self.site and not self.cdmo_id:
            return {"cdmo": "Say whose site it is."}
        if self.site and self.site.cdmo_id != self.cdmo_id:
            return {"site": Site.ELSEWHERE}
        if self.line and not self.site_id:
            return {"site": "A fill line stands at a site. Choose it."}
        return {}

    def _misjudged(self) -> dict[str, str]:
        days = {name: getattr(self, name) for name in ("optimistic_days", "duration_days", "pessimistic_days")}
        given = {name: value for name, value in days.items() if value is not None}
        problems = {name: "A duration is not negative." for name, value in given.items() if value < 0}
        problems |= {name: "That is more than ten years." for name, value in given.items() if value > LONGEST}
        if problems or self.duration_days is None:
            return problems
        if self.optimistic_days is not None and self.optimistic_days > self.duration_days:
            problems["optimistic_days"] = "The optimistic duration is not longer than the likely one."
        if self.pessimistic_days is not None and self.pessimistic_days < self.duration_days:
            problems["pessimistic_days"] = "The pessimistic duration is not shorter than the likely one."
        return problems

    def _mistimed(self) -> dict[str, str]:
        today = self.today
        problems: dict[str, Any] = {
            name: "This lies in the future. Enter what has happened."
            for name in ("actual_start", "actual_end")
            if (day := getattr(self, name)) and day > today
        }
        days = ("actual_start", "actual_end", *TO_COME)
        problems |= {name: TOO_OLD for name in days if (day := getattr(self, name)) and day < EARLIEST}
        problems |= {name: TOO_FAR for name in TO_COME if (day := getattr(self, name)) and (day - today).days > LONGEST}
        for name, after, sentence in (
            ("actual_end", "actual_start", "It cannot end before it began."),
            ("planned_end", "planned_start", "The planned end lies before the planned start."),
            ("partner_end", "actual_start", "It began later than that. Enter a day after it began."),
            ("need_by", "actual_start", "It began later than that. Enter a day after it began."),
        ):
            day, earlier = getattr(self, name), getattr(self, after)
            if day and earlier and day < earlier and not problems.keys() & {name, after}:
                problems[name] = sentence
        if self.actual_end and not self.actual_start:
            problems.setdefault("actual_start", "Enter when it began, too.")
        return problems
