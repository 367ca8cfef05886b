"""Tells stories that are over, many at a time: what `telling` does through the doors, here with one pen.

Conditions, stamps and rules are those of the product, and a test tells the same story both ways and compares every
version. What a story that is over has left behind is set at once: nothing of it is due, none of its tasks is open.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import cast

from django.db import transaction

from batches.models import Batch
from cdmos.models import CDMO, Site
from oversight.kernel.access.scope import Actor
from oversight.kernel.comments.models import Comment
from oversight.kernel.esign import Method, sign
from oversight.kernel.trail.change import change
from oversight.kernel.workflow.definition import Workflow
from oversight.kernel.workflow.models import Case
from oversight.kernel.workflow.refusals import Refused
from quality.models import Deviation, ResponseTask
from quality.records import DEVIATION, RESPONSE_TASK
from quality.services.rules import (
    ACCEPTANCE,
    CLOSURE,
    CONTAINMENT,
    CORRECTION,
    INVESTIGATION,
    NOTICE,
    RESPONSES,
    REVIEW,
)
from quality.workflows.deviation import DEVIATION_WORKFLOW, TICKS

from .events import Did, Event, Said
from .lives import Life, Moment
from .pen import Pen
from .telling import Stage, as_if, at

OVER = {Deviation.Status.CLOSED, Deviation.Status.VOID}
TOLD = "The demo world is told."
Task = ResponseTask.Status
Touched = Callable[[Event], Batch | None]  # the batch on which it happened


def _none(event: Event) -> None:
    """No batch is touched."""


class Chronicle:
    """The stories of one sponsor that are over."""

    def __init__(self, stage: Stage, system: Actor, cdmos: Mapping[str, CDMO], touched: Touched = _none) -> None:
        self.stage, self.system, self.cdmos, self.pen = stage, system, cdmos, Pen(system)
        self.touched = touched

    def tell(self, events: Iterable[Event]) -> None:
        """All of them, in the order in which they were reported; raises Refused where a condition was not met."""
        with transaction.atomic():
            lives = self._reported(events)
            self._file([(life, life.record) for life in lives])
            for life in lives:
                _plan(life)
            self._file([(life, task) for life in lives for task in life.tasks.values()])
            for life in lives:
                _live(life, self.stage)
            self.pen.flush()
            for life in lives:
                if life.signed:
                    _sign(life.record, life.signed)

    def _reported(self, events: Iterable[Event]) -> list[Life]:
        with change(by=self.system, reason=TOLD):
            sites = {(site.cdmo_id, site.name): site for site in Site.objects.visible_to(self.system)}
        lives = []
        for event in events:
            aware, told = event.aware.before(self.stage.present), event.told_at(self.stage.present)
            author, cdmo = self.stage.actor(event.by), self.cdmos[event.cdmo]
            record = Deviation(
                tenant_id=author.tenant,
                status=DEVIATION_WORKFLOW.initial,
                cdmo=cdmo,
                site=sites[cdmo.pk, event.site],
                occurred_at=aware - timedelta(minutes=event.occurred),
                aware_at=aware,
                notified_at=told,
                batch=self.touched(event),
                **event.values,
            )
            _stamp(DEVIATION_WORKFLOW.begin, record, Moment(author, told))
            now = Moment(author, told)
            lives.append(Life(event=event, record=record, now=now, system=self.system, pen=self.pen, told=told))
        return lives

    def _file(self, rows: Sequence[tuple[Life, Case]]) -> None:
        """Number and insert rows of one table, and learn their keys."""
        if not rows:
            return
        model = type(rows[0][1])
        with change(by=self.system, reason=TOLD):
            for _, group in groupby(rows, key=lambda row: row[0].told.year):
                same = list(group)
                numbers = model.NUMBERS.next_many(len(same), same[0][0].told.date())
                for (_, row), number in zip(same, numbers, strict=True):
                    row.number = number
        for life, row in rows:
            life.act(life.now)
            self.pen.insert(row)
        self.pen.flush()
        with change(by=self.system, reason=TOLD):
            keys = dict(model.objects.filter(number__in=[row.number for _, row in rows]).values_list("number", "pk"))
        for _, row in rows:
            row.pk = keys[row.number]


def _stamp(stamp: object, record: Case, now: Moment) -> None:
    if callable(stamp):
        with as_if(now.at):
            stamp(record, now.by)


def _plan(life: Life) -> None:
    steps = RESPONSES[life.record.event_type].steps
    for rule in steps:
        life.tasks[rule.name] = ResponseTask(
            tenant_id=life.record.tenant_id,
            status=Task.OPEN,
            cdmo_id=life.record.cdmo_id,
            deviation=life.record,
            title=rule.label,
            side=rule.side,
            rule=rule.name,
        )
    life.record.open_tasks = len(steps)


def _live(life: Life, stage: Stage) -> None:
    """The clocks of the report, the containment, and what was done since."""
    record, told = life.record, life.told
    life.act(life.now)
    life.start(record, NOTICE[Deviation.Severity(record.severity)], from_=record.aware_at, answered_at=told)
    life.start(record, CONTAINMENT, from_=record.aware_at)
    life.start(record, INVESTIGATION, from_=record.aware_at)
    life.start(record, ACCEPTANCE, from_=told)
    for rule in RESPONSES[record.event_type].steps:
        life.start(life.tasks[rule.name], rule, from_=told)
    hands = stage.actor(life.event.hands or life.event.by)
    for minutes, (name, _, tick, _) in zip(life.event.contained, TICKS, strict=False):
        done = record.aware_at + timedelta(minutes=minutes)
        _move(life, record, Did(life.event.aware, "", name, values={tick: done}), hands, max(done, told))
    for act in life.event.since:
        actor, moment = stage.actor(act.by), act.ago.before(stage.present)
        if isinstance(act, Said):
            _say(life, act, Moment(actor, moment))
        elif isinstance(act, Did):
            _move(life, life.tasks[act.task] if act.task else record, act, actor, moment)
    if record.status not in OVER or life.running:
        raise Refused(f"The story of “{record.title}” is not over.")


def _move(life: Life, row: Case, act: Did, actor: Actor, moment: datetime) -> None:
    """As `perform` does it: the same conditions in the same order, the same stamp; the clocks by the pen."""
    kind = DEVIATION if row is life.record else RESPONSE_TASK
    workflow = cast(Workflow, kind.workflow)
    move = workflow.transition(act.move)
    if row.status not in move.sources or not actor.can(move.capability) or not set(act.values) <= set(move.fields):
        raise Refused(f"{actor.name} cannot “{move.label}” “{row}” now.")
    if unmet := workflow.unmet(move, row, actor):
        raise Refused(*unmet)
    before = dict(row.__dict__)
    for name, value in act.values.items():
        setattr(row, name, value)
    if not all(getattr(row, name) not in (None, "") for name in move.requires):
        raise Refused(f"“{move.label}” of “{row}” says too little.")
    if move.target:
        row.status = move.target
    now = Moment(actor, moment, act.reason or move.reason)
    _stamp(move.stamp, row, now)
    life.act(now)
    life.save(row, before)
    if isinstance(row, ResponseTask):
        _task_follows(life, row, move.name)
    else:
        _follows(life, move.name)
    if move.signed_as:
        life.signed = now


def _follows(life: Life, move: str) -> None:
    """What the effects of these moves do to the clocks."""
    record, now = life.record, life.now.at
    match move:
        case "accept-report":
            life.answer(record, ACCEPTANCE.name, at=record.investigation_at)
        case "submit-root-cause":
            life.answer(record, INVESTIGATION.name, at=now)
            life.answer(record, CORRECTION.name, at=now)
            life.start(record, REVIEW, from_=now)
        case "return-root-cause":
            life.answer(record, REVIEW.name, at=now)
            life.start(record, CORRECTION, from_=now)
        case "accept-root-cause":
            life.answer(record, REVIEW.name, at=now)
            life.start(record, CLOSURE, from_=now)
        case "close":
            life.answer(record, CLOSURE.name, at=now)
            life.stop_all(record)
        case "void":
            life.stop_all(record)
            for task in life.tasks.values():
                if task.status == Task.OPEN:
                    _end(life, task)
        case _ if record.contained_at:
            life.answer(record, CONTAINMENT.name, at=max(record.contained_at, record.aware_at))


def _task_follows(life: Life, task: ResponseTask, move: str) -> None:
    if move == "finish":
        life.answer(task, task.rule, at=task.done_at)
    elif move == "not-needed":
        life.stop(task, task.rule)
    life.record.open_tasks = sum(each.status == Task.OPEN for each in life.tasks.values())


def _end(life: Life, task: ResponseTask) -> None:
    before = dict(task.__dict__)
    task.status, task.done_at = Task.NOT_NEEDED, life.now.at
    life.save(task, before)
    _task_follows(life, task, "not-needed")


def _say(life: Life, said: Said, now: Moment) -> None:
    if "@" in said.text:
        raise Refused("Who is called to a story of the past has gone home: tell it through the doors.")
    life.act(now)
    life.pen.insert(
        Comment.on(
            life.record,
            text=said.text,
            shared=said.shared or now.by.is_partner,
            mentions=[],
            author_membership=now.by.membership,
            author_name=now.by.name,
            author_org=now.by.org,
            from_partner=now.by.is_partner,
            said_at=now.at,
        )
    )


def _sign(record: Deviation, moment: Moment) -> None:
    """The password is the one thing that the past cannot show: nobody sits before the loader to enter one."""
    meaning = DEVIATION_WORKFLOW.transition("close").signed_as
    with at(moment.at), change(by=moment.by, reason=moment.reason):
        sign(record, by=moment.by, meaning=meaning, reason=moment.reason, method=Method.PASSWORD)
