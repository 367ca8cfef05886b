"""Tasks that answer a deviation: planned by its event type, ended with it, counted on it."""

from django.utils import timezone

from oversight.kernel.access.scope import Actor
from oversight.kernel.outbox import publish
from quality.models import Deviation, ResponseTask
from quality.models.deviation import NOBODY

from .response_plan import RESPONSES, Step

Status = ResponseTask.Status


def plan(deviation: Deviation, actor: Actor) -> None:
    """Let the planned tasks be those of the event type: what it does not call for ends, what is lacking begins."""
    steps = {step.name: step for step in RESPONSES[deviation.event_type].steps}
    standing = set()
    for task in deviation.tasks.exclude(status=Status.NOT_NEEDED).exclude(rule=""):
        if task.rule in steps:
            standing.add(task.rule)
        elif task.status == Status.OPEN:
            _end(task, actor)
    for name, step in steps.items():
        if name not in standing:
            _open(deviation, step, actor)
    count(deviation)


def end_all(deviation: Deviation, actor: Actor) -> None:
    """End what is still open of a deviation that is void."""
    for task in deviation.tasks.filter(status=Status.OPEN):
        _end(task, actor)
    count(deviation)


def count(deviation: Deviation) -> None:
    """Note on the deviation how many of its tasks are open, recounted from the tasks."""
    deviation.open_tasks = deviation.tasks.filter(status=Status.OPEN).count()
    Deviation.objects.filter(pk=deviation.pk).update(open_tasks=deviation.open_tasks)


def begin(record: ResponseTask, actor: Actor) -> None:
    """A task belongs to the CDMO of its deviation."""
    if record.deviation_id:
        found = Deviation.objects.visible_to(actor).filter(pk=record.deviation_id).first()
        record.cdmo_id = found and found.cdmo_id


def begun(record: ResponseTask, actor: Actor, reason: str) -> None:
    """One more task is open."""
    count(record.deviation)


def amended(record: ResponseTask, actor: Actor, reason: str) -> None: ...


def take(record: ResponseTask, actor: Actor) -> None:
    record.taken_by, record.owner_name = actor.user or NOBODY, actor.name


def finish(record: ResponseTask, actor: Actor) -> None:
    """Whoever finishes a task that nobody took has done it."""
    record.done_at = timezone.now()
    if not record.taken_by:
        take(record, actor)


def waive(record: ResponseTask, actor: Actor) -> None:
    record.done_at = timezone.now()


def ended(record: ResponseTask, actor: Actor, reason: str) -> None:
    """One task fewer is open."""
    count(record.deviation)


def _open(deviation: Deviation, step: Step, actor: Actor) -> None:
    """Not by the workflow's own door: the report calls for the task, also where its author may open none."""
    task = ResponseTask(
        tenant_id=deviation.tenant_id,
        status=Status.OPEN,
        cdmo_id=deviation.cdmo_id,
        deviation=deviation,
        title=step.title,
        side=step.side,
        rule=step.name,
    )
    task.number = ResponseTask.NUMBERS.next(timezone.now().date())
    task.save()
    publish("response_task.opened", record=task, by=actor, status=task.status)


def _end(task: ResponseTask, actor: Actor) -> None:
    """Not by the workflow's own door: it follows from what happened to the deviation, for the same reason."""
    task.status = Status.NOT_NEEDED
    waive(task, actor)
    task.save()
    publish("response_task.not_needed", record=task, by=actor, status=task.status)
