"""Which days count for the clocks of a record: those of the site where it happened."""

from batches.models import Batch
from cdmos.models import Site
from oversight.kernel.clocks.calendar import Calendar
from oversight.kernel.trail.models import Record
from quality.models import Deviation, ResponseTask


def calendar_of(record: Record) -> Calendar:
    """The zone and the week of the record's site; of a record without one, weeks of five days in UTC."""
    match record:
        case Deviation() | Batch():
            site = record.site
        case ResponseTask():
            site = record.deviation.site
        case Site():
            site = record
        case _:
            return Calendar()
    return Calendar(site.time_zone, Site.WORKING_DAYS[site.working_week])
