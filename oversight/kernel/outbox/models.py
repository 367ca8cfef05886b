"""Events and how far their delivery has come, the effects that they had, and whom outside the house they are told."""

from django.db import models
from django.utils import timezone

from oversight.kernel.access.tenancy import Shape, TenantRow
from oversight.kernel.trail.about import About
from oversight.kernel.trail.models import Record

PROGRESS = "state, due_at, rings, tries, error"  # what of an event may change: that it happened, nobody rewrites


class Owed(models.Model):
    """A row that a worker owes something: the relay rings for it when it is due, and again until it is settled."""

    class State(models.TextChoices):
        WAITING = "WAITING", "Waiting"
        DONE = "DONE", "Done"
        FAILED = "FAILED", "Failed"  # given up: a person has to look

    state = models.CharField(max_length=7, choices=State.choices, default=State.WAITING, editable=False)
    due_at = models.DateTimeField(default=timezone.now, editable=False)  # when to ring, or to ring again
    rings = models.IntegerField(default=0, editable=False)  # since the last try that came to an end
    tries = models.IntegerField(default=0, editable=False)  # that failed
    error = models.CharField(max_length=200, default="", editable=False)  # what kind of failure; never text of a record

    class Meta:
        abstract = True


class Event(About, Owed, TenantRow):
    """Something that happened to a record, and whether everybody who asked has heard of it."""

    RIGHTS = {
        "app": f"SELECT, INSERT, UPDATE ({PROGRESS})",
        "relay": f"SELECT, UPDATE ({PROGRESS})",
        "auditor": "SELECT",
    }

    # Without an index of its own: the key that effects refer to leads with the tenant.
    tenant = models.ForeignKey("access.Sponsor", models.PROTECT, db_index=False, editable=False, related_name="+")
    name = models.CharField(max_length=80, editable=False)
    facts = models.JSONField(editable=False)  # ids, states and dates
    user_id = models.BigIntegerField(null=True, editable=False)  # None: the system
    user_name = models.CharField(max_length=200, editable=False)
    role = models.CharField(max_length=30, editable=False)
    org = models.CharField(max_length=200, editable=False)
    source = models.CharField(max_length=20, editable=False)
    request = models.CharField(max_length=64, editable=False)
    at = models.DateTimeField(editable=False)

    class Meta:
        indexes = [
            # The relay asks for all tenants at once: this index, and its like below, do not lead with the tenant.
            models.Index(fields=["state", "due_at"], name="outbox_event_owed", condition=~models.Q(state="DONE")),
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


class Webhook(Record):
    """An address outside the house that is told of the sponsor's events.

    No secret is stored: the one that its owner was shown is derived from the key of the instance and `salt`.
    """

    SHAPE = Shape.SPONSOR

    url = models.CharField(max_length=500)
    events = models.CharField(max_length=500)  # names with a space between; `deviation.*`, or `*` for all
    salt = models.CharField(max_length=32, editable=False)  # another one is another secret
    active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.url

    def wants(self, event: str) -> bool:
        """Whether it asked for events named `event`."""
        return any(
            wanted in ("*", event) or (wanted.endswith(".*") and event.startswith(wanted[:-1]))
            for wanted in self.events.split()
        )


class Delivery(Owed, TenantRow):
    """One event on its way to one webhook."""

    SHAPE = Shape.SPONSOR
    RIGHTS = {
        "app": f"SELECT, INSERT, UPDATE ({PROGRESS}, claimed_at, answered_at, status)",
        "relay": f"SELECT, UPDATE ({PROGRESS})",
        "auditor": "SELECT",
    }

    webhook = models.ForeignKey(Webhook, models.PROTECT, db_index=False, related_name="deliveries", editable=False)
    event = models.ForeignKey(Event, models.PROTECT, db_index=False, related_name="deliveries", editable=False)
    claimed_at = models.DateTimeField(null=True, editable=False)  # a worker is at it, or died of it
    answered_at = models.DateTimeField(null=True, editable=False)
    status = models.IntegerField(null=True, editable=False)  # the HTTP status of the last answer

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "webhook", "event"], name="outbox_delivery_once")]
        indexes = [
            models.Index(fields=["state", "due_at"], name="outbox_delivery_owed", condition=~models.Q(state="DONE"))
        ]

    def __str__(self) -> str:
        return f"event {self.event_id} to webhook {self.webhook_id}"
