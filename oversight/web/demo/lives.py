"""One story of the past while a pen writes it: its record, and the clocks that run; of a deviation, its tasks, too."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from oversight.kernel.access.scope import Actor
from oversight.kernel.clocks.lateness import RAN_OUT
from oversight.kernel.clocks.models import Clock, Status
from oversight.kernel.clocks.rules import Limit, Rule
from oversight.kernel.trail.about import key_of
from oversight.kernel.trail.models import Record
from oversight.kernel.workflow.models import Case
from quality.models import Deviation, ResponseTask
from quality.services.calendars import calendar_of

from .events import Event
from .pen import Pen

NOTED = timedelta(seconds=40)  # how long after it ran out beat notes a clock as late


@dataclass(frozen=True, slots=True)
class Moment:
    """Who acts, when and why."""

    by: Actor
    at: datetime
    reason: str = ""


@dataclass(slots=True, kw_only=True)
class Course:
    """What runs in a story, and who tells it; `now` is the act that is being told."""

    now: Moment
    system: Actor
    pen: Pen
    told: datetime  # since when the record is on file
    running: dict[tuple[str, int, str], Clock] = field(default_factory=dict)

    def act(self, now: Moment) -> None:
        """What follows is done by that person, then, for that reason."""
        self.now = now
        self.pen.act(now.by, now.at, now.reason)

    def save(self, row: Case, before: dict[str, object]) -> None:
        """Write those columns that differ from `before`."""
        columns = {each.attname: each.name for each in row._meta.concrete_fields}
        untracked = {*row.UNTRACKED, "version"}
        changed = [name for attribute, name in columns.items() if row.__dict__.get(attribute) != before.get(attribute)]
        if changed := [name for name in changed if name not in untracked]:
            self.pen.update(row, changed, id=row.pk, tenant_id=row.tenant_id)

    def start(self, owner: Record, rule: Rule, *, from_: datetime, answered_at: datetime | None = None) -> None:
        """Set a clock running, or note at once how long it took."""
        status = Status.ANSWERED if answered_at else Status.RUNNING
        clock = Clock.on(owner, name=rule.name, label=rule.label, side=rule.side, status=status, started_at=from_)
        clock.set_by(Limit(rule.limit, rule.unit, rule.cites, rule.escalates_to))
        clock.follow(calendar_of(owner))
        clock.answered_at = answered_at
        self.pen.insert(clock)
        if not answered_at:
            self.running[_key(owner, rule.name)] = clock

    def answer(self, owner: Record, name: str, *, at: datetime | None) -> None:
        """What was due has been done."""
        if clock := self._let_run(owner, name):
            clock.status, clock.answered_at = Status.ANSWERED, at
            self._write(clock, "status", "answered_at")

    def stop(self, owner: Record, name: str) -> None:
        """It is no longer due."""
        if clock := self._let_run(owner, name):
            clock.status, clock.stopped_at = Status.STOPPED, self.now.at
            self._write(clock, "status", "stopped_at")

    def stop_all(self, owner: Record) -> None:
        """Nothing is due any more."""
        kind, pk = key_of(owner).values()
        for key in [key for key in self.running if key[:2] == (kind, pk)]:
            self.stop(owner, key[2])

    def _let_run(self, owner: Record, name: str) -> Clock | None:
        """The running clock of that name, which by now may have been noted as late."""
        clock = self.running.pop(_key(owner, name), None)
        if clock and (noted := max(clock.due_at, self.told) + NOTED) < self.now.at:
            clock.late_at = noted
            self.pen.act(self.system, noted, RAN_OUT)
            self._write(clock, "late_at")
            self.pen.act(self.now.by, self.now.at, self.now.reason)
        return clock

    def _write(self, clock: Clock, *names: str) -> None:
        where = {name: getattr(clock, name) for name in ("tenant_id", "kind", "record_id", "name")}
        self.pen.update(clock, list(names), **where, status=Status.RUNNING.value)


@dataclass(slots=True, kw_only=True)
class Life(Course):
    """The story of a deviation so far."""

    event: Event
    record: Deviation
    tasks: dict[str, ResponseTask] = field(default_factory=dict)
    signed: Moment | None = None


def _key(owner: Record, name: str) -> tuple[str, int, str]:
    kind, pk = key_of(owner).values()
    return kind, pk, name
