"""Which days count for the clocks of a record: those of the site where it happened."""

from cdmos.models import Site
from oversight.kernel.clocks.calendar import Calendar
from oversight.kernel.trail.models import Record
from quality.models import Deviation, ResponseTask

Week = Site.WorkingWeek
WORKING = {
    Week.MON_FRI: frozenset({0, 1, 2, 3, 4}),
    Week.MON_SAT: frozenset({0, 1, 2, 3, 4, 5}),
    Week.SUN_THU: frozenset({6, 0, 1, 2, 3}),
    Week.EVERY_DAY: frozenset(range(7)),
}


def calendar_of(record: Record) -> Calendar:
    """The zone and the week of the record's site; of a record without one, weeks of five days in UTC."""
    match record:
        case Deviation():
            site = record.site
        case ResponseTask():
            site = record.deviation.site
        case Site():
            site = record
        case _:
            return Calendar()
    return Calendar(site.time_zone, WORKING[Week(site.working_week)])
