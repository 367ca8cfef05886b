"""Tells events of the demo world: each act by its person, at its moment."""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime, timedelta
from typing import Any, Protocol

from django.db import connection
from django.utils import timezone

from cdmos.models import CDMO, Site
from oversight.kernel.access.scope import Actor, scope
from oversight.kernel.comments.saying import say
from oversight.kernel.esign import Method, sign
from oversight.kernel.outbox import publish
from oversight.kernel.records.writes import create, move
from oversight.kernel.trail.change import change
from oversight.kernel.workflow.refusals import Refused
from quality.models import Deviation, ResponseTask
from quality.records import DEVIATION, RESPONSE_TASK
from quality.workflows.deviation import DEVIATION_WORKFLOW, TICKS

from .events import Did, Event, Said


class Stage(Protocol):
    """What a teller must know of its sponsor."""

    present: datetime

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


def tell(event: Event, stage: Stage, cdmos: Mapping[str, CDMO]) -> None:
    """The report, then everything that was done about it, in the order of time."""
    aware, told = event.aware.before(stage.present), event.told_at(stage.present)
    with at(told), scope(stage.actor(event.by)) as author:
        cdmo = cdmos[event.cdmo]
        values: dict[str, Any] = event.values | {
            "site": Site.objects.get(cdmo_id=cdmo.pk, name=event.site),
            "occurred_at": aware - timedelta(minutes=event.occurred),
            "aware_at": aware,
            "notified_at": told,
        }
        record = create(DEVIATION, by=author, values=values if author.is_partner else values | {"cdmo": cdmo})
    for minutes, (name, _, field, _) in zip(event.contained, TICKS, strict=False):
        done = aware + timedelta(minutes=minutes)
        with _act(max(done, told), stage, event.hands or event.by) as author:
            move(DEVIATION, record.pk, name, by=author, version=None, values={field: done}, reason="")
    for act in event.since:
        with _act(act.ago.before(stage.present), stage, act.by) as author:
            _do(act, record.pk, author)


def _act(moment: datetime, stage: Stage, name: str) -> AbstractContextManager[Actor]:
    @contextmanager
    def acting() -> Iterator[Actor]:
        with at(moment), scope(stage.actor(name)) as author:
            yield author

    return acting()


def _do(act: Did | Said, pk: int, author: Actor) -> None:
    present = Deviation.objects.get(pk=pk)
    if isinstance(act, Said):
        say(present, text=act.text, by=author, shared=act.shared, view="deviation.view")
    elif act.task:
        task = ResponseTask.objects.get(deviation_id=pk, rule=act.task)
        move(RESPONSE_TASK, task.pk, act.move, by=author, version=None, values=act.values, reason=act.reason)
    elif act.move == "close":
        _close(present, author, act.reason)
    else:
        move(DEVIATION, pk, act.move, by=author, version=None, values=act.values, reason=act.reason)


def _close(record: Deviation, by: Actor, reason: str) -> None:
    """As `perform` closes, but for the password: nobody sits before the loader to enter one."""
    closing = DEVIATION_WORKFLOW.transition("close")
    if unmet := DEVIATION_WORKFLOW.unmet(closing, record, by):
        raise Refused(*unmet)
    with change(by=by, reason=reason):
        record.status = Deviation.Status.CLOSED
        if closing.stamp:
            closing.stamp(record, by)
        record.save()
        if closing.effect:
            closing.effect(record, by, reason)
        publish("deviation.close", record=record, by=by, status=record.status)
        sign(record, by=by, meaning=closing.signed_as, reason=reason, method=Method.PASSWORD)
