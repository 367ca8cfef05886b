"""A deviation: what went wrong at a partner's site, how it was contained, and why it happened."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from batches.models import Batch
from cdmos.models import CDMO, Site
from oversight.kernel.access.tenancy import Shape
from oversight.kernel.clocks.models import YEARS, Due
from oversight.kernel.numbering import Pattern
from oversight.kernel.records.ordering import undated_last
from oversight.kernel.workflow.models import Case, number_once, status_among

WHYS = 5
IN_THE_FUTURE = "This lies in the future. Enter when it happened."
TOO_LONG_AGO = "This is too long ago. Check the year."
AWARE_FIRST = "Nobody can become aware of it before it occurred."
NOTIFIED_FIRST = "The sponsor cannot be notified before somebody became aware of it."
OPERATOR_ALONE = "People alone are no root cause: name a second cause, or say why there is none."
NOBODY = 0
OPEN = ("REPORTED", "INVESTIGATION", "ANSWERED", "ACCEPTED")


class Deviation(Due, Case):
    """A departure from procedure, specification or the expected course, reported by the partner or by the sponsor."""

    SHAPE = Shape.PAIR
    CDMO_COLUMN = "cdmo_id"
    NUMBERS = Pattern("DEV-{year:02}-{number:04}")
    UNTRACKED = (
        "due_at",
        "due_label",
        "due_side",
        "open_tasks",
    )  # copies of what clocks and tasks say, whose own history tells why
    BESIDE = {
        "deviation_aware_after_it_occurred": "aware_at",
        "deviation_notified_after_aware": "notified_at",
        "deviation_partner_number_once": "partner_number",
        "deviation_man_is_not_alone": "second_cause",
    }

    class Status(models.TextChoices):
        REPORTED = "REPORTED", "Reported"
        INVESTIGATION = "INVESTIGATION", "Investigation"
        ANSWERED = "ANSWERED", "Root cause sent"
        ACCEPTED = "ACCEPTED", "Root cause accepted"
        CLOSED = "CLOSED", "Closed"
        VOID = "VOID", "Void"

    class Severity(models.TextChoices):
        MINOR = "MINOR", "Minor"
        MAJOR = "MAJOR", "Major"
        CRITICAL = "CRITICAL", "Critical"

    class EventType(models.TextChoices):
        IN_PROCESS_OOS = "IN_PROCESS_OOS", "In-process result out of specification"
        RELEASE_OOS = "RELEASE_OOS", "Release result out of specification"
        CRITICAL_PROCESS_DEVIATION = "CRITICAL_PROCESS_DEVIATION", "Critical process deviation"
        RECORD_DISCREPANCY = "RECORD_DISCREPANCY", "Batch record discrepancy"
        EQUIPMENT_DOWNTIME = "EQUIPMENT_DOWNTIME", "Unplanned equipment downtime"
        SUPPLIER_CHANGE = "SUPPLIER_CHANGE", "Supplier-initiated change"

    class Category(models.TextChoices):
        METHOD = "METHOD", "Method"
        MATERIAL = "MATERIAL", "Material"
        MACHINE = "MACHINE", "Machine"
        MAN = "MAN", "People"
        MEASUREMENT = "MEASUREMENT", "Measurement"
        ENVIRONMENT = "ENVIRONMENT", "Environment"

    status = models.CharField(max_length=30, choices=Status, default=Status.REPORTED, editable=False)
    title = models.CharField(max_length=160)
    description = models.TextField(max_length=8000)
    cdmo = models.ForeignKey(CDMO, models.PROTECT, related_name="deviations", verbose_name="CDMO")
    site = models.ForeignKey(Site, models.PROTECT, related_name="deviations")
    batch = models.ForeignKey(Batch, models.PROTECT, null=True, blank=True, related_name="deviations")
    severity = models.CharField(max_length=10, choices=Severity)
    event_type = models.CharField(max_length=30, choices=EventType)
    occurred_at = models.DateTimeField("occurred")
    aware_at = models.DateTimeField("became aware")
    notified_at = models.DateTimeField("sponsor notified", null=True, blank=True)
    partner_number = models.CharField("partner's number", max_length=40, blank=True)

    reported_by_cdmo = models.BooleanField("reported by the CDMO", default=False, editable=False)
    # Who did what, for the second pair of eyes: never null, so that nobody passes by comparing with nothing.
    opened_by = models.BigIntegerField(default=NOBODY, editable=False)
    answered_by = models.BigIntegerField(default=NOBODY, editable=False)
    accepted_by = models.BigIntegerField(default=NOBODY, editable=False)

    production_stopped_at = models.DateTimeField("production stopped", null=True, blank=True)
    team_assembled_at = models.DateTimeField("team assembled", null=True, blank=True)
    findings_documented_at = models.DateTimeField("findings documented", null=True, blank=True)
    records_pulled_at = models.DateTimeField("SOPs, agreement and records pulled", null=True, blank=True)
    stakeholders_informed_at = models.DateTimeField("stakeholders informed", null=True, blank=True)

    why_1 = models.CharField("first why", max_length=300, blank=True)
    because_1 = models.CharField("first because", max_length=600, blank=True)
    why_2 = models.CharField("second why", max_length=300, blank=True)
    because_2 = models.CharField("second because", max_length=600, blank=True)
    why_3 = models.CharField("third why", max_length=300, blank=True)
    because_3 = models.CharField("third because", max_length=600, blank=True)
    why_4 = models.CharField("fourth why", max_length=300, blank=True)
    because_4 = models.CharField("fourth because", max_length=600, blank=True)
    why_5 = models.CharField("fifth why", max_length=300, blank=True)
    because_5 = models.CharField("fifth because", max_length=600, blank=True)
    root_cause = models.TextField(max_length=4000, blank=True)
    root_cause_category = models.CharField(max_length=12, choices=Category, blank=True)
    second_cause = models.TextField("second cause, or why there is none", max_length=4000, blank=True)

    investigation_at = models.DateTimeField("report accepted", null=True, blank=True, editable=False)
    answered_at = models.DateTimeField("root cause sent", null=True, blank=True, editable=False)
    accepted_at = models.DateTimeField("root cause accepted", null=True, blank=True, editable=False)
    closed_at = models.DateTimeField("closed", null=True, blank=True, editable=False)
    returned_count = models.IntegerField("times returned", default=0, editable=False)

    # Counted by the tasks, so that a guard asks nothing of the database for each row of a list.
    open_tasks = models.IntegerField(default=0, editable=False)

    CONTAINMENT = (
        "production_stopped_at",
        "team_assembled_at",
        "findings_documented_at",
        "records_pulled_at",
        "stakeholders_informed_at",
    )

    class Meta:
        indexes = [
            models.Index(F("tenant"), undated_last("due_at"), F("id"), name="deviation_by_due"),
            # Closed deviations are due last, and most are closed: without these two, a page of the open ones from the
            # latest on, or of the closed ones from the first on, would pass over all the others.
            models.Index(
                F("tenant"), undated_last("due_at"), F("id"), name="deviation_open_by_due", condition=Q(status__in=OPEN)
            ),
            models.Index(F("tenant"), F("status"), undated_last("due_at"), F("id"), name="deviation_status_due"),
            # With the CDMO, for which the policies ask: counting need not visit the rows.
            models.Index(fields=["tenant", "severity", "id"], include=["cdmo", "status"], name="deviation_by_severity"),
            models.Index(fields=["tenant", "status", "id"], include=["cdmo"], name="deviation_by_status"),
            models.Index(F("tenant"), F("cdmo"), F("id"), name="deviation_by_cdmo"),
            models.Index(F("tenant"), F("aware_at"), F("id"), name="deviation_by_awareness"),
        ]
        constraints = [
            number_once("deviation"),
            status_among("deviation", ("REPORTED", "INVESTIGATION", "ANSWERED", "ACCEPTED", "CLOSED", "VOID")),
            models.CheckConstraint(
                condition=Q(aware_at__gte=F("occurred_at")),
                name="deviation_aware_after_it_occurred",
                violation_error_message=AWARE_FIRST,
            ),
            models.CheckConstraint(
                condition=Q(notified_at__isnull=True) | Q(notified_at__gte=F("aware_at")),
                name="deviation_notified_after_aware",
                violation_error_message=NOTIFIED_FIRST,
            ),
            models.CheckConstraint(
                condition=~Q(root_cause_category="MAN") | ~Q(second_cause=""),
                name="deviation_man_is_not_alone",
                violation_error_message=OPERATOR_ALONE,
            ),
            models.UniqueConstraint(
                fields=["tenant", "cdmo", "partner_number"],
                condition=~Q(partner_number="") & ~Q(status="VOID"),
                name="deviation_partner_number_once",
                violation_error_message="This number stands on another deviation already: open that one.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def latency(self) -> timedelta | None:
        """From becoming aware until the sponsor was told; None while it was not."""
        return self.notified_at - self.aware_at if self.notified_at else None

    @property
    def contained_at(self) -> datetime | None:
        """When the last of the containment actions was done; None while one is missing."""
        ticks = [getattr(self, name) for name in self.CONTAINMENT]
        return max(ticks) if all(ticks) else None

    @property
    def missing_containment(self) -> tuple[str, ...]:
        """The containment actions that nobody has ticked yet, in words."""
        return tuple(self.words_of(name) for name in self.CONTAINMENT if not getattr(self, name))

    @classmethod
    def words_of(cls, name: str) -> str:
        """What people call the field."""
        return str(cast(Any, cls._meta.get_field(name)).verbose_name)

    def get_constraints(self) -> list[tuple[type[models.Model], Sequence[models.BaseConstraint]]]:
        """Only uniqueness asks the database beforehand: what the checks say, `clean` and the choices say too."""
        return [
            (model, [each for each in constraints if not isinstance(each, models.CheckConstraint)])
            for model, constraints in super().get_constraints()
        ]

    def clean(self) -> None:
        """Times in their order, none in the future; a site of the CDMO's; people are never the only cause."""
        super().clean()
        problems = self._misplaced() | self._mistimed()
        if self.root_cause_category == self.Category.MAN and not self.second_cause.strip():
            problems["second_cause"] = OPERATOR_ALONE
        if self.reported_by_cdmo and not self.notified_at:
            problems["notified_at"] = "The CDMO's report notified the sponsor: enter when."
        if problems:
            raise ValidationError(problems)

    def _misplaced(self) -> dict[str, str]:
        if not (self.cdmo_id and self.site_id):
            return {}
        if self.site.cdmo_id != self.cdmo_id:
            return {"site": Site.ELSEWHERE}
        if self.batch and self.batch.cdmo_id != self.cdmo_id:
            return {"batch": "This batch is another CDMO's. Choose one of its own."}
        return {}

    def _mistimed(self) -> dict[str, str]:
        now = timezone.now()
        told = {name: getattr(self, name) for name in ("occurred_at", "aware_at", "notified_at", *self.CONTAINMENT)}
        problems = {name: IN_THE_FUTURE for name, moment in told.items() if moment and moment > now}
        problems |= {name: TOO_LONG_AGO for name, moment in told.items() if moment and moment.year < YEARS[0]}
        for name, after, sentence in (
            ("aware_at", "occurred_at", AWARE_FIRST),
            ("notified_at", "aware_at", NOTIFIED_FIRST),
            *((tick, "occurred_at", "Nothing was contained before it occurred.") for tick in self.CONTAINMENT),
        ):
            moment, earlier = told[name], told[after]
            if moment and earlier and not problems.keys() & {name, after} and moment < earlier:
                problems[name] = sentence
        return problems
