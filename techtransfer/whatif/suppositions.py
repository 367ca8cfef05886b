"""What may be supposed of a plan: a stated catalogue of happenings and of changes to the plan, each one line of text.

A line is `BATCH_REJECTED DS-26-014` or `STEP_LATER MS-00012 5`: it stands in addresses, in the trail and on file, and a
person can read it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

MOST = 8  # in one scenario
LONGEST = 730  # days
SEVERAL_TOO_MANY = f"That is more than {MOST} together. Keep these as a scenario, and compare it with another."


class Kind(StrEnum):
    """What happens: first what nobody decides, then what somebody may plan."""

    BATCH_REJECTED = "BATCH_REJECTED"
    STEP_LATER = "STEP_LATER"
    SLOT_LOST = "SLOT_LOST"
    RELEASE_LATE = "RELEASE_LATE"
    RELEASE_EARLY = "RELEASE_EARLY"
    HOLD_LATER = "HOLD_LATER"
    HOLD_ENDS = "HOLD_ENDS"
    DURATION = "DURATION"
    START_FREED = "START_FREED"
    EVERY_DAY = "EVERY_DAY"
    SLOT_TAKEN = "SLOT_TAKEN"
    QUARANTINE = "QUARANTINE"


# Of what it is supposed, in words: a number of such a record is asked for.
ABOUT = {
    Kind.BATCH_REJECTED: "batch",
    Kind.STEP_LATER: "step",
    Kind.SLOT_LOST: "slot",
    Kind.RELEASE_LATE: "step",
    Kind.RELEASE_EARLY: "step",
    Kind.HOLD_LATER: "hold",
    Kind.HOLD_ENDS: "hold",
    Kind.DURATION: "step",
    Kind.START_FREED: "step",
    Kind.EVERY_DAY: "step",
    Kind.SLOT_TAKEN: "step",
    Kind.QUARANTINE: "step",
}
SAYS = {
    Kind.BATCH_REJECTED: "fails and is rejected",
    Kind.STEP_LATER: "slips",
    Kind.SLOT_LOST: "is lost",
    Kind.RELEASE_LATE: "is released late",
    Kind.RELEASE_EARLY: "is released early",
    Kind.HOLD_LATER: "takes longer",
    Kind.HOLD_ENDS: "is over today",
    Kind.DURATION: "takes so many days",
    Kind.START_FREED: "starts as early as its logic allows",
    Kind.EVERY_DAY: "works every day of the week",
    Kind.SLOT_TAKEN: "takes another slot",
    Kind.QUARANTINE: "goes on under quarantine",
}
COUNTED = frozenset({Kind.STEP_LATER, Kind.RELEASE_LATE, Kind.RELEASE_EARLY, Kind.HOLD_LATER, Kind.DURATION})
WITH_SLOT = frozenset({Kind.SLOT_TAKEN})
# In this order they are applied, whatever the order in which they were said: the plan, the facts, then what is counted
# from the dates that these give.
ORDER = (
    Kind.DURATION,
    Kind.START_FREED,
    Kind.EVERY_DAY,
    Kind.QUARANTINE,
    Kind.BATCH_REJECTED,
    Kind.SLOT_LOST,
    Kind.SLOT_TAKEN,
    Kind.HOLD_ENDS,
    Kind.HOLD_LATER,
    Kind.RELEASE_EARLY,
    Kind.RELEASE_LATE,
    Kind.STEP_LATER,
)
_NUMBER = re.compile(r"[0-9A-Za-z][0-9A-Za-z./_-]{0,39}")
_DAYS = re.compile(r"[0-9]{1,4}")


class Impossible(ValueError):
    """A supposition that makes no sense, or not of this plan; `field` says beside what the sentence stands."""

    def __init__(self, sentence: str, field: str = "record") -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True, slots=True)
class Supposition:
    """One thing that happens to one record, named by its number."""

    kind: Kind
    record: str
    days: int | None = None
    slot: str = ""

    @property
    def line(self) -> str:
        """As it is written down."""
        told = (str(self.kind), self.record, self.slot, "" if self.days is None else str(self.days))
        return " ".join(part for part in told if part)


def suppose(kind: str, record: str, days: str | int | None = None, slot: str = "") -> Supposition:
    """Make one of what somebody typed; raises Impossible with the sentence to put beside the field."""
    if kind not in Kind.__members__:
        raise Impossible("Choose what happens.", "kind")
    chosen = Kind(kind)
    if not _NUMBER.fullmatch(record):
        raise Impossible(f"Choose a {ABOUT[chosen]} of this plan.")
    if chosen in WITH_SLOT:
        if not _NUMBER.fullmatch(slot):
            raise Impossible("Say which slot it takes.", "slot")
        return Supposition(chosen, record, slot=slot)
    if chosen not in COUNTED:
        return Supposition(chosen, record)
    text = "" if days is None else str(days).strip()
    if not _DAYS.fullmatch(text) or not 1 <= int(text) <= LONGEST:
        raise Impossible(f"Enter by how many days: a whole number from 1 to {LONGEST}.", "days")
    return Supposition(chosen, record, int(text))


def parse(text: str) -> tuple[Supposition, ...]:
    """Those that stand in a text, one a line; raises Impossible with the first line that says nothing."""
    lines = [line.split() for line in text.splitlines() if line.strip()]
    return together(_of_words(words) for words in lines)


def together(several: Iterable[Supposition]) -> tuple[Supposition, ...]:
    """Each once, in the order in which they were said; raises Impossible where they contradict each other."""
    found = tuple(dict.fromkeys(several))
    if len(found) > MOST:
        raise Impossible(SEVERAL_TOO_MANY)
    said: set[tuple[Kind, str]] = set()
    for each in found:
        if (each.kind, each.record) in said:
            raise Impossible(f"{each.record} {SAYS[each.kind]} twice here. Keep one of the two.")
        said.add((each.kind, each.record))
    return found


def written(several: Iterable[Supposition]) -> str:
    """As text, one a line."""
    return "\n".join(each.line for each in several)


def _of_words(words: list[str]) -> Supposition:
    kind, record, *more = [*words, ""] if len(words) == 1 else words
    takes_slot = kind in Kind.__members__ and Kind(kind) in WITH_SLOT
    slot = more.pop(0) if takes_slot and more else ""
    days = more.pop(0) if more else None
    if more or (days is not None and kind in Kind.__members__ and Kind(kind) not in COUNTED):
        raise Impossible(f"“{' '.join(words)[:80]}” says more than {SAYS.get(Kind(kind), kind)} takes.", "kind")
    return suppose(kind, record, days, slot)
