"""A world with records in every state of every kind, and bodies that the house would take."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import models

from batches.models import Batch, Lot
from cdmos.models import CDMO
from oversight.kernel.access.scope import Actor, scope
from oversight.kernel.records.kind import RecordKind
from oversight.kernel.records.writes import create
from oversight.kernel.trail.change import change
from oversight.kernel.workflow.models import Case
from quality.models import Deviation
from tests.cast import World, system
from tests.contract.specimens import EACH_KIND, Specimen
from tests.factories import batch, deviation
from tests.factories import lot as lots

OF_TYPE: tuple[tuple[type, Any], ...] = (
    (models.DateTimeField, "2026-01-14T13:30:00Z"),
    (models.DateField, "2026-01-14"),
    (models.BooleanField, True),
    (models.IntegerField, 1),
    (models.DecimalField, "1.5"),
)
TICKED = datetime(2026, 1, 14, 13, 30, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Ground:
    """One kind with values that would be taken, and one of its records that nobody at Acme sees."""

    kind: RecordKind
    body: dict[str, Any]
    foreign: int


def furnish(world: World) -> dict[str, Ground]:
    """Put records of every kind in every state on file; by slug."""
    grounds = {}
    for kind, specimen in EACH_KIND:
        for state in kind.workflow.states:
            for each in (another(kind, specimen, world, "own"), another(kind, specimen, world, "sibling")):
                _put(each, world, status=state, **specimen.has_in(each, state, world))
        for _ in range(2):
            another(kind, specimen, world, "own")
        body = filled_by_moves(kind, specimen, world) | json_body(kind, specimen.typed(world))
        grounds[kind.slug] = Ground(kind, body, specimen.foreign(world).pk)
    for _ in range(4):
        ready_to_close(world)
    return grounds


def json_body(kind: RecordKind, typed: dict[str, str]) -> dict[str, Any]:
    """What a browser would send for a new record, as a program sends it."""
    return {name: _as_json(kind.field(name), text) for name, text in typed.items()}


def filled_by_moves(kind: RecordKind, specimen: Specimen, world: World) -> dict[str, Any]:
    """Values for the fields that a move takes."""
    names = {name for move in kind.workflow.transitions for name in move.fields}
    fit = specimen.filled(world)
    return {name: fit[name] if name in fit else some(kind.field(name)) for name in sorted(names)}


def some(field: "models.Field[Any, Any]") -> Any:
    """A value that the field would take."""
    if field.choices:
        return next(code for code, _ in field.flatchoices if code)
    return next((value for kind, value in OF_TYPE if isinstance(field, kind)), "The seal was past its life.")


def _as_json(field: "models.Field[Any, Any]", text: str) -> Any:
    if field.is_relation:
        return int(text)
    if isinstance(field, models.BooleanField):
        return text == "on"
    if isinstance(field, models.IntegerField):
        return int(text)
    if isinstance(field, models.DateTimeField):
        return f"{text}:00Z"
    return text


def another(kind: RecordKind, specimen: Specimen, world: World, which: str) -> Case:
    """One more record, at the same CDMO as the specimen; companies and sites are named apart."""
    by: Actor = world.nina
    cdmo = world.lyra if which == "own" else world.orion
    with scope(by):
        number = kind.model.objects.visible_to(by).count()
        if kind.model is CDMO:
            values = {
                "name": f"Partner {number}",
                "country": "CH",
                "outsourcing_model": "TACTICAL",
                "drug_product": True,
            }
            return create(kind, by=by, values=values)
        if kind.slug == "sites":
            place = {"name": f"Place {number}", "city": "Brig", "country": "CH", "time_zone": "Europe/Zurich"}
            return create(kind, by=by, values=place | {"cdmo": cdmo, "working_week": "MON_FRI"})
    if kind.model is Deviation:
        reporter, site = (world.paul, world.lyra_site) if which == "own" else (world.olga, world.orion_site)
        return deviation.report(reporter, site)
    if kind.model is Batch:
        planner, site = world.omar, world.lyra_site if which == "own" else world.orion_site
        return batch.batch(planner, site)
    return getattr(specimen, which)(world)


def another_ready(kind: RecordKind, specimen: Specimen, world: World) -> Case:
    """One more record, so far on that somebody may make the move to which few get by chance."""
    made = READY.get(kind.model)
    return made(world) if made else another(kind, specimen, world, "own")


def of_a_released_batch(world: World) -> Lot:
    """A lot that may be made available."""
    record = lots.lot(world.omar, lots.packaged(world.omar, world.lyra_site))
    _put(record.batch, world, status="RELEASED")
    return record


def on_hold(world: World) -> Batch:
    """A batch of Lyra's that Nina holds: she may lift it."""
    return batch.act(batch.batch(world.omar, world.lyra_site), "hold", world.nina, "A question about its label")


def ready_to_close(world: World) -> Deviation:
    """A deviation of Lyra's whose root cause Omar accepted, contained and without tasks: Nina may close it."""
    record = deviation.without_tasks(world.nina, world.lyra_site, world.lyra)
    ticks = dict.fromkeys(Deviation.CONTAINMENT, TICKED)
    cause = {"root_cause": "The seal was past its life.", "root_cause_category": "MACHINE"}
    people = {"answered_by": world.paul.user, "accepted_by": world.omar.user}
    return _put(record, world, status="ACCEPTED", **ticks, **cause, **people)


READY: dict[type[Case], Callable[[World], Any]] = {Deviation: ready_to_close, Lot: of_a_released_batch, Batch: on_hold}


def _put(record: Any, world: World, **values: Any) -> Any:
    """As no person could: past the workflow."""
    with change(by=system(world.acme), reason="Put there by the test"):
        type(record).objects.filter(pk=record.pk).update(**values)
    return record
