"""What a member keeps for itself beside the records: views of lists under a name, files to take away, drafts."""

from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models
from django.utils import timezone

from oversight.kernel.access.scope import Actor
from oversight.kernel.access.tenancy import Shape, TenantRow

KEPT = timedelta(days=7)


def expiry() -> datetime:
    """When a file that is asked for now is thrown away."""
    return timezone.now() + KEPT


class Own(models.Model):
    """A row of one membership, seen by nobody else."""

    SHAPE = Shape.PAIR
    CARRIED: ClassVar[bool] = False  # goes along when other CDMOs are opened to the member

    membership_id = models.BigIntegerField(editable=False)
    cdmo_id = models.BigIntegerField(null=True, editable=False)  # None: of the sponsor's own staff

    class Meta:
        abstract = True


class SavedView(Own, TenantRow):
    """A view of a list, under the name that its owner gave it; shared or not, it shows each what each may see."""

    CARRIED = True
    CDMO_COLUMN = "cdmo_id"
    SHARED_COLUMN = "partners"  # what the sponsor's staff call their views is not for partners to read
    RIGHTS = {"app": "SELECT, INSERT, UPDATE, DELETE", "auditor": "SELECT"}

    kind = models.CharField(max_length=40, editable=False)  # the slug of the list
    name = models.CharField(max_length=60)
    state = models.TextField()  # the query string
    shared = models.BooleanField(default=False)  # with the owner's side
    partners = models.BooleanField(default=False, editable=False)  # the owner is of a partner's
    owner_name = models.CharField(max_length=200, default="", editable=False)  # as printed beside what is shared
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "membership_id", "kind", "name"], name="view_once")]

    def __str__(self) -> str:
        return self.name


class Export(Own, TenantRow):
    """A file made of a view, by a job, for whoever asked for it."""

    CDMO_COLUMN = "cdmo_id"
    RIGHTS = {"app": "SELECT, INSERT, UPDATE", "auditor": "SELECT"}

    class Status(models.TextChoices):
        QUEUED = "QUEUED", "Waiting"
        RUNNING = "RUNNING", "Being made"
        DONE = "DONE", "Ready"
        FAILED = "FAILED", "Failed"

    class Format(models.TextChoices):
        CSV = "CSV", "CSV"
        XLSX = "XLSX", "Excel"

    user_id = models.BigIntegerField(editable=False)
    door = models.CharField(max_length=10, editable=False)
    sight = models.TextField(editable=False)  # which CDMOs the asker saw
    kind = models.CharField(max_length=40, editable=False)  # the slug of the list; `audit-trail`
    query = models.TextField(editable=False)
    format = models.CharField(max_length=4, choices=Format, editable=False)
    status = models.CharField(max_length=7, choices=Status, default=Status.QUEUED, editable=False)
    rows = models.IntegerField(default=0, editable=False)
    cut = models.BooleanField(default=False, editable=False)  # there were more rows than a file takes
    size = models.BigIntegerField(default=0, editable=False)
    sha256 = models.CharField(max_length=64, default="", editable=False)
    problem = models.CharField(max_length=200, default="", editable=False)
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    done_at = models.DateTimeField(null=True, editable=False)
    expires_at = models.DateTimeField(default=expiry, editable=False)

    class Meta:
        indexes = [models.Index(fields=["tenant", "membership_id", "-id"], name="export_of_member")]

    def __str__(self) -> str:
        return f"{self.kind}-{self.asked_at:%Y%m%d-%H%M%S}.{self.format.lower()}"

    @property
    def over(self) -> bool:
        """Whether the file is thrown away, or about to be."""
        return timezone.now() >= self.expires_at


class Draft(Own, TenantRow):
    """What a member typed into one form and has not sent yet. No record: nothing but that form ever shows it."""

    CDMO_COLUMN = "cdmo_id"
    MEMBER_COLUMN = "membership_id"
    # The keeper throws old ones away (sql/drafts.sql): of these rows it reads no more than their age.
    RIGHTS = {"app": "SELECT, INSERT, UPDATE, DELETE", "keeper": "SELECT (saved_at), DELETE"}

    path = models.CharField(max_length=400, editable=False)  # of the form, with its query
    values = models.JSONField(editable=False)  # by field, as the browser sent them
    seen = models.IntegerField(null=True, editable=False)  # the version of the record that the form was opened on
    saved_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "membership_id", "cdmo_id", "path"], name="draft_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"draft of {self.saved_at:%Y-%m-%d %H:%M}"


def own_of(actor: Actor) -> dict[str, int | None]:
    """The columns by which the database holds a member's own rows to its side.

    A narrowed member of the staff sees no row without a CDMO; hers carry the first that she was granted. Without any
    there is nothing to view.
    """
    return {"membership_id": actor.membership, "cdmo_id": actor.cdmo or (min(actor.grants) if actor.grants else None)}


def carry_own(membership: int, *, to: int | None, by: Actor) -> None:
    """Carry a member's own rows to `to`, the column by which the database shows them now; `by` sees all of them.

    Else, once other CDMOs are opened to the member, they would be out of its sight and yet in the way of new ones, and
    a calendar's key could not be revoked.
    """
    for model in Own.__subclasses__():
        if model.CARRIED:
            rows = model._default_manager.visible_to(by).filter(membership_id=membership)  # type: ignore[attr-defined]
            rows.exclude(cdmo_id=to).update(cdmo_id=to)
