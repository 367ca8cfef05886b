"""The API as plain Django REST framework would write it: a ModelSerializer, cursor pages, nobody at the door (P4)."""

from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest
from django.urls import path
from rest_framework import generics, pagination, renderers, serializers

from oversight.kernel.api.writer import HEAD, readable
from oversight.kernel.database.roles import connection_as
from quality.models import Deviation
from quality.records import DEVIATION

TABLE = "bench_plaindeviation"


class _Meta:
    app_label, db_table, managed = "bench", TABLE, False


_COLUMNS: dict[str, Any] = {
    field.name: models.ForeignKey(field.related_model, models.DO_NOTHING, related_name="+")
    if field.is_relation
    else field.clone()
    for field in Deviation._meta.concrete_fields
}
# A deviation as plain Django would keep it: the same columns, no history, no row-level security.
PlainDeviation: Any = type("PlainDeviation", (models.Model,), _COLUMNS | {"Meta": _Meta, "__module__": __name__})


class _Serializer(serializers.ModelSerializer):
    class Meta:
        model = PlainDeviation
        fields: ClassVar[list[str]] = [*HEAD, *(field.name for field in readable(DEVIATION))]


class _Pages(pagination.CursorPagination):
    page_size, ordering = 100, "id"


class BareList(generics.ListAPIView):
    """One collection, as the framework's own tutorial makes it."""

    queryset = PlainDeviation.objects.all()
    serializer_class = _Serializer
    pagination_class = _Pages
    authentication_classes: ClassVar[list[Any]] = []
    permission_classes: ClassVar[list[Any]] = []
    renderer_classes: ClassVar[list[Any]] = [renderers.JSONRenderer]


urlpatterns = [path("deviations/", BareList.as_view())]


def here(get_response: Any) -> Any:
    """The only middleware of the bare side: it says where the addresses are."""

    def middleware(request: HttpRequest) -> Any:
        request.urlconf = __name__
        return get_response(request)

    return middleware


def make_plain_deviations(tenant: int) -> None:
    """Copy one sponsor's deviations into the plain table, as the owner."""
    with connection_as("superuser") as connection, connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {TABLE}")
        cursor.execute(f"CREATE TABLE {TABLE} (LIKE quality_deviation INCLUDING ALL)")
        cursor.execute(
            f"INSERT INTO {TABLE} SELECT * FROM quality_deviation WHERE tenant_id = %s ORDER BY id", [tenant]
        )
        cursor.execute(f"GRANT SELECT ON {TABLE} TO app")
        cursor.execute(f"VACUUM (ANALYZE) {TABLE}")
