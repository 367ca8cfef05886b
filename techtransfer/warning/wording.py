"""What a warning says: the chance, how often it was seen, from how many steps it is known, and the last check-in."""

from oversight.kernel.records.words import day_in_words
from techtransfer.forecast.days import date_of
from techtransfer.models import EarlyWarning

from .judging import Judgement
from .learning import ENOUGH
from .likelihood import IN_A_ROW
from .reading import Known

Level, Basis = EarlyWarning.Level, EarlyWarning.Basis
LONGEST = 600  # characters


def sentence(found: Judgement, known: Known) -> str:
    """Likely to end late: 84 % at the last check-in and 71 % at the one before, from 14 finished steps. …"""
    if found.chance is None or found.level == Level.NOTED:
        said = " ".join(fact.says for fact in found.facts)
        return f"{said} {_no_number(found)}".strip()[:LONGEST]
    said = f"Likely to end late: {_chances(found, found.chance, known)}, {_from(found)}. {_last(found, known)}"
    return said.strip()[:LONGEST]


def percent(chance: float) -> int:
    """Nothing that is still open is certain."""
    return min(max(round(100 * chance), 1), 99)


def _chances(found: Judgement, chance: float, known: Known) -> str:
    """The chance, and of a red one also those at the two check-ins that make it red."""
    count, now = len(known.said.get(found.step.id, ())), f"{percent(chance)} %"
    if found.level != Level.RED:
        return f"{now} at one check-in" if count == 1 else f"{now} at the last of {count} check-ins"
    before, last = (f"{percent(each)} %" for each in found.at_check_ins[-IN_A_ROW:])
    which = "the last check-in" if len(found.at_check_ins) == count else "the last check-in up to its agreed end"
    return f"{'' if now == last else f'{now}, '}{last} at {which} and {before} at the one before"


def _from(found: Judgement) -> str:
    """From how many finished steps; below eight, that it is the plan's own estimate."""
    if found.basis == Basis.THREE_POINT:
        only = "no step of its kind is finished" if not found.cases else _steps(found.cases)
        return f"by the three-point estimate of the plan: {only}, and {ENOUGH} are needed to learn from"
    where = found.step.partner or "the sponsor's own people"
    here = f", {found.here} of them at {where}" if found.here < found.cases else f", all at {where}"
    return f"from {found.cases} finished steps of its kind{here}"


def _steps(count: int) -> str:
    return "only 1 step of its kind is finished" if count == 1 else f"only {count} steps of its kind are finished"


def _last(found: Judgement, known: Known) -> str:
    """Check-in of 12 Nov 2026: 40 % after 30 of 35 days."""
    said = known.said.get(found.step.id, ())
    if not said:
        return ""
    last, worked = said[-1], known.readings(found.step)[-1].elapsed
    day = day_in_words(date_of(last.day))
    return f"Check-in of {day}: {last.percent} % after {worked} of {found.step.plan} days."


def _no_number(found: Judgement) -> str:
    """Why no chance is given, of a step under way."""
    if not found.step.is_under_way or found.chance is not None or not found.step.plan:
        return ""
    if found.step.agreed is None:
        return "No end is agreed, so that no chance to be late can be given."
    done = _steps(found.cases) if found.cases else "no step of its kind is finished"
    return f"No chance is given: {done}, and the step has no three-point estimate."
