"""What happened to a programme and goes on: told through the doors, so that clocks run and dates follow."""

from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from functools import partial
from typing import Any

from batches.models import Batch
from batches.records import BATCH, CAMPAIGN
from batches.services.steps import follow
from batches.subscribers import WORDS as HAPPENED
from oversight.kernel.access.scope import Actor, scope
from oversight.kernel.records.kind import RecordKind
from oversight.kernel.records.writes import create, move
from oversight.kernel.trail.change import change
from oversight.kernel.workflow.models import Case
from techtransfer.causes import Cause
from techtransfer.forecast import Reasons, recascade
from techtransfer.forecast.days import date_of
from techtransfer.models import Baseline, ImpactAlert, Milestone
from techtransfer.records import BASELINE, MILESTONE, SLOT
from techtransfer.tasks import A_DAY_PASSED

from ..telling import HEARD, act, at, decide, heard
from .courses import Courses
from .filing import Filed, Filing
from .people import hour_of, project_of, quality_of
from .told import BaselineTold, BatchTold, SlotTold, WordTold

NOON, EVENING = time(12, 0), time(17, 30)
RECENT = timedelta(days=62)  # what happened before was computed together, when a baseline was frozen
SEEN = timedelta(hours=5)  # after which somebody has seen an alert
FILED = Reasons(Cause(words="The plan was put on file"))
Deed = tuple[datetime, Callable[[], None]]


