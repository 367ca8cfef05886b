"""One preview: read the plan, suppose, compute, compare. Never a save."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from oversight.kernel.access.scope import Actor
from oversight.kernel.workflow.refusals import Refused
from techtransfer.forecast.cascade import uncollected
from techtransfer.models import Programme
from techtransfer.schedule import CycleError, ScheduleError

from .applying import applied
from .ground import Ground, read_ground
from .outcome import Outcome, outcome
from .suppositions import Impossible, Supposition
from .words import together

NARROWED = "A what-if rests on every step of the plan. Ask somebody who sees all CDMOs."
NO_STEPS = "This plan has no steps yet: there is nothing to suppose of it."
CLOSED = "This programme is closed. Reopen it first."


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be, and of which plan."""

    suppositions: tuple[Supposition, ...]
    words: str
    outcome: Outcome
    forecast_at: datetime | None
    is_ahead: bool  # of the dates that stand on file: a change of this moment counts here already


def refuse_out_of_hand(programme: Programme, by: Actor) -> None:
    """Raise Refused where nothing can be supposed: dates of half a plan would be wrong ones."""
    if by.cdmos is not None:
        raise Refused(NARROWED)
    if programme.status != Programme.Status.ACTIVE:
        raise Refused(CLOSED)


def ground_of(programme: Programme, *, by: Actor) -> Ground:
    """The plan as it is now; raises Refused where there is nothing to compute, in a sentence."""
    refuse_out_of_hand(programme, by)
    ground = read_ground(programme, by=by)
    if not ground.plan.steps:
        raise Refused(NO_STEPS)
    with uncollected():
        try:
            ground.now  # noqa: B018  computed here, so that what is wrong with it is said once
        except ScheduleError as error:
            raise Refused(_no_dates(error, ground)) from error
    return ground


def preview_on(ground: Ground, suppositions: Sequence[Supposition]) -> Preview:
    """What the suppositions come to; raises Impossible with a sentence."""
    with uncollected():
        try:
            found = outcome(ground, applied(ground, suppositions))
        except ScheduleError as error:
            raise Impossible(_no_dates(error, ground)) from error
    return Preview(tuple(suppositions), together(ground, suppositions), found, ground.forecast_at, ground.is_ahead)


def preview(programme: Programme, suppositions: Sequence[Supposition], *, by: Actor) -> Preview:
    """Read and compute; raises Refused, or Impossible for what makes no sense of this plan."""
    return preview_on(ground_of(programme, by=by), suppositions)


def _no_dates(error: ScheduleError, ground: Ground) -> str:
    if isinstance(error, CycleError):
        names = [ground.plan.steps[key].number for key in error.cycle]
        return f"These steps would wait for each other: {' → '.join([*names, names[0]])}."
    name = f"{ground.name(error.key)}: " if error.key in ground.called else ""
    return f"{name}no date can be found within fifteen years."
