"""What every record that moves has: a number by which people speak of it, and a status."""

from collections.abc import Collection, Iterable
from typing import Any, ClassVar, cast

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from oversight.kernel.access.scope import Actor
from oversight.kernel.numbering import Pattern
from oversight.kernel.trail.change import require_change
from oversight.kernel.trail.models import Record

VOID = "VOID"  # the status of what was put on file by mistake, wherever there is one


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

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        """A new record refers to none that is out of use; said with all else that is wrong with its fields."""
        errors: dict[str, Any] = {}
        try:
            super().clean_fields(exclude=exclude)
        except ValidationError as refusal:
            errors = refusal.update_error_dict(errors)
        if self._state.adding:
            errors = self.out_of_use(set(self.references()) - {*errors, *(exclude or ())}) | errors
        if errors:
            raise ValidationError(errors)

    def out_of_use(self, names: Collection[str]) -> dict[str, str]:
        """A sentence for each of these references, by the field's name, whose record is void."""
        return {
            name: f"This {what} is void. Choose another one."
            for name, what in self.references().items()
            if name in names and getattr(getattr(self, name, None), "status", "") == VOID
        }

    @classmethod
    def references(cls) -> dict[str, str]:
        """The references to records that move, with what people call each."""
        return {
            field.name: str(field.verbose_name)
            for field in cls._meta.concrete_fields
            if isinstance(field.related_model, type) and issubclass(field.related_model, Case)
        }

    def beyond(self, actor: Actor) -> frozenset[str]:
        """The references that lead to a record out of the actor's sight."""
        kept = {
            name: getattr(self, cast("models.Field[Any, Any]", self._meta.get_field(name)).attname)
            for name in self.BEYOND
        }
        return frozenset(
            name
            for name, key in kept.items()
            if key
            and not cast(Any, self._meta.get_field(name).related_model)
            .objects.visible_to(actor)
            .filter(pk=key)
            .exists()
        )

    @property
    def numbers(self) -> Pattern:
        """The pattern of this record's number: that of its type, unless the type has several series."""
        return self.NUMBERS

    def save(self, **options: Any) -> None:
        """A new record takes its number last, so that those who create at once wait for each other briefly."""
        if self._state.adding and not self.number:
            require_change(creating=True)
            self.number = self.numbers.next(timezone.now().date())
        super().save(**options)


def number_once(name: str) -> models.UniqueConstraint:
    """A number is given once per sponsor, and it is found by its index."""
    return models.UniqueConstraint(fields=["tenant", "number"], name=f"{name}_number_once")


def status_among(name: str, values: Iterable[str]) -> models.CheckConstraint:
    """The database, too, knows no other status."""
    return models.CheckConstraint(condition=models.Q(status__in=list(values)), name=f"{name}_status_known")
