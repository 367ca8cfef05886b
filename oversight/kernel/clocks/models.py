"""Clocks, the limits that a sponsor set for its own, and the copy of the next one that a list sorts by."""

from datetime import datetime
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q

from oversight.kernel.access.tenancy import Shape
from oversight.kernel.trail.about import About
from oversight.kernel.trail.models import Record

from .calendar import MOST, Calendar, Pauses, Unit, due, spent
from .rules import Limit, Side

YEARS = range(1900, 9900)  # in which arithmetic with dates has room
UNITS = [(unit.value, unit.label.capitalize()) for unit in Unit]
NAME = RegexValidator(r"^[a-z][a-z0-9-]*$", "Use small letters, digits and hyphens, a letter first.")


class Status(models.TextChoices):
    """Being late is a fact beside: what is late still runs until it is answered."""

    RUNNING = "RUNNING", "Running"
    PAUSED = "PAUSED", "Paused"
    ANSWERED = "ANSWERED", "Answered"
    STOPPED = "STOPPED", "Stopped"


OPEN = (Status.RUNNING, Status.PAUSED)


class Clock(About, Record):
    """One due thing of one record, with all that its due time was computed from.

    It keeps the rule and the calendar by which it was set: a later change of either moves no clock by itself.
    """

    name = models.CharField(max_length=40, validators=[NAME])
    label = models.CharField(max_length=100)
    side = models.CharField(max_length=10, choices=Side)
    limit = models.IntegerField(validators=[MinValueValidator(1), MaxValueValidator(MOST)])
    unit = models.CharField(max_length=12, choices=UNITS)
    cites = models.CharField("rule", max_length=200)
    escalates_to = models.CharField(max_length=200, blank=True)
    zone = models.CharField("time zone", max_length=40)
    working_week = ArrayField(models.SmallIntegerField())
    closures = ArrayField(models.DateField(), default=list)
    status = models.CharField(max_length=10, choices=Status)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    pauses = ArrayField(models.DateTimeField(), default=list)  # paused, resumed, paused, …; an odd number: paused now
    late_at = models.DateTimeField("noted as late", null=True)  # by beat, when it was escalated
    answered_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "kind", "record_id", "name"], condition=Q(status__in=OPEN), name="clock_runs_once"
            ),
            models.CheckConstraint(condition=Q(limit__gte=1, limit__lte=MOST), name="clock_limit_in_range"),
            models.CheckConstraint(condition=Q(due_at__gt=F("started_at")), name="clock_due_after_start"),
            models.CheckConstraint(
                condition=Q(status=Status.ANSWERED, answered_at__isnull=False, stopped_at__isnull=True)
                | Q(status=Status.STOPPED, answered_at__isnull=True, stopped_at__isnull=False)
                | Q(status__in=OPEN, answered_at__isnull=True, stopped_at__isnull=True),
                name="clock_ends_once",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "kind", "record_id"], name="clock_of_record"),
            models.Index(fields=["tenant", "due_at"], condition=Q(status=Status.RUNNING), name="clock_next"),
            models.Index(
                fields=["tenant", "cdmo_id", "due_at"], condition=Q(status=Status.RUNNING), name="clock_next_of_cdmo"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label}, {self.limit_words}"

    @property
    def limit_words(self) -> str:
        return Unit(self.unit).words(self.limit)

    @property
    def calendar(self) -> Calendar:
        return Calendar(self.zone, frozenset(self.working_week), frozenset(self.closures))

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def paused_at(self) -> datetime | None:
        """Since when it stands still."""
        return self.pauses[-1] if len(self.pauses) % 2 else None

    @property
    def ended_at(self) -> datetime | None:
        return self.answered_at or self.stopped_at

    def was_late(self, now: datetime) -> bool:
        """Whether it ran out before it was answered, stopped or paused, or by `now`."""
        return (self.ended_at or self.paused_at or now) > self.due_at

    def spent(self, until: datetime) -> int:
        """How many units of its limit had begun by then."""
        return spent(self.started_at, until, Unit(self.unit), self.calendar, self._paused())

    def set_by(self, limit: Limit) -> None:
        """Take over a limit and the rule that it cites."""
        self.limit, self.unit = limit.limit, limit.unit
        self.cites, self.escalates_to = limit.cites, limit.escalates_to

    def follow(self, calendar: Calendar) -> None:
        """Take over a calendar, with those closures that can still matter, and compute by it."""
        if self.started_at.year not in YEARS:
            raise ValidationError("This time is too far away.")
        self.zone, self.working_week = calendar.zone, sorted(calendar.working_week)
        first = calendar.day_of(self.started_at)
        self.closures = sorted(day for day in calendar.closures if day > first)
        self.compute()

    def compute(self) -> None:
        """Set `due_at`; a clock that stands still is due as if it went on where it stopped."""
        self.due_at = due(self.started_at, self.limit, Unit(self.unit), self.calendar, self._paused())
        if self.late_at and self.late_at <= self.due_at:
            self.late_at = None

    def _paused(self) -> Pauses:
        ends = self.pauses[1::2]
        return tuple(zip(self.pauses[::2], ends, strict=False))


class DefaultLimit(Record):
    """The limit that a sponsor set in place of a rule's own. Its partners read it: what they report starts clocks."""

    SHAPE = Shape.PAIR
    STAFF_WRITES = True

    name = models.CharField("rule", max_length=40, validators=[NAME])
    limit = models.IntegerField(validators=[MinValueValidator(1), MaxValueValidator(MOST)])
    unit = models.CharField(max_length=12, choices=UNITS)
    escalates_to = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "name"],
                name="default_limit_once",
                violation_error_message="There is a limit for this rule already: amend that one.",
            ),
            models.CheckConstraint(
                condition=Q(limit__gte=1, limit__lte=MOST),
                name="default_limit_in_range",
                violation_error_message=f"A limit is between 1 and {MOST:,}.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {Unit(self.unit).words(self.limit)}"


DUE_FIELDS = ("due_at", "due_label", "due_side")


class Due(models.Model):
    """What a list sorts by: a copy of the record's next clock, kept by the services in the same transaction.

    The clock's own history says why it moved, so the copy stays out of the record's. Named before the other base:
    `class Deviation(Due, Case)`.
    """

    UNTRACKED: ClassVar[tuple[str, ...]] = DUE_FIELDS

    due_at = models.DateTimeField("due", null=True, editable=False)
    due_label = models.CharField("what is due", max_length=100, editable=False)
    due_side = models.CharField("whose clock", max_length=10, choices=Side, editable=False)

    class Meta:
        abstract = True
