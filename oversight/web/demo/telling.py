"""Tells events of the demo world: each act by its person, at its moment."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, Protocol, cast

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from batches.models import Batch
from cdmos.models import CDMO, Site
from oversight.kernel.access.scope import Actor, scope
from oversight.kernel.clocks.services import pause
from oversight.kernel.comments.saying import say
from oversight.kernel.esign import Method, sign
from oversight.kernel.files.attaching import attach
from oversight.kernel.outbox import publish
from oversight.kernel.outbox.models import Event
from oversight.kernel.records.kind import RecordKind
from oversight.kernel.records.writes import create, move
from oversight.kernel.trail.change import change
from oversight.kernel.workflow.definition import Workflow
from oversight.kernel.workflow.models import Case
from oversight.kernel.workflow.refusals import Refused
from quality.models import Deviation, ResponseTask
from quality.records import DEVIATION, RESPONSE_TASK
from quality.services.rules import RESPONSES
from quality.workflows.deviation import TICKS

from .events import Ago, Attached, Did, Paused, Said
from .events import Event as Story
from .evidence import content_of

HEARD = timedelta(days=3)


class Stage(Protocol):
    """What a teller must know of its sponsor."""

    present: datetime
    owners: Mapping[str, str]

    def actor(self, name: str) -> Actor: ...


@contextmanager
def as_if(moment: datetime) -> Iterator[None]:
    """Let this process think that it is `moment`: the loader does nothing but tell stories."""
    real, timezone.now = timezone.now, lambda: moment
    try:
        yield
    finally:
        timezone.now = real


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let the database think so, too."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.at', %s, true)", [moment.isoformat()])
    with as_if(moment):
        yield


def tell(event: Story, stage: Stage, cdmos: Mapping[str, CDMO], *, batch: Batch | None = None) -> Deviation:
    """The report, then everything that was done about it, in the order of time."""
    aware, told = event.aware.before(stage.present), event.told_at(stage.present)
    with act(told, stage, event.by) as author:
        cdmo = cdmos[event.cdmo]
        values: dict[str, Any] = event.values | {
            "site": Site.objects.get(cdmo_id=cdmo.pk, name=event.site),
            "occurred_at": aware - timedelta(minutes=event.occurred),
            "aware_at": aware,
            "notified_at": told,
            "batch": batch,
        }
        record = create(DEVIATION, by=author, values=values if author.is_partner else values | {"cdmo": cdmo})
    for minutes, (name, _, field, _) in zip(event.contained, TICKS, strict=False):
        done = aware + timedelta(minutes=minutes)
        with act(max(done, told), stage, event.hands or event.by) as author:
            move(DEVIATION, record.pk, name, by=author, version=None, values={field: done}, reason="")
    for deed in (*_taken(event, stage), *event.since):
        with act(deed.ago.before(stage.present), stage, deed.by) as author:
            _do(deed, record.pk, author)
    return cast(Deviation, record)


def _taken(event: Story, stage: Stage) -> Iterator[Did]:
    """The tasks of a story that goes on are somebody's by now, unless the story says what became of them."""
    if event.is_over:
        return
    moment = event.told_at(stage.present) + timedelta(minutes=6)
    told = {act.task for act in event.since if isinstance(act, Did)}
    for rule in RESPONSES[event.values["event_type"]].steps:
        if rule.name in stage.owners and rule.name not in told and moment < stage.present:
            yield Did(
                Ago(minutes=(stage.present - moment) // timedelta(minutes=1)),
                stage.owners[rule.name],
                "take",
                task=rule.name,
            )


@contextmanager
def act(moment: datetime, stage: Stage, name: str) -> Iterator[Actor]:
    """One act of one person; of what is older than a few days everybody has heard."""
    with at(moment), scope(stage.actor(name)) as author, heard(moment, stage.present):
        yield author


@contextmanager
def heard(moment: datetime, present: datetime) -> Iterator[None]:
    """The events of what is older than a few days are settled."""
    last = _last_event()
    yield
    if moment < present - HEARD:
        Event.objects.filter(pk__gt=last, state=Event.State.WAITING).update(state=Event.State.DONE)


def _last_event() -> int:
    return Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def _do(act: Did | Said | Attached | Paused, pk: int, author: Actor) -> None:
    present = Deviation.objects.get(pk=pk)
    if isinstance(act, Said):
        say(present, text=act.text, by=author, shared=act.shared, view="deviation.view")
    elif isinstance(act, Attached):
        upload = SimpleUploadedFile(act.name, content_of(act.name))
        attach(present, upload=upload, by=author, shared=act.shared, label=act.label)
    elif isinstance(act, Paused):
        with change(by=author, reason=act.reason):
            pause(present, act.clock)
    elif act.task:
        task = ResponseTask.objects.get(deviation_id=pk, rule=act.task)
        move(RESPONSE_TASK, task.pk, act.move, by=author, version=None, values=act.values, reason=act.reason)
    elif act.move == "close":
        decide(DEVIATION, present, "close", by=author, reason=act.reason)
    else:
        move(DEVIATION, pk, act.move, by=author, version=None, values=act.values, reason=act.reason)


def decide(kind: RecordKind, record: Case, name: str, *, by: Actor, reason: str) -> None:
    """As `perform` makes a signed move, but for the password: nobody sits before the loader to enter one."""
    workflow = cast(Workflow, kind.workflow)
    signed = workflow.transition(name)
    if record.status not in signed.sources:
        raise Refused(workflow.out_of_turn(signed, record))
    if unmet := workflow.unmet(signed, record, by):
        raise Refused(*unmet)
    with change(by=by, reason=reason):
        if signed.before:
            signed.before(record, by, reason)
        record.status = signed.target
        if signed.stamp:
            signed.stamp(record, by)
        record.save()
        if signed.effect:
            signed.effect(record, by, reason)
        publish(f"{workflow.name}.{name.replace('-', '_')}", record=record, by=by, status=record.status)
        sign(record, by=by, meaning=signed.signed_as, reason=reason, method=Method.PASSWORD)
