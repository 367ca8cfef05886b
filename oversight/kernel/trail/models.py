"""Records, whose every version is kept, and the seals over those versions."""

from collections.abc import Collection
from typing import Any, ClassVar, NoReturn

import simple_history
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Value

from oversight.kernel.access.models import Grant, Membership, Policy, Share, Sponsor, User
from oversight.kernel.access.scope import current_actor
from oversight.kernel.access.tenancy import Shape, TenantRow, VersionedRow

from .change import require_change
from .history import Trail

# Who may do what is a record, too. Secrets stay out of the history, and so does what changes without a decision.
simple_history.register(User, app=__package__, records_class=Trail, excluded_fields=["password", "last_login"])
for _model in (Sponsor, Membership, Grant, Share, Policy):
    simple_history.register(_model, app=__package__, records_class=Trail)


class Record(VersionedRow):
    """A sponsor's row of which the database keeps every version."""

    UNTRACKED: ClassVar[tuple[str, ...]] = ()  # fields that the history leaves out: what is derived, or no decision
    KEYS_FIRST: ClassVar[bool] = False  # whoever writes many at once may take their keys before: `take_keys`
    BEYOND: ClassVar[tuple[str, ...]] = ()  # references that may lead to a row of another CDMO's

    history = Trail()

    class Meta:
        abstract = True

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        """References that are there are left to `clean`, which looks them all up at once."""
        super().clean_fields(exclude={*(exclude or ()), "tenant", *(field.name for field in self._references())})

    def clean(self) -> None:
        """Refuse a reference that the present actor cannot see, as if it did not exist."""
        asked = [
            (field, field.related_model.objects.filter(pk=getattr(self, field.attname), tenant_id=self.tenant_id))
            for field in self._references()
            if not self._stays_unseen(field)
        ]
        if not asked:
            return
        first, *others = [rows.order_by().values_list(Value(field.name)) for field, rows in asked]
        seen = {name for (name,) in first.union(*others, all=True)}
        if absent := [field.name for field, _ in asked if field.name not in seen]:
            raise ValidationError(dict.fromkeys(absent, "There is no such record."))

    def _stays_unseen(self, field: Any) -> bool:
        """Whether the reference was made by somebody who sees more than the present actor, who cannot change it."""
        sees_all = (actor := current_actor()).cdmos is None
        if self._state.adding or sees_all:
            return False
        return field.name in self.BEYOND or (actor.is_partner and field.related_model.SHAPE is Shape.SPONSOR)

    def _references(self) -> list[Any]:
        """The fields that lead to another row of the sponsor."""
        return [
            field
            for field in self._meta.concrete_fields
            if isinstance(field.related_model, type) and issubclass(field.related_model, TenantRow)
            if getattr(self, field.attname) is not None
        ]

    def save(self, **options: Any) -> None:
        require_change(creating=self._state.adding)
        super().save(**options)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("Records are voided with a reason, never deleted.")


class Block(models.Model):
    """One link of the chain of seals: what the transactions [since, before) wrote."""

    number = models.BigIntegerField(primary_key=True)
    since = models.BigIntegerField()
    before = models.BigIntegerField()
    cluster = models.TextField()  # PostgreSQL's system identifier: a restored cluster has another
    sealed_at = models.DateTimeField()
    previous = models.BinaryField()
    digest = models.BinaryField()
    mac = models.BinaryField()

    def __str__(self) -> str:
        return f"block {self.number}"


class Part(models.Model):
    """One table of one tenant in one block: the keys of its rows, and their SHA-256 digests one after the other."""

    block = models.ForeignKey(Block, models.PROTECT, related_name="parts")
    table = models.CharField(max_length=63)
    tenant_id = models.BigIntegerField()  # 0: rows of no tenant (people)
    keys = ArrayField(models.BigIntegerField())
    digests = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.table} of tenant {self.tenant_id} in block {self.block_id}"


class SealerRun(models.Model):
    """When the sealer last ran, and what it found: the health page reads it. One row."""

    ran_at = models.DateTimeField()
    outcome = models.TextField()

    def __str__(self) -> str:
        return f"{self.ran_at:%Y-%m-%d %H:%M:%S} {self.outcome}"


class Incarnation(models.Model):
    """One cluster that this database lived in, and what its transaction ids are lifted by to stay in order."""

    cluster = models.TextField(unique=True)
    lift = models.BigIntegerField()
    began_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.cluster
