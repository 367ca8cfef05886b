"""A person at a CDMO whom one calls, and when."""

from django.core.exceptions import ValidationError
from django.db import models

from oversight.kernel.access.tenancy import Shape
from oversight.kernel.numbering import Pattern
from oversight.kernel.workflow.models import Case, number_once, status_among

from .cdmo import CDMO
from .site import Site


class Contact(Case):
    """Whom to call at a partner: in daily matters, when a clock ran out, or at two in the morning."""

    SHAPE = Shape.PAIR
    CDMO_COLUMN = "cdmo_id"
    NUMBERS = Pattern("CON-{number:04}")
    BESIDE = {"contact_can_be_reached": "email", "contact_by_night_has_a_phone": "phone"}

    class Status(models.TextChoices):
        ACTIVE = "ACTIVE", "Active"
        LEFT = "LEFT", "Left"
        VOID = "VOID", "Void"

    class EscalationLevel(models.TextChoices):
        FIRST = "FIRST", "First: daily matters"
        SECOND = "SECOND", "Second: a clock ran out"
        THIRD = "THIRD", "Third: site head"

    status = models.CharField(max_length=30, choices=Status, default=Status.ACTIVE, editable=False)
    cdmo = models.ForeignKey(CDMO, models.PROTECT, related_name="contacts", verbose_name="CDMO")
    site = models.ForeignKey(Site, models.PROTECT, null=True, blank=True, related_name="contacts")
    name = models.CharField(max_length=120)
    function = models.CharField(max_length=120, blank=True)
    email = models.EmailField("e-mail", blank=True)
    phone = models.CharField(max_length=40, blank=True)
    around_the_clock = models.BooleanField("24/7", default=False)
    escalation_level = models.CharField(max_length=10, choices=EscalationLevel, default=EscalationLevel.FIRST)

    class Meta:
        indexes = [models.Index(fields=["tenant", "cdmo", "escalation_level"], name="contact_by_level")]
        constraints = [
            number_once("contact"),
            status_among("contact", ("ACTIVE", "LEFT", "VOID")),
            models.CheckConstraint(
                condition=~models.Q(email="", phone=""),
                name="contact_can_be_reached",
                violation_error_message="Give an e-mail address or a phone number.",
            ),
            models.CheckConstraint(
                condition=models.Q(around_the_clock=False) | ~models.Q(phone=""),
                name="contact_by_night_has_a_phone",
                violation_error_message="Who is there around the clock needs a phone number.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """A contact's site is one of its own company's."""
        super().clean()
        if self.site and self.site.cdmo_id != self.cdmo_id:
            raise ValidationError({"site": "This site belongs to another CDMO."})
