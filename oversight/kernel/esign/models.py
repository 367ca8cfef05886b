"""Signatures, and the agreement that comes before a person's first one."""

from django.db import models

from oversight.kernel.access.tenancy import Shape
from oversight.kernel.trail.about import About
from oversight.kernel.trail.models import Record
from oversight.roles import Role

from .proving import Method


class Signature(About, Record):
    """What one person declared of one version of a record; written by `sign`, once.

    Nothing here follows what changes later: who signed is kept as it was printed then. Its own history row is sealed
    like every other.
    """

    APPEND_ONLY = True

    signer_id = models.BigIntegerField(editable=False)  # no foreign key: nothing rewrites the past
    name = models.CharField(max_length=200, editable=False)
    role = models.CharField(max_length=30, choices=Role, editable=False)
    org = models.CharField("organisation", max_length=200, editable=False)
    meaning = models.TextField(editable=False)
    reason = models.TextField(editable=False)
    signed_at = models.DateTimeField(editable=False)  # by the clock of the database
    zone = models.CharField(max_length=40, editable=False)
    signed_history = models.BigIntegerField(editable=False)  # the history_id of the version
    signed_version = models.IntegerField(editable=False)
    digest = models.CharField("SHA-256", max_length=64, editable=False)  # of that version, with its key
    method = models.CharField(max_length=13, choices=Method, editable=False)
    request = models.CharField(max_length=64, editable=False)

    class Meta:
        indexes = [models.Index(fields=["tenant", "kind", "record_id"], name="signature_of_record")]

    def __str__(self) -> str:
        return f"{self.name}: {self.meaning}"


class Agreement(Record):
    """That a person took the electronic signature for the equal of a handwritten one (21 CFR 11.100(c)).

    Written with the first signature at a sponsor. It hangs on that record's CDMO, since a member of the staff who sees
    some CDMOs only may write nothing else; a partner sees those of its own people.
    """

    SHAPE = Shape.PAIR
    CDMO_COLUMN = "cdmo_id"
    SHARED_COLUMN = "of_partner"
    APPEND_ONLY = True

    cdmo_id = models.BigIntegerField(null=True, editable=False)
    of_partner = models.BooleanField(editable=False)
    signer_id = models.BigIntegerField(editable=False)
    name = models.CharField(max_length=200, editable=False)
    org = models.CharField("organisation", max_length=200, editable=False)
    text = models.TextField(editable=False)
    agreed_at = models.DateTimeField(editable=False)

    class Meta:
        indexes = [models.Index(fields=["tenant", "signer_id"], name="agreement_of_signer")]

    def __str__(self) -> str:
        return f"{self.name}: {self.text}"
