"""What people do to batches in the stories, and what stands then."""

from typing import Any

from batches.models import Batch, BatchHold
from batches.records import BATCH
from oversight.kernel.access.scope import Actor, scope
from oversight.kernel.clocks.models import Clock
from oversight.kernel.outbox.models import Event
from oversight.kernel.records.kind import RecordKind
from oversight.kernel.records.writes import amend
from oversight.kernel.trail.about import key_of
from oversight.kernel.workflow.models import Case
from quality.models import Deviation
from tests.cast import World
from tests.factories.deviation import report
from tests.quality.acting import CAUSE, act, contain, sign_off


def change_it(kind: RecordKind, record: Case, by: Actor, reason: str = "Corrected", **values: Any) -> Any:
    """One amendment of the record as it stands."""
    with scope(by):
        version = kind.model.objects.visible_to(by).get(pk=record.pk).version
        return amend(kind, record.pk, by=by, version=version, values=values, reason=reason)


def critical(world: World, record: Batch, by: Actor | None = None, **values: Any) -> Deviation:
    """A critical deviation of Lyra's that names the batch."""
    return report(by or world.paul, world.lyra_site, batch=record, severity="CRITICAL", **values)


def close(event: Deviation, world: World) -> None:
    """Lead a deviation to its end: Paul answers, Connie accepts, Nina signs."""
    contain(event, by=world.paul)
    act(event, "accept-report", by=world.nina)
    act(event, "submit-root-cause", by=world.paul, **CAUSE)
    act(event, "accept-root-cause", by=world.connie, reason="It holds")
    with scope(world.nina):
        tasks = list(event.tasks.filter(status="OPEN"))
    for task in tasks:
        act(task, "finish", by=world.paul if task.side == "CDMO" else world.nina, note="Done.")
    sign_off(event, by=world.nina)


def now(record: Any, by: Actor) -> Any:
    """The record as it stands in the database."""
    with scope(by):
        return type(record).objects.visible_to(by).get(pk=record.pk)


def holds(record: Batch, world: World) -> list[tuple[str, str, bool]]:
    """Each hold: what set it, why, and whether it is open."""
    with scope(world.nina):
        rows = BatchHold.objects.visible_to(world.nina).filter(batch=record).order_by("id")
        return [(row.cause_number, row.cause, row.lifted_on is None) for row in rows]


def shown(record: Batch, world: World) -> tuple[bool, str, str]:
    """What the batch says of its hold: the oldest open cause."""
    present = now(record, world.nina)
    return present.on_hold, present.hold_number, present.hold_cause


def events(record: Case, world: World) -> list[str]:
    """What happened to it, in order."""
    with scope(world.nina):
        rows = Event.objects.visible_to(world.nina).filter(**key_of(record)).order_by("id")
        return list(rows.values_list("name", flat=True))


def clocks(record: Case, world: World) -> dict[str, tuple[str, str, str]]:
    """Each clock by its rule: whose, how it stands, when it is due."""
    with scope(world.nina):
        rows = Clock.objects.visible_to(world.nina).filter(**key_of(record)).order_by("id")
        return {row.name: (row.side, row.status, f"{row.due_at:%Y-%m-%d %H:%M}") for row in rows}


def unmet(record: Case, name: str, by: Actor, kind: RecordKind = BATCH) -> tuple[str, ...]:
    """The sentences beside the button."""
    with scope(by):
        present = kind.model.objects.visible_to(by).get(pk=record.pk)
        return next(m.unmet for m in kind.workflow.moves(present, by) if m.transition.name == name)


def names(record: Case, by: Actor, kind: RecordKind = BATCH) -> list[str]:
    """The moves that somebody is offered."""
    with scope(by):
        present = kind.model.objects.visible_to(by).get(pk=record.pk)
        return [m.transition.name for m in kind.workflow.moves(present, by)]
