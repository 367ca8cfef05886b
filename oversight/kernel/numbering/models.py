"""How far each series of numbers has come."""

from django.db import models
from django.db.models import Q

from oversight.kernel.access.tenancy import Shape, TenantRow


class Series(TenantRow):
    """The last number that one series of one sponsor gave out.

    No record: each number stands in the record that bears it. Partners take numbers too (they report deviations), and
    the counter has no CDMO, so within a sponsor everybody who may create records may count it on.
    """

    SHAPE = Shape.PAIR
    RIGHTS = {"app": "SELECT, INSERT, UPDATE", "auditor": "SELECT"}

    name = models.CharField(max_length=40)
    last = models.IntegerField()

    class Meta:
        verbose_name_plural = "series"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "name"], name="series_once"),
            models.CheckConstraint(condition=Q(last__gte=1), name="series_counts_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.last}"
