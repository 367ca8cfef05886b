"""Tasks that answer a deviation: planned by its event type, ended with it, counted on it."""

from dataclasses import replace

from django.utils import timezone

from oversight.kernel.access.scope import Actor
from oversight.kernel.clocks.rules import Rule, Side
from oversight.kernel.clocks.services import answer, restart_with, start, stop
from oversight.kernel.outbox import publish
from quality.models import Deviation, ResponseTask
from quality.models.deviation import NOBODY

from .rules import ADDED_TASK, RESPONSES

Status = ResponseTask.Status
LABEL = 100  # as long as the words of a clock may be


def plan(deviation: Deviation, actor: Actor) -> None:
    """Let the planned tasks be those of the event type: what it does not call for ends, what is lacking begins."""
    steps = {rule.name: rule for rule in RESPONSES[deviation.event_type].steps}
    standing = set()
    for task in deviation.tasks.exclude(status=Status.NOT_NEEDED).exclude(rule=""):
        if task.rule in steps:
            standing.add(task.rule)
        elif task.status == Status.OPEN:
            _end(task, actor)
    for name, rule in steps.items():
        if name not in standing:
            _open(deviation, rule, actor)
    count(deviation)


def end_all(deviation: Deviation, actor: Actor) -> None:
    """End what is still open of a deviation that is void."""
    for task in deviation.tasks.filter(status=Status.OPEN):
        _end(task, actor)
    count(deviation)


def follow_site(deviation: Deviation) -> None:
    """Count the open tasks by the calendar of the site that the deviation names now."""
    for task in deviation.tasks.filter(status=Status.OPEN):
        restart_with(task, task.rule or ADDED_TASK.name)


def count(deviation: Deviation) -> None:
    """Note on the deviation, which whoever writes a task has locked, how many are open: recounted from the tasks."""
    deviation.open_tasks = deviation.tasks.filter(status=Status.OPEN).count()
    Deviation.objects.filter(pk=deviation.pk).update(open_tasks=deviation.open_tasks)


def begin(record: ResponseTask, actor: Actor) -> None:
    """A task belongs to the CDMO of its deviation."""
    if record.deviation_id:
        found = Deviation.objects.visible_to(actor).filter(pk=record.deviation_id).first()
        record.cdmo_id = found and found.cdmo_id


def begun(record: ResponseTask, actor: Actor, reason: str) -> None:
    """One more task is open."""
    start(
        record, replace(ADDED_TASK, label=record.title[:LABEL], side=Side(record.side)), from_=timezone.now(), by=actor
    )
    count(record.deviation)


def take(record: ResponseTask, actor: Actor) -> None:
    """Who of the side does it."""
    record.taken_by, record.owner_name = actor.user or NOBODY, actor.name


def finish(record: ResponseTask, actor: Actor) -> None:
    """Whoever finishes a task that nobody took has done it."""
    record.done_at = timezone.now()
    if not record.taken_by:
        take(record, actor)


def waive(record: ResponseTask, actor: Actor) -> None:
    """Since when it is not needed."""
    record.done_at = timezone.now()


def finished(record: ResponseTask, actor: Actor, reason: str) -> None:
    """What was due has been done; one task fewer is open."""
    answer(record, record.rule or ADDED_TASK.name, at=record.done_at)
    count(record.deviation)


def waived(record: ResponseTask, actor: Actor, reason: str) -> None:
    """Nothing is due any more; one task fewer is open."""
    stop(record, record.rule or ADDED_TASK.name)
    count(record.deviation)


def _open(deviation: Deviation, rule: Rule, actor: Actor) -> None:
    """Not by the workflow's own door: the report calls for the task, also where its author may open none."""
    task = ResponseTask(
        tenant_id=deviation.tenant_id,
        status=Status.OPEN,
        cdmo_id=deviation.cdmo_id,
        deviation=deviation,
        title=rule.label,
        side=rule.side,
        rule=rule.name,
    )
    task.save()
    start(task, rule, from_=timezone.now(), by=actor)
    publish("response_task.opened", record=task, by=actor, status=task.status)


def _end(task: ResponseTask, actor: Actor) -> None:
    """Not by the workflow's own door: it follows from what happened to the deviation, for the same reason."""
    task.status = Status.NOT_NEEDED
    waive(task, actor)
    task.save()
    stop(task, task.rule or ADDED_TASK.name)
    publish("response_task.not_needed", record=task, by=actor, status=task.status)
