"""One table of each shape, so that the kernel is proven on all three whether or not the product has one yet."""

from django.db import models

from cdmos.models import CDMO, Site
from oversight.kernel.access.tenancy import Shape, TenantRow
from oversight.kernel.clocks.models import Due
from oversight.kernel.trail.models import Record


class Ticket(Record):
    """Pair: seen by the sponsor and by the CDMO that it names."""

    SHAPE = Shape.PAIR
    CDMO_COLUMN = "cdmo_id"

    cdmo = models.ForeignKey(CDMO, models.PROTECT, related_name="+")
    site = models.ForeignKey(Site, models.PROTECT, null=True, related_name="+")
    title = models.CharField(max_length=100)
    related = models.ManyToManyField("self", through="TicketLink", symmetrical=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "title"], name="ticket_title_once")]

    def __str__(self) -> str:
        return self.title


class TicketLink(Record):
    """A many-to-many through an explicit table: trailed like everything else."""

    SHAPE = Shape.PAIR
    CDMO_COLUMN = "cdmo_id"

    cdmo = models.ForeignKey(CDMO, models.PROTECT, related_name="+")
    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="+")
    other = models.ForeignKey(Ticket, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.ticket_id} → {self.other_id}"


class Memo(Record):
    """Sponsor-only."""

    SHAPE = Shape.SPONSOR

    title = models.CharField(max_length=100)

    def __str__(self) -> str:
        return self.title


class Bulletin(Record):
    """Shared: seen by the partners it was shared with."""

    SHAPE = Shape.SHARED

    title = models.CharField(max_length=100)

    def __str__(self) -> str:
        return self.title


class Receipt(Record):
    """Append-only, and hidden from the partner unless shared."""

    SHAPE = Shape.PAIR
    CDMO_COLUMN = "cdmo_id"
    SHARED_COLUMN = "shared"
    APPEND_ONLY = True

    cdmo = models.ForeignKey(CDMO, models.PROTECT, related_name="+")
    title = models.CharField(max_length=100)
    shared = models.BooleanField()

    def __str__(self) -> str:
        return self.title


class Errand(Due, Record):
    """Keeps a copy of its next clock, which is no part of its history."""

    SHAPE = Shape.PAIR
    CDMO_COLUMN = "cdmo_id"

    cdmo = models.ForeignKey(CDMO, models.PROTECT, related_name="+")
    title = models.CharField(max_length=100)

    def __str__(self) -> str:
        return self.title


class Jotting(TenantRow):
    """No record: behind the walls, without versions."""

    SHAPE = Shape.PAIR
    CDMO_COLUMN = "cdmo_id"
    RIGHTS = {"app": "SELECT, INSERT, UPDATE, DELETE", "relay": "SELECT"}

    cdmo = models.ForeignKey(CDMO, models.PROTECT, related_name="+")
    text = models.CharField(max_length=100)

    def __str__(self) -> str:
        return self.text
