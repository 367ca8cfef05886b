"""API keys, and the answers that are given again to who asks the same twice."""

from django.db import models

from oversight.kernel.access.models import Membership
from oversight.kernel.access.tenancy import Shape, TenantRow
from oversight.kernel.trail.models import Record


class ApiKey(Record):
    """What a program shows in the place of a person's session: one membership, its role, CDMO and rows.

    The secret is shown once and kept as a digest, which the trail keeps too: a key that was replaced is seen.
    """

    UNTRACKED = ("last_used_on",)
    SHAPE = Shape.PAIR  # of the partner's own people; keys of the sponsor's staff have no CDMO and stay unseen
    CDMO_COLUMN = "cdmo_id"

    membership = models.ForeignKey(Membership, models.PROTECT, related_name="api_keys")
    cdmo_id = models.BigIntegerField(null=True, editable=False)
    name = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    prefix = models.CharField(max_length=12, editable=False)  # by which people speak of a key
    writes = models.BooleanField(default=False)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, editable=False)
    last_used_on = models.DateField(null=True, editable=False)

    class Meta:
        verbose_name = "API key"

    def __str__(self) -> str:
        return f"{self.prefix}… ({self.name})"


class Reply(TenantRow):
    """The first successful answer to an Idempotency-Key: written with what it tells of, given again for a day."""

    SHAPE = Shape.PAIR
    CDMO_COLUMN = "cdmo_id"
    SHARED_COLUMN = "to_partner"  # else a partner might read what was answered to the sponsor's staff
    RIGHTS = {"app": "SELECT, INSERT, UPDATE, DELETE"}  # UPDATE: to lock what is about to be cleared away

    cdmo_id = models.BigIntegerField(null=True)  # the first that the membership sees; None: it sees all
    to_partner = models.BooleanField()
    membership_id = models.BigIntegerField()
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)  # of method, path, If-Match and body
    status = models.SmallIntegerField()
    headers = models.JSONField()
    body = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "membership_id", "key"], name="reply_once")]
        indexes = [models.Index(fields=["tenant", "at"], name="reply_by_age")]

    def __str__(self) -> str:
        return f"{self.status} for {self.key}"