class Doors:
    """The acts of one programme."""

    def __init__(self, filing: Filing, filed: Filed, courses: Courses, system: Actor) -> None:
        self.filing, self.filed, self.courses, self.system = filing, filed, courses, system
        self.stage, self.pen, self.today = filing.stage, filing.scribe.pen, filing.today
        self.last = FILED  # what moved it last

    def deeds(self) -> Iterator[Deed]:
        """Everything, each with its moment."""
        told, moment = self.filed.told, self.filing.moment
        first = moment(-told.opened, time(15, 0))
        yield first, partial(self.forecast, FILED, first)
        for ago in told.checks:
            yield moment(-ago, EVENING), partial(self._check, moment(-ago, EVENING))
        for frozen in told.baselines:
            yield moment(-frozen.ago, time(7, 0)), partial(self._freeze, frozen)
        for slot in told.slots:
            if slot.lost[0]:
                yield moment(-slot.lost[0], NOON), partial(self._lose, slot, moment(-slot.lost[0], NOON))
        for word in told.words:
            yield moment(-word.ago, NOON), partial(self._say, word, moment(-word.ago, NOON))
        for batch in told.batches:
            if not self.courses.is_decided(batch):
                yield from self._of_batch(batch)
        for key in told.campaigns:
            yield from self._of_campaign(key)

    def follow(self, batch: int, reasons: Reasons, moment: datetime, *, forecast: bool = True) -> None:
        """The steps of the batch say what it says; then all that waits for them does."""
        self.pen.flush()
        with at(moment), scope(self.system), heard(moment, self.stage.present):
            follow(Batch.objects.visible_to(self.system).get(pk=batch), by=self.system, reasons=reasons)
        if forecast:
            self.forecast(reasons, moment)

    def forecast(self, reasons: Reasons, moment: datetime) -> None:
        """Compute the dates as they were then; of what is long past, somebody saw the alerts."""
        self.pen.flush()
        self.last = reasons
        with at(moment), scope(self.system), heard(moment, self.stage.present):
            recascade(self.filed.programme.pk, by=self.system, reasons=reasons)
        if moment < self.stage.present - HEARD:
            self._see(moment + SEEN)

    def close(self, moment: datetime) -> None:
        """The dates are those of the present; a hold is expected to last as long as it looks by now."""
        reasons = A_DAY_PASSED
        with at(moment), scope(self.system), heard(moment, self.stage.present):
            held = Batch.objects.visible_to(self.system).filter(programme=self.filed.programme, on_hold=True)
            for batch in held.order_by("-held_since"):
                words = f"it still holds {batch.number}"
                reasons = Reasons(Cause(batch.hold_kind, batch.hold_id, batch.hold_number, words, batch.cdmo_id))
                follow(batch, by=self.system, reasons=reasons)
        self.forecast(reasons, moment)

    def _check(self, moment: datetime) -> None:
        self.forecast(self.last, moment)

    def _see(self, moment: datetime) -> None:
        lead = self.stage.actor(self.filed.told.lead)
        with at(moment), change(by=lead, reason="Seen."):
            rows = ImpactAlert.objects.visible_to(lead).filter(programme=self.filed.programme)
            rows.filter(status=ImpactAlert.Status.OPEN).update(status=ImpactAlert.Status.SEEN)

    def _of_batch(self, told: BatchTold) -> Iterator[Deed]:
        make, record, hour = self.filed.lived[told.make], self.filed.lived[told.record], hour_of(told.at)
        project, quality = project_of(told.at), quality_of(told.at)
        if told.held[0]:
            ago, by, why = told.held
            moment = self.filing.moment(-ago, NOON)
            yield moment, partial(self._batch, told, "hold", moment, by, {}, why)
        if make.begun(self.today):
            moment = self._moment(make.start, hour)
            yield moment, partial(self._batch, told, "start", moment, project, {})
        if make.done(self.today):
            made, moment = self.courses.made(told, date_of(make.end)), self._moment(make.end, hour + 7)
            values = {name: made[name] for name in ("actual_yield", "expires_on")}
            yield moment, partial(self._batch, told, "made", moment, project, values)
            if record.done(self.today):
                moment = self._moment(record.end, hour + 7)
                yield moment, partial(self._batch, told, "send-record", moment, quality, {})

    def _batch(
        self, told: BatchTold, name: str, moment: datetime, by: str, values: dict[str, Any], reason: str = ""
    ) -> None:
        row = self.filed.batches[told.key]
        self._move(BATCH, row, name, moment, by, values, reason)
        event = "batch.held" if name == "hold" else f"batch.{name.replace('-', '_')}"
        recent = moment > self.stage.present - RECENT
        reasons = Reasons(Cause.of(row, HAPPENED[event]))
        self.follow(row.pk, reasons, moment, forecast=recent and name != "send-record")

    def _of_campaign(self, key: str) -> Iterator[Deed]:
        """It runs from the first of its batches, and is complete when the last one is decided."""
        row, planner = self.filed.campaigns[key], self.filed.told.planner
        its = [batch for batch in self.filed.told.batches if batch.campaign == key]
        first = min(self.filed.lived[batch.make].start for batch in its)
        last = max(self.filed.lived[batch.release].end for batch in its)
        if first < self.today:
            moment, values = self._moment(first, 9), {"starts_on": date_of(first)}
            yield moment, partial(self._move, CAMPAIGN, row, "start", moment, planner, values)
        if last < self.today:
            moment, values = self._moment(last, 17), {"ends_on": date_of(last)}
            yield moment, partial(self._move, CAMPAIGN, row, "complete", moment, planner, values)

    def _freeze(self, told: BaselineTold) -> None:
        """Proposed on the dates of that morning, signed the day after."""
        moment = self.filing.moment(-told.ago, time(9, 0))
        self._check(moment - timedelta(hours=1))
        with act(moment, self.stage, self.filed.told.lead) as lead:
            values = {"programme": self.filed.programme, "title": told.title, "justification": told.justification}
            row = create(BASELINE, by=lead, values=values)
        with act(moment + timedelta(days=1, hours=2), self.stage, self.filed.told.approver) as approver:
            present = Baseline.objects.visible_to(approver).get(pk=row.pk)
            decide(BASELINE, present, "approve", by=approver, reason="Agreed with the partners and the clinical team.")

    def _lose(self, told: SlotTold, moment: datetime) -> None:
        row, (_, by, why) = self.filed.slots[told.week], told.lost
        self._move(SLOT, row, "lose", moment, by, {}, why)
        self.forecast(Reasons(Cause.of(row, "the slot was lost")), moment)

    def _say(self, told: WordTold, moment: datetime) -> None:
        """The partner moves its date, or stands by it."""
        row = self.filed.steps[told.step]
        if told.until is None:
            self._move(MILESTONE, row, "confirm", moment, told.by, {}, "")
            return
        self._move(MILESTONE, row, "forecast", moment, told.by, {"partner_end": self.filing.on(told.until)}, told.why)
        with scope(self.system):
            fact = Milestone.objects.visible_to(self.system).values_list("fact", flat=True).get(pk=row.pk)
        self.forecast(Reasons(Cause.of(row, fact)), moment)

    def _move(
        self,
        kind: RecordKind,
        row: Case,
        name: str,
        moment: datetime,
        by: str,
        values: dict[str, Any],
        reason: str = "",
    ) -> None:
        self.pen.flush()
        with act(moment, self.stage, by) as author:
            move(kind, row.pk, name, by=author, version=None, values=values, reason=reason)

    def _moment(self, day: int, hour: int) -> datetime:
        return self.filing.moment(day - self.today, time(hour, 20))
