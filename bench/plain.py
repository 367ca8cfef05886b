"""The other side of the ratios: a table with the columns, indexes and rows of the sites, and no guard of any kind."""

from django.db import models

from cdmos.models import CDMO
from oversight.kernel.access.models import Sponsor
from oversight.kernel.database.roles import connection_as

TABLE = "bench_plainsite"
SETTLE = f"VACUUM (ANALYZE) cdmos_cdmo, cdmos_site, cdmos_historicalsite, {TABLE}"


class PlainSite(models.Model):
    """A site as plain Django would keep it: the same fields; no history, no row-level security, no references."""

    tenant = models.ForeignKey(Sponsor, models.DO_NOTHING, related_name="+")
    version = models.IntegerField(default=1)
    number = models.CharField(max_length=30)
    status = models.CharField(max_length=30)
    cdmo = models.ForeignKey(CDMO, models.DO_NOTHING, related_name="+")
    name = models.CharField(max_length=120)
    address = models.CharField(max_length=300, blank=True)
    city = models.CharField(max_length=120)
    country = models.CharField(max_length=2)
    time_zone = models.CharField(max_length=40)
    fei_number = models.CharField(max_length=10, blank=True)
    working_week = models.CharField(max_length=10, default="MON_FRI")

    class Meta:
        app_label, db_table, managed = "bench", TABLE, False

    def __str__(self) -> str:
        return self.name


def make_plain() -> None:
    """Copy the sites into the plain table, as the owner, and let the planner know both tables equally well."""
    _as_owner(
        f"CREATE TABLE {TABLE} (LIKE cdmos_site INCLUDING ALL)",
        f"INSERT INTO {TABLE} SELECT * FROM cdmos_site ORDER BY id",
        f"SELECT setval(pg_get_serial_sequence('{TABLE}', 'id'), max(id)) FROM {TABLE}",
        f"GRANT SELECT, INSERT, UPDATE ON {TABLE} TO app",
    )
    settle()


def settle() -> None:
    """Clear away dead rows and count the living, so that no figure pays for the one before it."""
    _as_owner(SETTLE)


def _as_owner(*statements: str) -> None:
    with connection_as("owner") as connection, connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
