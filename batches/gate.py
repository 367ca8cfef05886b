"""What a release waits for, as the page lists it: the guards that refuse it, and what the other rooms say."""

from collections.abc import Callable
from dataclasses import dataclass

from oversight.kernel.access.scope import Actor
from oversight.kernel.workflow.refusals import Refused

from .models import Batch
from .ports import RELEASE_BLOCKERS
from .showing import on, yielded
from .workflows import guards


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that a release waits for: met, or why not."""

    words: str
    note: str
    met: bool

    @property
    def tone(self) -> str:
        return "ok" if self.met else "warn"


def checks(record: Batch, actor: Actor) -> list[Check]:
    """Everything that a release waits for, what is met beside what is not; the same guards that refuse it."""
    made = f"{on(record.made_on)}, {yielded(record)}" if record.made_on else "It is not made yet."
    sent = f"Sent {on(record.record_sent_on)}" if record.record_sent_on else "It is not sent yet."
    found = [
        Check("The batch is made", made, bool(record.made_on)),
        Check("The batch record is here", sent, bool(record.record_sent_on)),
        _asked("Nothing holds it", "No hold is open.", guards.not_on_hold, record, actor),
    ]
    for blocker in RELEASE_BLOCKERS:
        objections = blocker.objections(record, actor)
        found.append(Check(blocker.words, " ".join(objections) or "Nothing is open.", not objections))
    into = guards.made_of_what_is_released
    found.append(_asked("What went into it is released", "Nothing is missing.", into, record, actor))
    if record.record_sent_on:
        second = guards.released_by_a_second_person
        found.append(
            _asked("A second person decides", "Who sent the record does not release it.", second, record, actor)
        )
    return found


def _asked(words: str, met: str, guard: Callable[[Batch, Actor], None], record: Batch, actor: Actor) -> Check:
    try:
        guard(record, actor)
    except Refused as refusal:
        return Check(words, " ".join(refusal.sentences), False)
    return Check(words, met, True)
