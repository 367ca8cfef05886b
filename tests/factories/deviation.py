"""Deviations: one at each CDMO of the cast."""

from datetime import UTC, datetime
from typing import Any

from cdmos.models import CDMO, Site
from oversight.kernel.access.scope import Actor, scope
from oversight.kernel.records.writes import create
from oversight.kernel.trail.change import change
from quality.models import Deviation
from quality.records import DEVIATION
from tests.cast import World

from . import Specimen

TITLE = "Pressure excursion on the capture column"
OCCURRED = datetime(2026, 1, 14, 12, 40, tzinfo=UTC)
AWARE = datetime(2026, 1, 14, 13, 6, tzinfo=UTC)
NOTIFIED = datetime(2026, 1, 14, 14, 2, tzinfo=UTC)


def report(by: Actor, site: Site, cdmo: CDMO | None = None, **values: Any) -> Deviation:
    """One deviation, as `by` would report it; a partner names no CDMO."""
    told = {
        "title": TITLE,
        "description": "Pressure passed 3.0 bar for four minutes.",
        "site": site,
        "severity": "MAJOR",
        "event_type": "CRITICAL_PROCESS_DEVIATION",
        "occurred_at": OCCURRED,
        "aware_at": AWARE,
        "notified_at": NOTIFIED,
    } | ({} if by.is_partner else {"cdmo": cdmo})
    with scope(by):
        return create(DEVIATION, by=by, values=told | values)


def without_tasks(by: Actor, site: Site, cdmo: CDMO) -> Deviation:
    """One deviation put on file past its workflow, so that nothing follows from it."""
    with change(by=by):
        return Deviation.objects.create(
            cdmo=cdmo,
            site=site,
            title="Colony in grade B",
            description="One colony on a settle plate.",
            severity="MINOR",
            event_type="RECORD_DISCREPANCY",
            occurred_at=OCCURRED,
            aware_at=AWARE,
        )


def typed(world: World) -> dict[str, str]:
    return {
        "cdmo": str(world.lyra.pk),
        "site": str(world.lyra_site.pk),
        "title": "Wrong revision of the sampling form",
        "description": "Revision 3 was used; revision 4 had been effective for two days.",
        "severity": "MINOR",
        "event_type": "RECORD_DISCREPANCY",
        "occurred_at": "2026-01-14T13:40",
        "aware_at": "2026-01-14T14:06",
        "notified_at": "2026-01-14T15:02",
    }


SPECIMEN = Specimen(
    own=lambda world: report(world.paul, world.lyra_site, title="Lyra's excursion", partner_number="LB-1187"),
    sibling=lambda world: report(world.olga, world.orion_site, title="Orion's excursion"),
    foreign=lambda world: report(world.riva, world.foreign_site, world.foreign, title="Rival's excursion"),
    typed=typed,
    title="title",
)
