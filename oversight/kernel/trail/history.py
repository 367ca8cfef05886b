"""simple-history declares and reads the history; the database writes it."""

from typing import Any

from django.db import models
from simple_history.manager import HistoricalQuerySet, HistoryManager
from simple_history.models import HistoricalRecords

from oversight.kernel.access.scope import OutOfScope, told
from oversight.kernel.access.tenancy import ScopedQuerySet


class Circumstances(models.Model):
    """What a history row keeps besides the record, the person and the reason."""

    history_user_name = models.CharField(max_length=200, editable=False)  # as it was then
    history_role = models.CharField(max_length=30, editable=False)
    history_org = models.CharField(max_length=200, editable=False)
    history_tz = models.CharField(max_length=40, editable=False)
    history_source = models.CharField(max_length=20, editable=False)
    history_request = models.CharField(max_length=64, editable=False)
    history_txid = models.BigIntegerField(editable=False)

    class Meta:
        abstract = True


class TrailQuerySet(HistoricalQuerySet, ScopedQuerySet):
    """Versions of records: `as_of`, `latest_of_each` from simple-history, `visible_to` from the read door."""


class TrailManager(HistoryManager):
    def get_queryset(self) -> models.QuerySet:
        if told() is None:
            raise OutOfScope("History is read within a scope: a request, a TenantTask, or change(…).")
        return super().get_queryset()


class Trail(HistoricalRecords):
    """`history = Trail()`: the model, the manager, `as_of`, `diff_against`; no writing."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            **{
                "bases": [Circumstances],
                "inherit": True,
                "history_id_field": models.BigAutoField(),
                "history_user_id_field": models.BigIntegerField(null=True),  # no foreign key: nothing rewrites the past
                "history_change_reason_field": models.TextField(),
                "history_manager": TrailManager,
                "historical_queryset": TrailQuerySet,
            }
            | options
        )

    def fields_included(self, model: type[models.Model]) -> list[models.Field]:
        """The fields that the history keeps: all but those that the model says change without a decision."""
        untracked = getattr(model, "UNTRACKED", ())
        return [field for field in super().fields_included(model) if field.name not in untracked]

    def copy_fields(self, model: type[models.Model]) -> dict[str, models.Field]:
        """The record's columns: without indexes (the guards make those that are read), and empty where added later."""
        fields = super().copy_fields(model)
        for field in fields.values():
            field.default = models.NOT_PROVIDED  # else Django would write it into versions that were sealed without it
            field.db_index = False
            field.null = field.name != model._meta.pk.name
        return fields

    # The database writes; these hooks of simple-history would write a second row.
    def post_save(self, *args: Any, **kwargs: Any) -> None: ...
    def post_delete(self, *args: Any, **kwargs: Any) -> None: ...
    def pre_delete(self, *args: Any, **kwargs: Any) -> None: ...
    def m2m_changed(self, *args: Any, **kwargs: Any) -> None: ...
