"""Events, how far their delivery has come, and the effects that they had."""

from django.db import models
from django.utils import timezone

from oversight.kernel.access.tenancy import Shape, TenantRow
from oversight.kernel.trail.about import About

DELIVERY = "state, due_at, rings, tries, error"  # what changes of an event; that it happened, nobody may rewrite


class State(models.TextChoices):
    WAITING = "WAITING", "Waiting"
    HANDLED = "HANDLED", "Handled"
    FAILED = "FAILED", "Failed"


class Event(About, TenantRow):
    """Something that happened to a record, and whether everybody who asked has heard of it."""

    RIGHTS = {
        "app": f"SELECT, INSERT, UPDATE ({DELIVERY})",
        "relay": f"SELECT, UPDATE ({DELIVERY})",
        "auditor": "SELECT",
    }

    name = models.CharField(max_length=80, editable=False)
    facts = models.JSONField(editable=False)  # ids, states and dates
    user_id = models.BigIntegerField(null=True, editable=False)  # None: the system
    user_name = models.CharField(max_length=200, editable=False)
    role = models.CharField(max_length=30, editable=False)
    org = models.CharField(max_length=200, editable=False)
    source = models.CharField(max_length=20, editable=False)
    request = models.CharField(max_length=64, editable=False)
    at = models.DateTimeField(default=timezone.now, editable=False)

    state = models.CharField(max_length=7, choices=State.choices, default=State.WAITING, editable=False)
    due_at = models.DateTimeField(default=timezone.now, editable=False)  # when the bell is to be rung (again)
    rings = models.IntegerField(default=0, editable=False)
    tries = models.IntegerField(default=0, editable=False)  # that failed
    error = models.CharField(max_length=200, default="", editable=False)

    class Meta:
        indexes = [  # the one index that does not lead with the tenant: the relay asks for all of them at once
            models.Index(fields=["due_at"], name="outbox_event_due", condition=models.Q(state=State.WAITING)),
            models.Index(fields=["tenant", "kind", "record_id"], name="outbox_event_record"),
        ]

    def __str__(self) -> str:
        return f"{self.name} of {self.kind} {self.record_id}"


class Effect(TenantRow):
    """That a subscriber handled an event: written in the transaction in which it did, and only once."""

    SHAPE = Shape.SPONSOR
    APPEND_ONLY = True
    RIGHTS = {"app": "SELECT, INSERT", "auditor": "SELECT"}

    event = models.ForeignKey(Event, models.PROTECT, db_index=False, related_name="effects", editable=False)
    subscriber = models.CharField(max_length=80, editable=False)
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "event", "subscriber"], name="outbox_effect_once")]

    def __str__(self) -> str:
        return f"{self.subscriber} of event {self.event_id}"
