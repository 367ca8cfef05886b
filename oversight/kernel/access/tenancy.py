"""The read door: every tenant table declares its shape and is read through `visible_to(actor)`."""

from enum import Enum
from typing import Any, ClassVar, Self

from django.db import models

from .scope import Actor, OutOfScope, current_actor, told


class Shape(Enum):
    """Who, besides the sponsor's own staff, may see the rows of a table."""

    PAIR = "pair"  # the partner named in the row's CDMO column
    SHARED = "shared"  # the partners named in share rows
    SPONSOR = "sponsor"  # nobody


class ScopedQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """The rows that `actor` may see.

        The policies of the database say the same; naming tenant and CDMO here too lets the planner see the constants.
        """
        model: Any = getattr(self.model, "instance_type", self.model)  # of a history model: the record's
        rows = self.filter(**{model.TENANT_COLUMN: actor.tenant})
        if issubclass(model, TenantRow) and (own := model.open_to(actor)) is not None:
            rows = rows.filter(own)
        if actor.is_partner and model.SHAPE is not Shape.PAIR:
            return rows.filter(id__in=_shared_with(actor, model)) if model.SHAPE is Shape.SHARED else rows.none()
        if actor.is_partner and model.SHARED_COLUMN:
            rows = rows.filter(**{model.SHARED_COLUMN: True})
        if actor.cdmos is None or model.CDMO_COLUMN is None:
            return rows
        return rows.filter(**{f"{model.CDMO_COLUMN}__in": actor.cdmos})


class ScopedManager(models.Manager.from_queryset(ScopedQuerySet)):  # type: ignore[misc]
    """Raises OutOfScope where nobody said for whom the rows are read: the database alone might answer with nothing."""

    def get_queryset(self) -> ScopedQuerySet:
        if told() is None:
            raise OutOfScope(f"{self.model.__name__} is read within a scope: a request, a TenantTask, or change(…).")
        return super().get_queryset()


class TenantRow(models.Model):
    """A row that belongs to one sponsor: the database holds it to its tenant and CDMO.

    A row that is no record (its versions are not kept) says in RIGHTS which role may do what with its table.
    """

    SHAPE: ClassVar[Shape]
    TENANT_COLUMN: ClassVar[str] = "tenant_id"
    CDMO_COLUMN: ClassVar[str | None] = None
    SHARED_COLUMN: ClassVar[str | None] = None  # a boolean: a partner sees only the rows in which it is true
    MEMBER_COLUMN: ClassVar[str | None] = None  # the membership that alone reads the row, once it was told (app.member)
    AUTHOR_COLUMN: ClassVar[str | None] = None  # the person who alone reads the row until OPENED_COLUMN is true
    OPENED_COLUMN: ClassVar[str | None] = None
    STAFF_WRITES: ClassVar[bool] = False  # partners read every row, and only those who see every CDMO write
    APPEND_ONLY: ClassVar[bool] = False  # nobody, not even the owner, changes or deletes a row
    RIGHTS: ClassVar[dict[str, str]] = {}

    tenant = models.ForeignKey("access.Sponsor", models.PROTECT, editable=False, related_name="+")

    objects = ScopedManager()

    class Meta:
        abstract = True

    @classmethod
    def open_to(cls, actor: Actor) -> models.Q | None:
        """What more a row must satisfy to be read by one of the sponsor's people: nothing, unless rows have an author.

        Kept by `visible_to` and the search alone: to the database, all of them are the same sponsor's.
        """
        if cls.AUTHOR_COLUMN is None or actor.reads_as is None:
            return None
        return models.Q(**{str(cls.OPENED_COLUMN): True}) | models.Q(**{cls.AUTHOR_COLUMN: actor.reads_as})

    def save(self, **options: Any) -> None:
        if self.tenant_id is None:
            self.tenant_id = current_actor().tenant
        super().save(**options)


class VersionedRow(TenantRow):
    """A sponsor's row of which the trail keeps every version, and counts them."""

    version = models.IntegerField(default=1, editable=False)  # counted by the database (trail.count_version)

    class Meta:
        abstract = True

    def save(self, **options: Any) -> None:
        adding = self._state.adding
        super().save(**options)
        if not adding:
            self.__dict__.pop("version", None)  # the database has counted on: read it again when somebody asks


def _shared_with(actor: Actor, model: type[models.Model]) -> models.QuerySet:
    from .models import Share

    shares = Share.objects.visible_to(actor).filter(kind=model._meta.db_table, withdrawn=False)
    return shares.values("record_id")
