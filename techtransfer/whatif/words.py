"""Suppositions in words: the sentence that a preview begins with."""

from collections.abc import Sequence

from .ground import Ground
from .suppositions import Kind, Supposition


def sentence(ground: Ground, said: Supposition) -> str:
    """DS-26-014 is rejected; Fill the vials slips by 5 days."""
    key = ground.by_number.get(said.record)
    name = ground.name(key) if key is not None else said.record
    days = f"{said.days} {'day' if said.days == 1 else 'days'}"
    match said.kind:
        case Kind.BATCH_REJECTED:
            return f"{name} fails and is rejected"
        case Kind.STEP_LATER:
            return f"{name} slips by {days}"
        case Kind.SLOT_LOST:
            slot = ground.slot(said.record)
            return f"{slot.line} loses the slot {said.record}" if slot else f"the slot {said.record} is lost"
        case Kind.RELEASE_LATE:
            return f"{name} is {days} late"
        case Kind.RELEASE_EARLY:
            return f"{name} is {days} early"
        case Kind.HOLD_LATER:
            return f"{name} takes {days} longer"
        case Kind.HOLD_ENDS:
            return f"{name} is closed today"
        case Kind.DURATION:
            return f"{name} takes {days}"
        case Kind.START_FREED:
            return f"{name} starts as early as its logic allows"
        case Kind.EVERY_DAY:
            return f"{name} works every day of the week"
        case Kind.SLOT_TAKEN:
            slot = ground.slot(said.slot)
            return f"{name} takes the slot {said.slot}{f' of {slot.line}' if slot else ''}"
        case Kind.QUARANTINE:
            return f"what waits for {name} goes on under quarantine"


def together(ground: Ground, several: Sequence[Supposition]) -> str:
    """If a, and b, and c."""
    return "If " + ", and ".join(sentence(ground, each) for each in several)
