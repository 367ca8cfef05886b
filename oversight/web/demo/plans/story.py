"""Tells what happened to the programmes of one sponsor, act by act, in the order of time."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from batches.models import Batch
from cdmos.models import CDMO, Site
from oversight.kernel.access.scope import Actor, scope
from oversight.kernel.trail.change import change
from quality.models import Deviation
from techtransfer.causes import Cause
from techtransfer.forecast import Reasons
from techtransfer.forecast.calendars import WEEKDAYS, calendars_of, name_of
from techtransfer.forecast.days import day_of
from techtransfer.models import Closure
from techtransfer.schedule import Calendar

from ..events import Event
from ..telling import Stage
from .catalogue import PROGRAMMES
from .courses import Courses
from .doors import Doors
from .filing import Filing
from .places import CLOSURES
from .progress import Progress
from .scribe import TOLD, Scribe
from .supposed import keep
from .told import OURS, Place

# A story that says itself what it happened to, or that happened to no batch.
NAMED = re.compile(r"\b(lot|batch|DS-|NV-|SV-)|idle|supplier", re.IGNORECASE)
YEARS = (-1, 0, 1, 2)  # in which sites tell their closures, counted from the present
CLOSED = 260  # days ago, when they told them


class Story:
    """The programmes of one sponsor; `until` goes on with them up to a moment."""

    def __init__(self, slug: str, stage: Stage, system: Actor, cdmos: Mapping[str, CDMO]) -> None:
        self.stage, self.system = stage, system
        self.today = day_of(stage.present.date())
        self.scribe = Scribe(system)
        with change(by=system, reason=TOLD):
            rows = Site.objects.visible_to(system).select_related("cdmo")
            self.sites: dict[Place, Site] = {(site.cdmo.name, site.name): site for site in rows}
        self._closures(slug)
        filing = Filing(stage, self.scribe, cdmos, self.sites, self._calendars(), self.today)
        self.filed = [filing.file(told) for told in PROGRAMMES[slug]]
        self.courses = [Courses(filing, filed, system) for filed in self.filed]
        self.doors = [
            Doors(filing, filed, courses, system) for filed, courses in zip(self.filed, self.courses, strict=True)
        ]
        self.progress = [Progress(filing, filed, system) for filed in self.filed]
        deeds = [deed for each in (*self.courses, *self.doors, *self.progress) for deed in each.deeds()]
        self.deeds = sorted(deeds, key=lambda deed: deed[0])

    def until(self, moment: datetime) -> None:
        """Tell what had happened by then."""
        while self.deeds and self.deeds[0][0] < moment:
            self.deeds.pop(0)[1]()
        for courses in self.courses:
            courses.sign()

    def finish(self) -> None:
        """Tell the rest; then the dates are those of the present."""
        self.until(self.stage.present)
        for courses, doors in zip(self.courses, self.doors, strict=True):
            courses.ship()
            doors.close(self.stage.present - timedelta(minutes=1))
        for progress in self.progress:
            progress.look(self.stage.present)
        for doors in self.doors:
            keep(doors.filed, self.stage, self.system)

    def batch(self, cdmo: int, partner_number: str) -> Batch:
        """The batch of the partner's number."""
        found = (batch for filed in self.filed for batch in filed.batches.values())
        return next(each for each in found if (each.cdmo_id, each.partner_number) == (cdmo, partner_number))

    def touched(self, event: Event) -> Batch | None:
        """The batch on which something happened that is over by now: made then at that site, and decided after it."""
        if event.values["severity"] == "CRITICAL" or NAMED.search(event.values["title"] + event.values["description"]):
            return None
        aware, over = event.aware.before(self.stage.present), event.since[-1].ago.before(self.stage.present)
        since, until = day_of(aware.date()), day_of(over.date())
        for filed in self.filed:
            for batch in filed.told.batches:
                make, end = filed.lived[batch.make], filed.lived[batch.release].end
                if batch.at == (event.cdmo, event.site) and make.start < since <= make.end and until < end:
                    return filed.batches[batch.key]
        return None

    def held(self, deviation: Deviation, moment: datetime) -> None:
        """A deviation has been told that may hold its batch: the steps follow, and all that waits for them."""
        with scope(self.system):
            rows = Batch.objects.visible_to(self.system).filter(pk=deviation.batch_id, hold_id=deviation.pk)
            batch = rows.first()
        if batch is not None:
            kind, words = deviation._meta.db_table, f"it holds {batch.number}"
            cause = Cause(kind, deviation.pk, deviation.number, words, deviation.cdmo_id)
            doors = next(each for each in self.doors if each.filed.programme.pk == batch.programme_id)
            doors.follow(batch.pk, Reasons(cause), moment)

    def _closures(self, slug: str) -> None:
        today, rows = self.stage.present.date(), []
        for told in CLOSURES[slug]:
            site, by = self.sites[told.at], self.stage.actor(told.by)
            for year in (today.year + ahead for ahead in YEARS):
                over = told.last < told.first  # the new year
                closure = Closure(
                    tenant_id=self.system.tenant,
                    status=Closure.Status.ACTIVE,
                    cdmo_id=site.cdmo_id,
                    site=site,
                    title=told.title,
                    why=told.why,
                    starts_on=today.replace(year, *told.first),
                    ends_on=today.replace(year + over, *told.last),
                )
                rows.append((closure, by, self.stage.present - timedelta(days=CLOSED)))
        self.scribe.file(rows)

    def _calendars(self) -> dict[Place, Calendar]:
        with scope(self.system):
            found = calendars_of({site.pk for site in self.sites.values()}, today=self.today, by=self.system)
        return {OURS: found[WEEKDAYS]} | {place: found[name_of(site.pk)] for place, site in self.sites.items()}
