"""A batch: made by a partner, released or rejected by the sponsor's quality unit, held while a question is open."""

from datetime import date
from typing import ClassVar
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from cdmos.models import CDMO, Site
from oversight.kernel.access.tenancy import Shape
from oversight.kernel.clocks.models import DUE_FIELDS, Due
from oversight.kernel.numbering import Pattern
from oversight.kernel.records.ordering import undated_last
from oversight.kernel.workflow.models import Case, number_once, status_among
from techtransfer.models import Milestone, Programme

from .campaign import Campaign

NOBODY = 0
NOT_NEGATIVE = MinValueValidator(0, "A yield is not negative.")
UNDECIDED = ("PLANNED", "IN_PROCESS", "MADE", "UNDER_REVIEW")
GIVEN_UP = ("REJECTED", "VOID")
STEPS = ("make_step", "release_step")


class Batch(Due, Case):
    """One batch of drug substance, drug product or packaged supply, with its number of our own: DS-26-014."""

    SHAPE = Shape.PAIR
    CDMO_COLUMN = "cdmo_id"
    NUMBERS = Pattern("DS-{year:02}-{number:03}")
    SERIES: ClassVar[dict[str, Pattern]] = {
        "DS": NUMBERS,
        "DP": Pattern("DP-{year:02}-{number:03}"),
        "PACKAGED": Pattern("PK-{year:02}-{number:03}"),
    }
    UNTRACKED = DUE_FIELDS  # copies of what clocks say, whose own history tells why
    BESIDE = {
        "batch_partner_number_once": "partner_number",
        "batch_made_after_it_began": "made_on",
        "batch_made_by_one_step": "make_step",
        "batch_released_by_one_step": "release_step",
        "batch_replaced_once": "replaces",
    }
    BEYOND = ("release_step",)  # testing and release may be another partner's, or the sponsor's own

    class Status(models.TextChoices):
        PLANNED = "PLANNED", "Planned"
        IN_PROCESS = "IN_PROCESS", "In process"
        MADE = "MADE", "Made"
        UNDER_REVIEW = "UNDER_REVIEW", "Under review"
        RELEASED = "RELEASED", "Released"
        REJECTED = "REJECTED", "Rejected"
        VOID = "VOID", "Void"

    class Stage(models.TextChoices):
        DS = "DS", "Drug substance"
        DP = "DP", "Drug product"
        PACKAGED = "PACKAGED", "Packaged supply"

    class Purpose(models.TextChoices):
        ENGINEERING = "ENGINEERING", "Engineering"
        CLINICAL = "CLINICAL", "Clinical"
        PPQ = "PPQ", "Process performance qualification"
        COMMERCIAL = "COMMERCIAL", "Commercial"

    class Unit(models.TextChoices):
        GRAMS = "GRAMS", "g"
        KILOGRAMS = "KILOGRAMS", "kg"
        LITRES = "LITRES", "L"
        VIALS = "VIALS", "vials"
        SYRINGES = "SYRINGES", "syringes"
        TABLETS = "TABLETS", "tablets"
        CAPSULES = "CAPSULES", "capsules"
        KITS = "KITS", "kits"
        VECTOR_GENOMES = "VECTOR_GENOMES", "10¹³ vg"

    status = models.CharField(max_length=30, choices=Status, default=Status.PLANNED, editable=False)
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="batches")
    product_code = models.CharField("product", max_length=20, blank=True, editable=False)
    campaign = models.ForeignKey(Campaign, models.PROTECT, null=True, blank=True, related_name="batches")
    cdmo = models.ForeignKey(CDMO, models.PROTECT, related_name="batches", verbose_name="CDMO")
    site = models.ForeignKey(Site, models.PROTECT, related_name="batches")
    stage = models.CharField(max_length=10, choices=Stage)
    purpose = models.CharField(max_length=12, choices=Purpose)
    partner_number = models.CharField("partner's batch number", max_length=40, blank=True)
    scale = models.CharField(max_length=60, blank=True)
    make_step = models.ForeignKey(
        Milestone, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="step that makes it"
    )
    release_step = models.ForeignKey(
        Milestone, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="step that releases it"
    )
    replaces = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")
    planned_start = models.DateField(null=True, blank=True)
    planned_end = models.DateField(null=True, blank=True)
    started_on = models.DateField("started", null=True, blank=True)
    made_on = models.DateField("made", null=True, blank=True)
    record_sent_on = models.DateField("record sent", null=True, blank=True)
    decided_on = models.DateField("released or rejected", null=True, blank=True, editable=False)
    unit = models.CharField(max_length=14, choices=Unit)
    target_yield = models.DecimalField(
        max_digits=14, decimal_places=3, null=True, blank=True, validators=[NOT_NEGATIVE]
    )
    actual_yield = models.DecimalField(
        "yield", max_digits=14, decimal_places=3, null=True, blank=True, validators=[NOT_NEGATIVE]
    )
    expires_on = models.DateField("expiry", null=True, blank=True)
    location = models.CharField(max_length=120, blank=True)
    # Who sent the record, for the second pair of eyes.
    made_by = models.BigIntegerField(default=NOBODY, editable=False)

    on_hold = models.BooleanField(default=False, editable=False)
    held_since = models.DateField("on hold since", null=True, blank=True, editable=False)
    hold_kind = models.CharField(max_length=63, blank=True, editable=False)  # the table of what holds it
    hold_id = models.BigIntegerField(default=0, editable=False)
    hold_number = models.CharField("held by", max_length=30, blank=True, editable=False)
    hold_cause = models.CharField("why it is held", max_length=200, blank=True, editable=False)

    class Meta:
        verbose_name_plural = "batches"
        indexes = [
            models.Index(F("tenant"), undated_last("due_at"), F("id"), name="batch_by_due"),
            models.Index(F("tenant"), F("cdmo"), F("id"), name="batch_by_cdmo"),
            models.Index(F("tenant"), F("programme"), F("id"), name="batch_by_programme"),
            models.Index(F("tenant"), F("status"), F("id"), name="batch_by_status"),
            models.Index(F("tenant"), F("stage"), F("id"), name="batch_by_stage"),
        ]
        constraints = [
            number_once("batch"),
            status_among("batch", ("PLANNED", "IN_PROCESS", "MADE", "UNDER_REVIEW", "RELEASED", "REJECTED", "VOID")),
            models.UniqueConstraint(
                fields=["tenant", "cdmo", "partner_number"],
                condition=~Q(partner_number="") & ~Q(status="VOID"),
                name="batch_partner_number_once",
                violation_error_message="This number stands on another batch of the CDMO already.",
            ),
            models.UniqueConstraint(
                fields=["tenant", "make_step"],
                condition=~Q(status__in=GIVEN_UP),
                name="batch_made_by_one_step",
                violation_error_message="This step makes another batch already. Choose another one.",
            ),
            models.UniqueConstraint(
                fields=["tenant", "release_step"],
                condition=~Q(status__in=GIVEN_UP),
                name="batch_released_by_one_step",
                violation_error_message="This step releases another batch already. Choose another one.",
            ),
            models.UniqueConstraint(
                fields=["tenant", "replaces"],
                condition=~Q(status="VOID"),
                name="batch_replaced_once",
                violation_error_message="This batch is made again already. Choose another one.",
            ),
            models.CheckConstraint(
                condition=Q(made_on__isnull=True) | Q(started_on__isnull=False, made_on__gte=F("started_on")),
                name="batch_made_after_it_began",
                violation_error_message="It cannot be made before it was started.",
            ),
            models.CheckConstraint(
                condition=~Q(on_hold=True) | Q(held_since__isnull=False) & ~Q(hold_cause=""),
                name="batch_on_hold_for_a_cause",
            ),
            models.CheckConstraint(condition=~Q(status="RELEASED", on_hold=True), name="batch_released_is_not_held"),
        ]

    def __str__(self) -> str:
        return self.number or self.get_stage_display()

    @property
    def numbers(self) -> Pattern:
        """Each stage has a series of its own."""
        return self.SERIES.get(self.stage, self.NUMBERS)

    @property
    def is_undecided(self) -> bool:
        """Whether it is neither released nor rejected yet."""
        return self.status in UNDECIDED

    @property
    def today(self) -> date:
        """The day that it is at the site."""
        return timezone.now().astimezone(ZoneInfo(self.site.time_zone)).date()

    def clean(self) -> None:
        """Everything of its own CDMO and programme; what has happened lies in the past, in its order."""
        super().clean()
        if problems := self._mistimed() | self._misplaced():
            raise ValidationError(problems)

    def _misplaced(self) -> dict[str, str]:
        problems = {}
        if self.site_id and self.cdmo_id and self.site.cdmo_id != self.cdmo_id:
            problems["site"] = Site.ELSEWHERE
        if campaign := self.campaign:
            if campaign.programme_id != self.programme_id:
                problems["campaign"] = "This campaign is another programme's. Choose one of its own."
            if campaign.cdmo_id != self.cdmo_id:
                problems["campaign"] = "This campaign is at another CDMO. Choose one of its own."
        if (replaced := self.replaces) and (replaced.cdmo_id, replaced.stage) != (self.cdmo_id, self.stage):
            problems["replaces"] = "This batch is of another CDMO or stage. Choose one of its own."
        for name, step in self._steps().items():
            if step.programme_id != self.programme_id:
                problems[name] = "This step is another programme's. Choose one of its own."
            elif name == "make_step" and step.cdmo_id != self.cdmo_id:
                problems[name] = "This step is another CDMO's. Choose one of its own."
        return problems

    def _steps(self) -> dict[str, Milestone]:
        """The steps in the present sight: who sees one CDMO alone may not see where it is released."""
        named = {name: getattr(self, f"{name}_id") for name in STEPS}
        seen = Milestone.objects.in_bulk([pk for pk in named.values() if pk]) if any(named.values()) else {}
        return {name: seen[pk] for name, pk in named.items() if pk in seen}

    def _mistimed(self) -> dict[str, str]:
        if not self.site_id:
            return {}
        problems = {
            name: "This lies in the future. Enter what has happened."
            for name in ("started_on", "made_on", "record_sent_on")
            if (day := getattr(self, name)) and day > self.today
        }
        for name, after, sentence in (
            ("made_on", "started_on", "It cannot be made before it was started."),
            ("record_sent_on", "made_on", "The record cannot be sent before the batch was made."),
            ("planned_end", "planned_start", "The planned end lies before the planned start."),
            ("expires_on", "made_on", "It cannot expire before it was made."),
        ):
            day, earlier = getattr(self, name), getattr(self, after)
            if day and earlier and day < earlier and not problems.keys() & {name, after}:
                problems[name] = sentence
        return problems
