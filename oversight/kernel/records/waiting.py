"""What of a record kind waits for somebody: by which clock it is asked for, and what answers it."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Q

from oversight.kernel.access.scope import Actor

Ready = Callable[[Actor], Q]


def always(actor: Actor) -> Q:
    """Nothing but the state decides."""
    return Q()


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing to do: the clocks that ask for it, the moves that answer it, and how its button is called.

    `ready` says as a condition of the database what the guards of its moves say of one record, so that what waits for
    somebody can be counted and cut without reading any record.
    """

    label: str  # Review root cause
    moves: tuple[str, ...]  # any of them answers it
    clocks: frozenset[str] = frozenset()  # by their names; none: every clock of the kind that no other step names
    page: str = "detail"  # where it is done: the record's page, or the page of a move
    anchor: str = ""  # the part of that page
    icon: str = ""
    ready: Ready = always
    joint: bool = False  # the other side, too, may do it


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """How the records of one kind stand among all that waits; paths go through foreign keys, as in `cdmo__name`."""

    steps: tuple[Step, ...]
    badges: tuple[str, ...] = ()  # fields with a tone
    about: tuple[str, ...] = ()
    owner: tuple[str, str] | None = None  # the field with the person who took it (0: nobody), and the one with the name

    def step_of(self, clock: str) -> Step | None:
        """What answers the clock of that name."""
        rest = next((step for step in self.steps if not step.clocks), None)
        return next((step for step in self.steps if clock in step.clocks), rest)

    def clocks_besides(self, step: Step) -> frozenset[str]:
        """The clocks that other steps name."""
        return frozenset(name for other in self.steps if other is not step for name in other.clocks)
