"""The steps of a programme as a table: by stage and site, each with its dates, its slip and what drives it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from oversight.kernel.access.scope import Actor
from oversight.kernel.records.addresses import address
from oversight.kernel.records.kind import RecordKind
from techtransfer.models import Milestone, Programme
from techtransfer.sight import Named, Ref

from .words import Words, driven

STAGES = [str(code) for code in Milestone.Stage.values]
# Within a stage work flows from where something is made to where it is tested, and to who releases it.
_KIND = Milestone.Step
FLOW = (
    _KIND.TRANSFER, _KIND.VALIDATION, _KIND.MANUFACTURE, _KIND.FILL_FINISH, _KIND.PACK_LABEL, _KIND.TESTING,
    _KIND.RELEASE, _KIND.SHIPMENT, _KIND.REGULATORY, _KIND.CLINICAL, _KIND.OTHER,
)  # fmt: skip
BATCH = "batches_batch"  # the table of batches, whose app lies above this one


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step, ready for its row."""

    step: Milestone
    href: str
    partner: str
    batch: Named | None  # None: none, or out of sight
    held_by: Named | None
    driver: Words


@dataclass(frozen=True, slots=True)
class Group:
    """The steps of one stage at one site."""

    stage: str
    place: str
    lines: tuple[StepLine, ...]


def steps_of(programme: Programme, actor: Actor) -> list[Milestone]:
    """The steps in the actor's sight that count, with their partners, in one statement."""
    rows = Milestone.objects.visible_to(actor).filter(programme=programme).exclude(status=Milestone.Status.VOID)
    return list(rows.select_related("cdmo", "site").order_by("forecast_start", "forecast_end", "planned_end", "pk"))


def refs_of(steps: Iterable[Milestone]) -> Iterable[Ref]:
    """The records that the steps name: their batches, and what holds them."""
    for step in steps:
        if step.batch_id:
            yield BATCH, step.batch_id
        if is_held(step):
            yield step.hold_kind, step.hold_id


def is_held(step: Milestone) -> bool:
    """Whether it stands still now."""
    return step.held_since is not None and step.is_open


def grouped(kind: RecordKind, steps: Sequence[Milestone], known: dict[Ref, Named], actor: Actor) -> list[Group]:
    """Stages in the order of the chain, within a stage the sites in the order of the work."""
    titles = {step.pk: step.title for step in steps}
    places: dict[tuple[int, int, int], list[StepLine]] = {}
    for step in steps:
        key = (STAGES.index(step.stage), step.cdmo_id or 0, step.site_id or 0)
        places.setdefault(key, []).append(_line(kind, step, titles, known, actor))
    ordered = sorted(places.items(), key=lambda place: (place[0][0], _flow(place[1])))  # stable: then the first step
    return [
        Group(str(lines[0].step.get_stage_display()), _place(lines[0], actor), tuple(lines)) for _, lines in ordered
    ]


def _flow(lines: Sequence[StepLine]) -> int:
    return min(FLOW.index(Milestone.Step(line.step.step)) for line in lines)


def only(groups: Iterable[Group], *, is_open: bool) -> list[Group]:
    """The groups with their open steps alone, or with those that are done."""
    kept = ((group, tuple(line for line in group.lines if line.step.is_open == is_open)) for group in groups)
    return [Group(group.stage, group.place, lines) for group, lines in kept if lines]


def _line(kind: RecordKind, step: Milestone, titles: dict[int, str], known: dict[Ref, Named], actor: Actor) -> StepLine:
    held_by = known.get((step.hold_kind, step.hold_id)) if is_held(step) else None
    before = titles.get(step.driver_id, "")
    return StepLine(
        step=step,
        href=address(kind, "detail", actor, step.pk),
        partner=str(step.cdmo) if step.cdmo_id else actor.sponsor_name,
        batch=known.get((BATCH, step.batch_id)),
        held_by=held_by,
        driver=driven(
            step,
            before=before,
            before_href=address(kind, "detail", actor, step.driver_id) if before else "",
            held_by=held_by.number if held_by else "",
            held_href=held_by.href if held_by else "",
        ),
    )


def _place(line: StepLine, actor: Actor) -> str:
    step = line.step
    if not step.cdmo_id:
        return actor.sponsor_name
    return f"{step.cdmo}, {step.site}" if step.site_id else str(step.cdmo)
