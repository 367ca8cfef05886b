"""What is attached to a record: the facts of each file. Its bytes lie in the store, named by their hash."""

from django.db import models
from django.db.models import Q

from oversight.kernel.trail.about import About
from oversight.kernel.trail.models import Record


class Attachment(About, Record):
    """One file of one record, internal to the sponsor or shared with the record's CDMO; withdrawn, never removed."""

    SHARED_COLUMN = "shared"

    class Status(models.TextChoices):
        ACTIVE = "ACTIVE", "Attached"
        VOID = "VOID", "Withdrawn"

    class Scan(models.TextChoices):
        NOT_SCANNED = "NOT_SCANNED", "Not scanned"
        CLEAN = "CLEAN", "Scanned, clean"

    name = models.CharField(max_length=200, editable=False)
    size = models.BigIntegerField(editable=False)
    sha256 = models.CharField(max_length=64, editable=False)
    content_type = models.CharField(max_length=100, editable=False)
    label = models.CharField(max_length=40, blank=True, editable=False)  # what it is evidence for, such as because_3
    shared = models.BooleanField(editable=False)
    status = models.CharField(max_length=6, choices=Status, default=Status.ACTIVE, editable=False)
    scan = models.CharField(max_length=11, choices=Scan, editable=False)
    author_membership = models.BigIntegerField(null=True, editable=False)  # None: the system
    author_name = models.CharField(max_length=200, editable=False)  # as printed then
    author_org = models.CharField(max_length=200, editable=False)
    from_partner = models.BooleanField(editable=False)
    attached_at = models.DateTimeField(editable=False)

    class Meta:
        indexes = [
            models.Index(fields=["tenant", "kind", "record_id", "id"], name="attachment_of_record"),
            models.Index(fields=["tenant", "sha256"], name="attachment_of_content"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(from_partner=False) | Q(shared=True), name="attachment_of_partner_is_shared"
            ),
            models.CheckConstraint(condition=Q(size__gt=0), name="attachment_has_content"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def active(self) -> bool:
        """Whether it counts: not withdrawn."""
        return self.status == self.Status.ACTIVE
