"""What every record that moves has: a number by which people speak of it, and a status."""

from collections.abc import Iterable
from typing import Any, ClassVar, cast

from django.db import models
from django.utils import timezone

from oversight.kernel.numbering import Pattern
from oversight.kernel.trail.change import require_change
from oversight.kernel.trail.models import Record


class Case(Record):
    """A record with a number and a status; only its workflow sets either.

    A subclass narrows `status` by its choices and adds `number_once(…)` to its constraints.
    """

    NUMBERS: ClassVar[Pattern]
    # Beside which field the sentence of a constraint stands, by the constraint's name.
    BESIDE: ClassVar[dict[str, str]] = {}

    number = models.CharField(max_length=30, editable=False)
    status = models.CharField(max_length=30, editable=False)

    class Meta:
        abstract = True

    @classmethod
    def called(cls, name: str) -> str:
        """What people call the field of that name."""
        return str(cast("models.Field[Any, Any]", cls._meta.get_field(name)).verbose_name)

    def save(self, **options: Any) -> None:
        """A new record takes its number last, so that those who create at once wait for each other briefly."""
        if self._state.adding and not self.number:
            require_change(creating=True)
            self.number = self.NUMBERS.next(timezone.now().date())
        super().save(**options)


def number_once(name: str) -> models.UniqueConstraint:
    """A number is given once per sponsor, and it is found by its index."""
    return models.UniqueConstraint(fields=["tenant", "number"], name=f"{name}_number_once")


def status_among(name: str, values: Iterable[str]) -> models.CheckConstraint:
    """The database, too, knows no other status."""
    return models.CheckConstraint(condition=models.Q(status__in=list(values)), name=f"{name}_status_known")
