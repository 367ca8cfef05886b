"""What partners owe: the panel on Today, and the page with all of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from oversight.kernel.access.scope import Actor
from oversight.kernel.clocks.face import when
from oversight.kernel.clocks.models import Clock

from .reminders import may_remind
from .work import Work


@dataclass(frozen=True, slots=True)
class Owed:
    """One thing that waits for a partner."""

    work: Work
    partner: str
    what: str  # Investigation of DEV-26-0412
    due: str
    reminded: bool
    may_remind: bool


def owed(actor: Actor, works: Iterable[Work], *, now: datetime) -> tuple[Owed, ...]:
    """Each with whether this actor may remind of it; the clocks know whether somebody did today."""
    return tuple(
        Owed(
            work=work,
            partner=work.about[0] if work.about else "",
            what=f"{work.clock.label} {'for' if work.title == work.clock.label else 'of'} {work.number}",
            due=when(work.clock.due_at, work.clock.zone, now),
            reminded=_reminded(work.clock),
            may_remind=may_remind(actor, work.kind),
        )
        for work in works
    )


def _reminded(clock: Clock) -> bool:
    return bool(getattr(clock, "reminded", False))
