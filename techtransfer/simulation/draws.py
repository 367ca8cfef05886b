"""What chance decides of each step: how long it takes, and when its hold ends."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from techtransfer.forecast.plan import Plan, Step, calendar_of, knew_of_hold
from techtransfer.ports import HoldTimes
from techtransfer.schedule import Network
from techtransfer.schedule.simulate import Draw, Hold
from techtransfer.schedule.spread import LogNormal, Pert, Spread
from techtransfer.warning.likelihood import Posterior

LOW, HIGH = 0.8, 1.5  # of the likely duration, where nobody gave an optimistic, or a pessimistic one
WIDER = 1.5  # the 80th percentile of a hold over its middle, where past ones do not tell the two apart


class Durations(NamedTuple):
    """The durations that people gave beside the likely one, in days of the step's calendar."""

    optimistic: int | None
    pessimistic: int | None


@dataclass(frozen=True, slots=True)
class Drawn:
    """The draws of a plan, and on what they rest: how many steps, and how many of them on which ground."""

    draws: dict[int, Draw]
    by_default: int  # nobody gave an optimistic or a pessimistic duration
    by_posterior: int
    holds: int

    @property
    def steps(self) -> int:
        """How many steps have a length that is drawn."""
        return sum(draw.length is not None for draw in self.draws.values())


def draws_of(
    plan: Plan,
    network: Network,
    durations: Mapping[int, Durations],
    holds: Mapping[int, HoldTimes],
    posteriors: Mapping[int, Posterior],
) -> Drawn:
    """The draws of all that is not done. A posterior takes the place of the three durations of its step."""
    draws: dict[int, Draw] = {}
    by_default = by_posterior = held = 0
    for step in plan.steps.values():
        rule = network.rules[network.position[step.id]]
        if rule.done:
            continue
        length: Spread | None = None
        site: str | None = None
        if step.duration and step.id in posteriors:
            length = _known(plan, step, posteriors[step.id])
            by_posterior += 1
        elif step.duration:
            given = durations.get(step.id, Durations(None, None))
            length, site = _guessed(step, given, rule.length), _site(step)
            by_default += given == (None, None)
        hold = _hold(plan, step, holds.get(step.id))
        held += hold is not None
        if length is not None or hold is not None:
            draws[step.id] = Draw(length, site, hold)
    return Drawn(draws, by_default, by_posterior, held)


def _guessed(step: Step, given: Durations, left: int) -> Pert:
    """Of what has begun, what is left of it in the same proportions."""
    low = step.duration * LOW if given.optimistic is None else given.optimistic
    high = step.duration * HIGH if given.pessimistic is None else given.pessimistic
    share = left / step.duration
    return Pert(low * share, left, high * share)


def _known(plan: Plan, step: Step, posterior: Posterior) -> LogNormal:
    """Of what has begun, what remains, given that it was not finished until today, or until its work stood still."""
    worked, until = 0, plan.today if step.held_since is None else min(plan.today, step.held_since)
    if step.actual_start is not None and step.actual_start < until:
        calendar = plan.calendars.get(calendar_of(step) or "")
        days = calendar.count(step.actual_start, until) if calendar else until - step.actual_start
        worked = max(days - step.stopped, 0)
    return LogNormal(step.duration, posterior.mean, posterior.sd, beyond=worked, less=worked)


def _site(step: Step) -> str:
    """Whose good and bad times it shares: its site's, else its partner's, else the sponsor's own."""
    if step.site is not None:
        return f"site {step.site}"
    return "own" if step.cdmo is None else f"cdmo {step.cdmo}"


def _hold(plan: Plan, step: Step, known: HoldTimes | None) -> Hold | None:
    """An open hold, by past investigations; where none is known, by the day on which it is expected to be over."""
    if step.held_until is None or step.actual_end is not None:
        return None
    since, middle, p80 = known or (plan.today, max(step.held_until - plan.today, 1), 0)
    if p80 <= middle:
        p80 = round(middle * WIDER)
    beyond = max(plan.today - since, 0)
    # A date that was given in knowledge of the hold has reckoned with the work that follows it.
    return Hold(since, LogNormal.between(middle, p80, beyond=beyond), 1 if knew_of_hold(step) else None)
