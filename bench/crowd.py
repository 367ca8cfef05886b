"""Very many deviations, very many versions of them and their clocks: written past the trail, in a database of its own.

Through the door, with history, a million rows take minutes, and all versions are of one moment and one person. So the
superuser writes these tables directly, the guards switched off; whatever counts or seals history runs elsewhere.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from django.db.backends.utils import CursorWrapper

from cdmos.models import CDMO, Site
from oversight.kernel.access.scope import Actor, scope
from oversight.kernel.access.sponsors import found_sponsor
from oversight.kernel.database.roles import connection_as
from oversight.kernel.trail.change import change
from oversight.roles import Role
from quality.models import Deviation

from .crowd_clocks import write_clocks
from .members import actor_of, join, system, told_of

ROWS = {"million": 1_000_000, "ten-thousand": 10_000, "thousand": 1_000}
VERSIONS = ("million", "ten-thousand")  # sponsors with as many versions as deviations
CDMOS = 20
BEGAN, LASTED = datetime(2024, 1, 1, tzinfo=UTC), timedelta(days=700)  # the life of every sponsor, however busy

# What of a row is not the model's default, in terms of `n`, which counts from 0 to `rows` - 1. Each takes its digits
# from another place, so that no two columns go together; rows are no thicker at one sponsor than at another.
_ROW = {
    "tenant_id": "%(tenant)s",
    "version": "1",
    "number": "'DEV-26-' || lpad(n::text, 7, '0')",
    "status": "(ARRAY['REPORTED', 'INVESTIGATION', 'ANSWERED', 'ACCEPTED', 'CLOSED', 'VOID'])[1 + n %% 6]",
    "severity": "(ARRAY['MINOR', 'MAJOR', 'MINOR', 'MAJOR', 'CRITICAL'])[1 + (n / 6) %% 5]",
    "cdmo_id": "(%(cdmos)s::bigint[])[1 + (n / 7) %% %(places)s]",
    "site_id": "(%(sites)s::bigint[])[1 + (n / 7) %% %(places)s]",
    "event_type": "(ARRAY['IN_PROCESS_OOS', 'RELEASE_OOS', 'EQUIPMENT_DOWNTIME'])[1 + (n / 11) %% 3]",
    "title": "'Temperature of hold tank ' || n %% 89 || ' out of range'",
    "description": "'The chart of the night shift shows ' || n %% 97 || ' minutes. ' || repeat('It was seen. ', 12)",
    "occurred_at": "%(began)s + n * %(step)s - interval '3 hours'",
    "aware_at": "%(began)s + n * %(step)s - interval '2 hours'",
    "notified_at": "%(began)s + n * %(step)s - interval '1 hour'",
    "due_at": "CASE WHEN n %% 6 < 4 THEN %(began)s + ((n::bigint * 7919) %% %(rows)s) * %(step)s END",
    "due_label": "'Investigation'",
    "due_side": "'CDMO'",
    "opened_by": "%(person)s",
    "returned_count": "n %% 2",
}
# Each fourth deviation has four versions; the same four people, hands and words turn up everywhere.
_VERSION = {
    "version": "v.nth",
    "returned_count": "v.nth %% 2",
    "history_date": "%(began)s + (v.nth * (%(rows)s / 4) + d.place / 4) * %(step)s",
    "history_type": "CASE v.nth WHEN 0 THEN '+' ELSE '~' END",
    "history_user_id": "(%(people)s::bigint[])[1 + (d.place / 4 + v.nth) %% %(hands)s]",
    "history_user_name": "'Somebody'",
    "history_role": "'qa_director'",
    "history_org": "(ARRAY[%(name)s, %(other)s])[1 + (d.place / 4 + v.nth) %% 2]",
    "history_tz": "'UTC'",
    "history_source": "'browser'",
    "history_request": "''",
    "history_change_reason": "'Corrected after call ' || (d.place / 4 + v.nth) %% 50",
    "history_txid": "0",
}


@dataclass(frozen=True, slots=True)
class Crowd:
    """One sponsor of the crowd, who looks at it, and what can be asked for."""

    rows: int
    staff: Actor
    partner: Actor
    narrowed: Actor  # of the same role, with the first half of the CDMOs granted
    cdmos: tuple[int, ...]
    person: int  # who made a quarter of the versions
    org: str

    def told(self) -> dict[str, Any]:
        """As JSON holds it."""
        people = {"staff": told_of(self.staff), "partner": told_of(self.partner), "narrowed": told_of(self.narrowed)}
        return people | {"rows": self.rows, "cdmos": self.cdmos, "person": self.person, "org": self.org}

    @classmethod
    def of(cls, told: dict[str, Any]) -> Self:
        """The crowd that was told."""
        people = {name: actor_of(told[name]) for name in ("staff", "partner", "narrowed")}
        return cls(**told | people | {"cdmos": tuple(told["cdmos"])})


def fill_crowds() -> dict[str, Any]:
    """All of them, as JSON holds it."""
    return {name: crowd.told() for name, crowd in gather().items()}


def gather() -> dict[str, Crowd]:
    """The sponsors by name, each with its rows, settled for the planner."""
    crowds = {name: _sponsor(name, rows) for name, rows in ROWS.items()}
    with connection_as("owner") as connection, connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")  # as autovacuum does in time: rows counted, pages marked as seen
    return crowds


def _sponsor(name: str, rows: int) -> Crowd:
    sponsor = found_sponsor(slug=f"crowd-{name}", name=f"Crowd {name}")
    with change(by=system(sponsor), reason="Filled for the benchmark"):
        places = [CDMO(tenant_id=sponsor.pk, name=f"Partner {n:02}", country="CH", outsourcing_model="PREFERRED")
                  for n in range(CDMOS)]  # fmt: skip
        for cdmo in places:
            cdmo.drug_product = True
            cdmo.save()
        sites = [Site(tenant_id=sponsor.pk, cdmo=cdmo, name=f"Site of {cdmo.name}", city="Basel", country="CH",
                      time_zone="Europe/Zurich") for cdmo in places]  # fmt: skip
        for site in sites:
            site.save()
    staff = join(sponsor, Role.QA_DIRECTOR)
    people = [staff, *(join(sponsor, role) for role in (Role.QA_REVIEWER, Role.CMC_LEAD, Role.SUPPLY))]
    partner = join(sponsor, Role.CDMO_QA, cdmo=places[0].pk)
    granted = tuple(place.pk for place in places[: CDMOS // 2])
    narrowed = join(sponsor, Role.QA_DIRECTOR, grants=granted)
    values = {
        "tenant": sponsor.pk,
        "rows": rows,
        "began": BEGAN,
        "step": LASTED / rows,
        "cdmos": [cdmo.pk for cdmo in places],
        "sites": [site.pk for site in sites],
        "places": CDMOS,
        "person": staff.user,
        "people": [person.user for person in people],
        "hands": len(people),
        "name": sponsor.name,
        "other": "Partner 00 AG",
    }
    with _unguarded() as cursor:
        _write(cursor, values, versions=name in VERSIONS)
        write_clocks(cursor, values)
    with scope(staff):
        assert Deviation.objects.visible_to(staff).filter(status="VOID").exists()
    return Crowd(rows, staff, partner, narrowed, tuple(values["cdmos"]), int(staff.user or 0), sponsor.name)


def _write(cursor: CursorWrapper, values: dict[str, Any], *, versions: bool) -> None:
    columns = {field.column: field for field in Deviation._meta.concrete_fields if field.column != "id"}
    defaults = {column: field.get_default() for column, field in columns.items() if column not in _ROW}
    blank = {column: "" if value is None and not columns[column].null else value for column, value in defaults.items()}
    cells = {column: _ROW.get(column, f"%(default_{column})s") for column in columns}
    given = values | {f"default_{column}": value for column, value in blank.items()}
    cursor.execute(
        f"INSERT INTO quality_deviation ({', '.join(cells)}) SELECT {', '.join(cells.values())}"
        " FROM generate_series(0, %(rows)s - 1) n",
        given,
    )
    if not versions:
        return
    history = Deviation.history.model._meta.concrete_fields
    kept = [field.column for field in history if field.column != "history_id"]
    told = [_VERSION.get(column, f"d.{column}") for column in kept]
    cursor.execute(
        f"INSERT INTO quality_historicaldeviation ({', '.join(kept)}) SELECT {', '.join(told)} FROM"
        " (SELECT *, row_number() OVER (ORDER BY id) - 1 AS place FROM quality_deviation"
        " WHERE tenant_id = %(tenant)s) d"
        " CROSS JOIN LATERAL generate_series(0, 3) v(nth) WHERE d.place %% 4 = 0 ORDER BY v.nth, d.place",
        values,
    )


@contextmanager
def _unguarded() -> Iterator[CursorWrapper]:
    """A superuser's transaction in which no trigger of these tables says a word."""
    tables = {"quality_deviation": "guard_log", "quality_historicaldeviation": "guard_origin",
              "clocks_clock": "guard_log"}  # fmt: skip
    with connection_as("superuser") as connection, connection.cursor() as cursor:
        cursor.execute("SET event_triggers = off; SET session_replication_role = replica; SET work_mem = '256MB'")
        cursor.execute("DROP INDEX IF EXISTS search_quality_deviation")  # nobody searches here, and it takes minutes
        for table, guard in tables.items():
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {guard}")
        try:
            yield cursor
        finally:
            for table, guard in tables.items():
                cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {guard}")
