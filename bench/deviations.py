"""A few deviations at the sponsors whose requests are counted: one really reported, the others copied from it."""

from datetime import UTC, datetime

from django.db import connection

from cdmos.models import CDMO, Site
from oversight.kernel.access.scope import Actor, scope
from oversight.kernel.records.writes import create
from oversight.kernel.trail.change import change
from quality.models import Deviation
from quality.records import DEVIATION

AT = datetime(2026, 1, 14, 12, 40, tzinfo=UTC)


def put_on_file(actor: Actor, rows: int) -> int:
    """Bring the sponsor to `rows` deviations; the key of the first, with the clocks and tasks that follow from it."""
    with scope(actor):
        site = Site.objects.visible_to(actor).earliest("pk")
        values = {"cdmo": CDMO.objects.visible_to(actor).get(pk=site.cdmo_id), "site": site, "severity": "MAJOR"}
        values |= {"event_type": "CRITICAL_PROCESS_DEVIATION", "title": "Pressure excursion on the capture column"}
        values |= {"description": "Pressure passed 3.0 bar.", "occurred_at": AT, "aware_at": AT, "notified_at": AT}
        first = create(DEVIATION, by=actor, values=values)
    copy(actor, int(first.pk), range(2, rows + 1))
    return int(first.pk)


def copy(actor: Actor, pk: int, numbers: range) -> None:
    """Put copies of one deviation on file, one for each of `numbers`."""
    listed = ", ".join(
        str(field.column) for field in Deviation._meta.concrete_fields if field.name not in ("id", "number")
    )
    with change(by=actor), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO quality_deviation (number, {listed}) SELECT 'COPY-' || n, {listed} FROM quality_deviation d,"
            " unnest(%s::int[]) n WHERE d.id = %s",
            [list(numbers), pk],
        )
