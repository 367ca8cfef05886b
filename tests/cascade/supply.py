"""Drug substance in process at Lyra, released by Acme, filled at Orion, and a study that waits for all of it."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.utils import timezone

from batches.models import Batch
from oversight.kernel.access.scope import scope
from oversight.kernel.outbox.delivery import deliver
from oversight.kernel.outbox.models import Event
from oversight.kernel.records.writes import create
from oversight.kernel.trail.change import change
from quality.models import Deviation
from techtransfer.causes import Cause
from techtransfer.forecast import Reasons, recascade
from techtransfer.models import Milestone, Programme, Slot, Study
from techtransfer.records import SLOT
from tests.cast import World, system
from tests.factories.batch import act, batch
from tests.factories.dependency import link
from tests.factories.milestone import put, step
from tests.factories.programme import plan
from tests.factories.study import study

LYRAS = (9, 12, 14, 17, 23, 26, 30, 41)  # days that its eight closed investigations took: the fourth is the median
ORIONS = (33, 34, 61, 62, 63)
LINE = "Line 2"
FILL, NEXT_SLOT = 25, 53  # days from now: 15 of the making and 10 of the release are left before the first


class Supply:
    """The chain, with its first forecast frozen as the baseline, and nothing waiting to be delivered."""

    def __init__(self, world: World, *, begun_days_ago: int = 5, line: str = "", weekdays: bool = False) -> None:
        omar = world.omar
        self.world, self.system = world, system(world.acme)
        self._put_clocks_right()
        self.programme: Programme = plan(omar)
        self.make = self._step(world.lyra_site, "Make the substance", 20)
        self.pause = self._step(world.lyra_site, "Ship the substance", 0, step="SHIPMENT")
        self.release = self._step(None, "Release the substance", 10, step="RELEASE")
        filling = {"stage": "DP", "step": "FILL_FINISH", "line": line}
        filling |= {"calendar": "SITE"} if weekdays else {}
        self.fill = self._step(world.orion_site, "Fill the vials", 4, **filling)
        self.dosed = self._step(None, "First patient in", 0, stage="STUDY", step="CLINICAL")
        self.steps = [self.make, self.pause, self.release, self.fill, self.dosed]
        for before, after in zip(self.steps, self.steps[1:], strict=False):
            link(omar, before, after)
        self.slots = [self.slot(days) for days in (FILL, NEXT_SLOT)] if line else []
        self.study: Study = study(omar, self.programme, first_patient_in=self.dosed)
        self.batch: Batch = batch(
            omar, world.lyra_site, programme=self.programme, make_step=self.make, release_step=self.release
        )
        act(self.batch, "start", world.paul, started_on=today() - timedelta(days=begun_days_ago))
        self.follow()
        self.freeze()
        self.settle()

    def _put_clocks_right(self) -> None:
        """It is one day everywhere, whenever this runs."""
        for site in (self.world.lyra_site, self.world.orion_site):
            with change(by=self.system, reason="For the story"):
                type(site).objects.filter(pk=site.pk).update(time_zone="UTC")
            site.time_zone = "UTC"

    def _step(self, site: Any, title: str, days: int, **values: Any) -> Milestone:
        whole = {"duration_days": days, "calendar": "EVERY_DAY"} | values
        return step(self.world.omar, site, self.programme, title, **whole)

    def slot(self, days: int) -> Slot:
        """A day on which Orion's line can begin."""
        orion = self.world.orion_site
        values = {"cdmo": orion.cdmo, "site": orion, "line": LINE, "starts_on": after(days), "days": 4}
        with scope(self.world.omar):
            return create(SLOT, by=self.world.omar, values=values)

    def follow(self) -> None:
        """The steps follow the batch, as its beginning has them do."""
        with scope(self.system):
            begun = Event.objects.filter(name="batch.start", record_id=self.batch.pk).values_list("pk", flat=True).get()
        deliver(tenant=self.world.acme.pk, event=begun)

    def settle(self) -> None:
        """Of what happened before the story nobody has to hear any more."""
        with scope(self.system):
            Event.objects.filter(state=Event.State.WAITING).update(state=Event.State.DONE)

    def freeze(self) -> None:
        """What an approved baseline leaves behind."""
        for each in self.steps:
            now = self.read(each)
            put(self.world, each, baseline_start=now.forecast_start, baseline_end=now.forecast_end)
        put(self.world, self.study, baseline_first_patient_in=self.read(self.study).forecast_first_patient_in)
        self.cascade()

    def cascade(self) -> int:
        """As the background does it; answers how many steps moved."""
        with scope(self.system):
            return recascade(self.programme.pk, by=self.system, reasons=Reasons(Cause(words="Planned")))

    def read(self, record: Any) -> Any:
        """The record as it stands."""
        with scope(self.system):
            return type(record).objects.get(pk=record.pk)

    def versions(self, record: Any) -> list[Any]:
        """Its history, oldest first."""
        with scope(self.system):
            return list(type(record).history.filter(id=record.pk).order_by("history_id"))

    def dates(self) -> dict[int, tuple[date | None, date | None]]:
        """The forecast of each step."""
        with scope(self.system):
            rows = Milestone.objects.filter(programme=self.programme).order_by("pk")
            return {row.pk: (row.forecast_start, row.forecast_end) for row in rows}


def investigated(world: World, site: Any, days: Iterable[int]) -> None:
    """Deviations that were closed long ago, after so many days each."""
    with change(by=system(world.acme)):
        for place, taken in enumerate(days):
            aware = datetime(2026, 3, 2, 9, 0, tzinfo=UTC) + timedelta(days=place)
            Deviation.objects.create(
                cdmo=site.cdmo,
                site=site,
                title=f"Past excursion {place + 1}",
                description="Long closed.",
                severity="MAJOR",
                event_type="CRITICAL_PROCESS_DEVIATION",
                status="CLOSED",
                occurred_at=aware,
                aware_at=aware,
                notified_at=aware,
                closed_at=aware + timedelta(days=taken),
            )


def today() -> date:
    return timezone.now().date()


def after(days: int) -> date:
    return today() + timedelta(days=days)
