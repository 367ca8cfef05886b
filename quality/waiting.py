"""What of quality waits for somebody: each clock with the move that answers it.

The conditions say what `workflows/guards.py` says; tests/today holds the two together.
"""

from django.db.models import Q

from oversight.kernel.access.scope import Actor
from oversight.kernel.clocks.rules import own_side
from oversight.kernel.records.waiting import Step, Waiting

from .models import Deviation
from .services.rules import ACCEPTANCE, CLOSURE, CONTAINMENT, CORRECTION, INVESTIGATION, REVIEW
from .workflows.deviation import TICKS


def _reviewer(actor: Actor) -> Q:
    """Nobody reviews an answer of their own."""
    return ~Q(answered_by=actor.user)


def _closer(actor: Actor) -> Q:
    """A second person closes, once the event is contained and no task is open."""
    ticked = Q(**{f"{name}__isnull": False for name in Deviation.CONTAINMENT})
    return _reviewer(actor) & ~Q(accepted_by=actor.user) & Q(open_tasks=0) & ticked


def _own_side(actor: Actor) -> Q:
    """The sponsor does the sponsor's tasks, the CDMO its own."""
    return Q(side=own_side(actor))


DEVIATION_WAITING = Waiting(
    steps=(
        Step(
            label="Confirm containment",
            clocks=frozenset({CONTAINMENT.name}),
            moves=tuple(name for name, *_ in TICKS),
            anchor="containment",
            joint=True,
        ),
        Step(label="Accept report", clocks=frozenset({ACCEPTANCE.name}), moves=("accept-report",)),
        Step(
            label="Send root cause",
            clocks=frozenset({INVESTIGATION.name, CORRECTION.name}),
            moves=("submit-root-cause",),
            page="submit-root-cause",
        ),
        Step(
            label="Review root cause",
            clocks=frozenset({REVIEW.name}),
            moves=("accept-root-cause",),
            anchor="rca",
            ready=_reviewer,
        ),
        Step(
            label="Close and sign",
            clocks=frozenset({CLOSURE.name}),
            moves=("close",),
            page="close",
            icon="signature",
            ready=_closer,
        ),
    ),
    badges=("severity",),
    about=("cdmo", "site"),
)

TASK_WAITING = Waiting(
    steps=(Step(label="Mark as done", moves=("finish",), page="finish", ready=_own_side),),
    badges=("deviation__severity",),
    about=("cdmo", "deviation__number", "deviation"),
    owner=("taken_by", "owner_name"),
)
