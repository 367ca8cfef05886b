"""What sets a clock, and the two questions that the kernel cannot answer itself: which calendar, which clause."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import models

from oversight.kernel.access.scope import Actor

from .calendar import Calendar, Unit

if TYPE_CHECKING:
    from oversight.kernel.trail.models import Record


class Side(models.TextChoices):
    """Whose clock it is: the sponsor's days and the CDMO's days are counted apart."""

    SPONSOR = "SPONSOR", "Sponsor"
    CDMO = "CDMO", "CDMO"


def own_side(actor: Actor) -> Side:
    """The side on which the actor works."""
    return Side.CDMO if actor.is_partner else Side.SPONSOR


@dataclass(frozen=True, slots=True)
class Limit:
    """How long something may take, and where that is written."""

    limit: int
    unit: Unit
    cites: str
    escalates_to: str = ""  # to whom it goes afterwards, as people call them: the Lyra site head


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that is due in the life of a record: `limit` is what holds where nobody set another."""

    name: str  # containment
    label: str  # Containment
    limit: int
    unit: Unit
    side: Side
    cites: str = "The default of Oversight"
    escalates_to: str = ""


CalendarOf = Callable[["Record"], Calendar]
ClauseFor = Callable[["Record", Rule], Limit | None]


def _coordinated(record: "Record") -> Calendar:
    return Calendar()


def _no_clause(record: "Record", rule: Rule) -> Limit | None:
    return None


@dataclass(slots=True)
class Ports:
    """Who answers for the kernel; filled once, in `apps.py`."""

    calendar_of: CalendarOf = _coordinated
    clause_for: ClauseFor = _no_clause


PORTS = Ports()


def provide(*, calendar_of: CalendarOf | None = None, clause_for: ClauseFor | None = None) -> None:
    """Say which calendar a record's clocks follow, or which clause of an agreement sets their limit."""
    PORTS.calendar_of = calendar_of or PORTS.calendar_of
    PORTS.clause_for = clause_for or PORTS.clause_for
