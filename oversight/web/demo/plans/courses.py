"""What runs its course in a programme and is told by the pen: steps that begin and end, batches that are decided."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from batches.models import Batch, Lot
from batches.services.rules import RECORD, REVIEW
from batches.subscribers import WORDS as HAPPENED
from batches.workflows.batch import BATCH_WORKFLOW
from oversight.kernel.access.scope import Actor
from oversight.kernel.esign import Method, sign
from oversight.kernel.records.words import day_in_words
from oversight.kernel.trail.change import change
from techtransfer.causes import Cause
from techtransfer.forecast import Reasons
from techtransfer.forecast.days import date_of
from techtransfer.models import Milestone

from ..lives import Course, Moment
from ..telling import at
from .filing import Filed, Filing
from .people import hour_of, project_of, quality_of
from .told import BatchTold, Step

Deed = tuple[datetime, Callable[[], None]]
Day, Status = int, Batch.Status
STEP = Milestone._meta.db_table
RELEASED = "Record, tests and every event were reviewed."


@dataclass(frozen=True, slots=True)
class Signed:
    """A decision whose signature has yet to be written."""

    batch: Batch
    moment: Moment
    move: str


class Courses:
    """The courses of one programme."""

    def __init__(self, filing: Filing, filed: Filed, system: Actor) -> None:
        self.filing, self.filed, self.system = filing, filed, system
        self.scribe, self.stage, self.today = filing.scribe, filing.stage, filing.today
        self.signed: list[Signed] = []
        self.lots: list[tuple[Lot, Actor, datetime]] = []
        self._of_batches = {key for batch in filed.told.batches for key in (batch.make, batch.release)}

    def deeds(self) -> Iterator[Deed]:
        """Everything, each with its moment."""
        for step in self.filed.told.steps:
            if step.key in self.filed.steps and step.key not in self._of_batches:
                yield from self._of_step(step)
        for batch in self.filed.told.batches:
            if self.is_decided(batch):
                yield from self._of_batch(batch)
            yield self._planned(batch)

    def is_decided(self, batch: BatchTold) -> bool:
        """Whether it has been released, or rejected."""
        return self.filed.lived[batch.release].done(self.today)

    def sign(self) -> None:
        """Write the signatures of what was decided since; the rows stand."""
        self.scribe.pen.flush()
        for each in self.signed:
            with at(each.moment.at), change(by=each.moment.by, reason=each.moment.reason):
                meaning = BATCH_WORKFLOW.transition(each.move).signed_as
                sign(each.batch, by=each.moment.by, meaning=meaning, reason=each.moment.reason, method=Method.PASSWORD)
        self.signed = []

    def at(self, day: Day, hour: int, minute: int = 0) -> datetime:
        """A moment of that day, which the engine counts."""
        return self.filing.moment(day - self.today, time(hour, minute))

    def ship(self) -> None:
        """The lots of what was released, and where they went."""
        self.scribe.file(self.lots)
        for row, by, moment in self.lots:
            self.scribe.write(row, by, moment + timedelta(minutes=5), "Available.", status=Lot.Status.AVAILABLE)
            gone = moment + timedelta(days=1)
            if gone < self.stage.present:
                shipped = {"status": Lot.Status.SHIPPED, "shipped_on": gone.date()}
                self.scribe.write(row, by, gone, "Shipped.", **shipped)
        self.scribe.pen.flush()

    def _of_step(self, step: Step) -> Iterator[Deed]:
        went, row = self.filed.lived[step.key], self.filed.steps[step.key]
        hour = hour_of(step.at)
        name = project_of(step.at) or step.owner
        since = self.today - self.filed.told.opened
        if went.done(self.today):
            over = self.at(went.end, hour + 6, 20)
            yield over, partial(self._finish, row, name, went.start, went.end, over)
        begun = max(went.start, since + 1)
        if went.begun(self.today) and step.days[1] and (begun < went.end or not went.done(self.today)):
            yield self.at(begun, hour, 15), partial(self._start, row, name, went.start, self.at(begun, hour, 15))

    def _start(self, row: Milestone, name: str, start: Day, moment: datetime) -> None:
        by, began = self.stage.actor(name), date_of(start)
        fact = {
            "fact_kind": STEP,
            "fact_id": row.pk,
            "fact_number": row.number,
            "fact": f"it began on {day_in_words(began)}",
        }
        self.scribe.write(row, by, moment, "Started.", status="IN_PROGRESS", actual_start=began, **fact)

    def _finish(self, row: Milestone, name: str, start: Day, end: Day, moment: datetime) -> None:
        by, over = self.stage.actor(name), date_of(end)
        fact = {"fact_kind": STEP, "fact_id": row.pk, "fact_number": row.number}
        fact["fact"] = f"it was finished on {day_in_words(over)}"
        values = {"status": "DONE", "actual_start": date_of(start), "actual_end": over} | fact
        self.scribe.write(row, by, moment, "Finished.", **values)

    def _of_batch(self, told: BatchTold) -> Iterator[Deed]:
        row, went = self.filed.batches[told.key], self.filed.lived
        hour = hour_of(told.at)
        start, made = went[told.make].start, went[told.make].end
        sent, over = min(went[told.record].end, went[told.release].end), went[told.release].end
        course: list[Course] = []
        yield self.at(start, hour, 30), partial(self._batch_started, row, told, start, self.at(start, hour, 30), course)
        yield self.at(made, hour + 7), partial(self._batch_made, row, told, made, self.at(made, hour + 7), course)
        yield (
            self.at(sent, hour + 7, 20),
            partial(self._record_sent, row, told, sent, self.at(sent, hour + 7, 20), course),
        )
        late = max(hour + 7, 14)
        yield self.at(over, late, 45), partial(self._decided, row, told, over, self.at(over, late, 45), course)

    def _planned(self, told: BatchTold) -> Deed:
        """Its steps name it since both are on file."""
        row = self.filed.batches[told.key]
        moment = max(self.filed.opened[told.key], self.filing.moment(-self.filed.told.opened, time(14, 0)))

        def say() -> None:
            for key in (told.make, told.release):
                if not told.replaces:
                    self._mirror(row, key, moment, "batch.opened")

        return moment, say

    def _batch_started(self, row: Batch, told: BatchTold, day: Day, moment: datetime, course: list[Course]) -> None:
        by = self.stage.actor(project_of(told.at))
        now = Moment(by, moment, "Started.")
        course.append(Course(now=now, system=self.system, pen=self.scribe.pen, told=moment))
        self.scribe.write(row, by, moment, now.reason, status=Status.IN_PROCESS, started_on=date_of(day))
        self._mirror(row, told.make, moment, "batch.start", status="IN_PROGRESS", actual_start=date_of(day))

    def _batch_made(self, row: Batch, told: BatchTold, day: Day, moment: datetime, course: list[Course]) -> None:
        by = self.stage.actor(project_of(told.at))
        self.scribe.write(row, by, moment, "Made.", status=Status.MADE, **self.made(told, date_of(day)))
        course[0].now = Moment(by, moment, "Made.")
        course[0].start(row, RECORD, from_=self._morning(row, day))
        self._mirror(row, told.make, moment, "batch.made", status="DONE", actual_end=date_of(day))
        self._mirror(row, told.release, moment, "batch.made", status="IN_PROGRESS", actual_start=date_of(day))

    def made(self, told: BatchTold, day: date) -> dict[str, object]:
        """What is known of a batch when it is made."""
        yielded = told.target * told.share
        whole = told.unit in ("VIALS", "KITS", "TABLETS", "CAPSULES", "SYRINGES")
        months = day.year * 12 + day.month - 1 + told.months
        return {
            "made_on": day,
            "actual_yield": yielded.quantize(1) if whole else yielded.quantize(told.share),  # type: ignore[arg-type]
            "expires_on": date(months // 12, months % 12 + 1, min(day.day, 28)),
            "location": told.location,
        }

    def _record_sent(self, row: Batch, told: BatchTold, day: Day, moment: datetime, course: list[Course]) -> None:
        by = self.stage.actor(quality_of(told.at))
        now = Moment(by, moment, "Batch record sent for review.")
        self.scribe.write(
            row, by, moment, now.reason, status=Status.UNDER_REVIEW, record_sent_on=date_of(day), made_by=by.user
        )
        course[0].now = now
        course[0].answer(row, RECORD.name, at=self._morning(row, day))
        course[0].start(row, REVIEW, from_=self._morning(row, day))

    def _decided(self, row: Batch, told: BatchTold, day: Day, moment: datetime, course: list[Course]) -> None:
        move = "reject" if told.rejected else "release"
        step = next(step for step in self.filed.told.steps if step.key == told.release)
        by = self.stage.actor(self.filed.told.approver if told.rejected else step.owner)
        status = Status.REJECTED if told.rejected else Status.RELEASED
        now = Moment(by, moment, told.rejected or RELEASED)
        self.scribe.write(row, by, moment, now.reason, status=status, decided_on=date_of(day))
        course[0].now = now
        course[0].answer(row, REVIEW.name, at=moment)
        self.signed.append(Signed(row, now, move))
        if not told.rejected:
            self._mirror(row, told.release, moment, "batch.release", status="DONE", actual_end=date_of(day))
            self._lots(row, told, moment)

    def _lots(self, row: Batch, told: BatchTold, moment: datetime) -> None:
        by = self.stage.actor(project_of(told.at))
        for lot in told.lots:
            made = Lot(
                tenant_id=row.tenant_id,
                status=Lot.Status.PLANNED,
                cdmo_id=row.cdmo_id,
                batch=row,
                study=self.filed.studies[lot.study],
                quantity=lot.quantity,
                unit=row.unit,
                expires_on=row.expires_on,
                destination=lot.destination,
            )
            self.lots.append((made, by, moment + timedelta(minutes=20)))

    def _mirror(self, batch: Batch, key: str, moment: datetime, event: str, **values: object) -> None:
        """What happens to the batch is what happens to its step."""
        if (step := self.filed.steps.get(key)) is not None:
            reason = Reasons(Cause.of(batch, HAPPENED[event])).of(step.cdmo_id)
            own = {"batch_id": batch.pk, "batch_number": batch.number}
            self.scribe.write(step, self.system, moment, reason, **own, **values)

    def _morning(self, row: Batch, day: Day) -> datetime:
        return datetime.combine(date_of(day), time(), ZoneInfo(row.site.time_zone))
