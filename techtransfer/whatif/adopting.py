"""Adopting: what of a scenario can be planned is written through the ordinary doors; what the world decides is not."""

from collections.abc import Callable, Sequence

from django.core.exceptions import ValidationError

from oversight.kernel.access.scope import Actor
from oversight.kernel.records.writes import amend, move
from oversight.kernel.workflow.refusals import Refused, Unchanged
from techtransfer.models import Milestone, Programme, Scenario, Slot

from .ground import Ground
from .preview import ground_of, preview_on
from .suppositions import Impossible, Kind, Supposition, parse

SAID_ALREADY = "The plan says all of this already: there is nothing to adopt. Drop the scenario."
PLANNED = frozenset({Kind.DURATION, Kind.START_FREED, Kind.EVERY_DAY, Kind.SLOT_TAKEN, Kind.STEP_LATER})
WHY_NOT = {
    Kind.BATCH_REJECTED: "a rejection is the quality unit's decision about the batch",
    Kind.SLOT_LOST: "whether a slot is lost, the partner says",
    Kind.RELEASE_LATE: "a date that slips is told by whoever does the step",
    Kind.RELEASE_EARLY: "a date that comes sooner is promised by whoever does the step",
    Kind.HOLD_LATER: "a hold lasts as long as what caused it",
    Kind.HOLD_ENDS: "a hold ends when what caused it is closed",
    Kind.QUARANTINE: "change the dependencies of the plan yourself, with their reason",
}


def hindrances(suppositions: Sequence[Supposition]) -> list[str]:
    """Why it cannot be adopted: one sentence for each supposition that nobody can plan."""
    return [
        f"{each.record} cannot be adopted: {WHY_NOT[each.kind]}." for each in suppositions if each.kind not in PLANNED
    ]


def write(record: Scenario, *, by: Actor, reason: str) -> None:
    """One amendment of each step that is not so already.

    Raises Refused where the plan has moved on so that it makes no sense any more, or says all of it by now.
    """
    programme = Programme.objects.visible_to(by).get(pk=record.programme_id)
    several, ground = parse(record.suppositions), ground_of(programme, by=by)
    try:
        then = preview_on(ground, several).outcome
    except Impossible as refusal:
        raise Refused(str(refusal)) from refusal
    written = False
    for each in several:
        key = ground.by_number[each.record]
        if each.kind == Kind.STEP_LATER:
            if ground.plan.steps[key].status != Milestone.Status.PLANNED:
                raise Refused(f"{ground.name(key)} has begun: whoever does it moves its date.")
            written |= _amend(ground, key, by, reason, earliest_start=then.steps[key].start)
        else:
            written |= _WRITES[each.kind](ground, key, each, by, reason)
    if not written:
        raise Refused(SAID_ALREADY)


def _duration(ground: Ground, key: int, said: Supposition, by: Actor, reason: str) -> bool:
    return _amend(ground, key, by, reason, duration_days=said.days)


def _start_freed(ground: Ground, key: int, said: Supposition, by: Actor, reason: str) -> bool:
    return _amend(ground, key, by, reason, earliest_start=None)


def _every_day(ground: Ground, key: int, said: Supposition, by: Actor, reason: str) -> bool:
    return _amend(ground, key, by, reason, calendar=Milestone.Calendar.EVERY_DAY)


def _slot_taken(ground: Ground, key: int, said: Supposition, by: Actor, reason: str) -> bool:
    """Its own slot is given back, its line becomes that of the other, and the other is booked."""
    from techtransfer.records import SLOT

    slot = ground.slot(said.slot)
    if slot is None:
        raise Refused(f"{said.slot} is not there any more.")
    own = Slot.objects.visible_to(by).filter(milestone_id=key, status=Slot.Status.BOOKED).order_by("pk")
    booked = list(own.values_list("pk", flat=True))
    if booked == [slot.id]:
        return False
    for pk in booked:
        move(SLOT, pk, "free", by=by, version=None, values={}, reason=reason)
    if ground.plan.steps[key].line != slot.line:
        _amend(ground, key, by, reason, line=slot.line)
    step = Milestone.objects.visible_to(by).get(pk=key)
    move(SLOT, slot.id, "book", by=by, version=None, values={"milestone": step}, reason=reason)
    return True


def _amend(ground: Ground, key: int, by: Actor, reason: str, **values: object) -> bool:
    """Whether there was anything to write: somebody may have planned a part of it meanwhile."""
    from techtransfer.records import MILESTONE

    try:
        amend(MILESTONE, key, by=by, version=None, values=values, reason=reason)
    except Unchanged:
        return False
    except ValidationError as refusal:
        raise Refused(*(f"{ground.name(key)}: {said}" for said in refusal.messages)) from refusal
    return True


_WRITES: dict[Kind, Callable[[Ground, int, Supposition, Actor, str], bool]] = {
    Kind.DURATION: _duration,
    Kind.START_FREED: _start_freed,
    Kind.EVERY_DAY: _every_day,
    Kind.SLOT_TAKEN: _slot_taken,
}
