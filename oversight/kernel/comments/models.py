"""What was said about a record: appended, never rewritten."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from oversight.kernel.trail.about import About
from oversight.kernel.trail.models import Record

MOST = 4000  # characters of one comment


class Comment(About, Record):
    """One comment, internal to the sponsor or shared with the record's CDMO; a shared one names its author to both."""

    SHARED_COLUMN = "shared"
    APPEND_ONLY = True

    text = models.TextField(max_length=MOST, editable=False)
    shared = models.BooleanField(editable=False)
    mentions = ArrayField(models.BigIntegerField(), editable=False)  # memberships that the author calls to it
    author_membership = models.BigIntegerField(null=True, editable=False)  # None: the system
    author_name = models.CharField(max_length=200, editable=False)  # as printed then
    author_org = models.CharField(max_length=200, editable=False)
    from_partner = models.BooleanField(editable=False)
    said_at = models.DateTimeField(editable=False)

    class Meta:
        indexes = [models.Index(fields=["tenant", "kind", "record_id", "id"], name="comment_of_record")]
        constraints = [
            models.CheckConstraint(
                condition=Q(from_partner=False) | Q(shared=True), name="comment_of_partner_is_shared"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.author_name}: {self.text[:60]}"
