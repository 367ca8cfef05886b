"""What is to be said of each open step: its chance to end late, and whether that is amber or red."""

from collections.abc import Sequence
from dataclasses import dataclass

from techtransfer.models import EarlyWarning

from .facts import Fact
from .learning import Prior, Reading
from .likelihood import Posterior, chance_late, is_amber, is_red, posterior, three_point
from .reading import Known, Step

Level, Basis = EarlyWarning.Level, EarlyWarning.Basis


@dataclass(frozen=True, slots=True)
class Judgement:
    """One open step: how likely it is to end late, from what, and which facts stand beside that."""

    step: Step
    level: str  # empty: nothing to be said
    basis: str
    chance: float | None
    at_check_ins: tuple[float, ...]
    cases: int  # finished steps of the kind
    here: int  # of them at this partner
    posterior: Posterior | None
    facts: tuple[Fact, ...]


def judge(step: Step, known: Known, facts: Sequence[Fact] = ()) -> Judgement:
    """Judge one step by all that is known today."""
    prior = known.experience.prior(step.kind, step.cdmo or 0) if step.plan else None
    cases, here = known.experience.cases(step.kind), prior.here if prior else 0
    start = prior or _estimate(step)
    if not step.is_under_way or step.agreed is None or start is None:
        level = Level.NOTED.value if facts else ""
        return Judgement(step, level, Basis.FACTS.value, None, (), cases, here, None, tuple(facts))
    basis = Basis.LEARNT if prior else Basis.THREE_POINT
    room, elapsed = known.room(step), known.worked(step, known.today)
    readings = known.readings(step)
    present = posterior(start, step.plan, readings, elapsed, known.experience)
    at_check_ins = _at_check_ins(step, start, readings, room, known)
    chance = chance_late(present, step.plan, room)
    level = _level(chance, at_check_ins, readings, is_over=known.today > step.agreed)
    return Judgement(
        step, level or (Level.NOTED.value if facts else ""), basis.value, chance, at_check_ins, cases, here, present,
        tuple(facts),
    )  # fmt: skip


def _level(chance: float, at_check_ins: Sequence[float], readings: Sequence[Reading], *, is_over: bool) -> str:
    """Said from the first check-in on: what nobody has looked at is the forecast's own affair."""
    if not readings:
        return ""
    if is_red(at_check_ins):
        return Level.RED.value
    return Level.AMBER.value if is_amber(chance) and not is_over else ""


def _at_check_ins(
    step: Step, start: Prior | tuple[float, float], readings: Sequence[Reading], room: int, known: Known
) -> tuple[float, ...]:
    """The chance at each check-in up to the agreed end, by what had been said until then."""
    found = []
    for place, reading in enumerate(readings):
        if reading.elapsed <= room:  # after it there is nothing to warn of
            told = posterior(start, step.plan, readings[: place + 1], reading.elapsed, known.experience)
            found.append(chance_late(told, step.plan, room))
    return tuple(found)


def _estimate(step: Step) -> tuple[float, float] | None:
    """The step's own three-point estimate; None where nobody gave one."""
    if step.optimistic is None or step.pessimistic is None:
        return None
    return three_point(step.optimistic, step.plan, step.pessimistic)
