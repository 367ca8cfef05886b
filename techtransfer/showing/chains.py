"""Where the days of a study come from, as a panel: its heading, its causes, and the line that adds them up."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from techtransfer.forecast.impact import StudyImpact
from techtransfer.models import Study

from .words import days, on

NO_STEP = "It is not tied to a step of the plan yet. Amend the study, and choose the step on which it starts."
NO_FORECAST = "There is no forecast of its first day yet."
NOT_AGREED = "No day was agreed from which to count. Propose a baseline, or enter the planned day of the study."


@dataclass(frozen=True, slots=True)
class Chain:
    """One study with what adds up to its slip, or with the reason why nothing does."""

    study: StudyImpact
    title: str
    total: str
    why_not: str


def chains(studies: Iterable[StudyImpact], *, all_of_them: bool = False) -> list[Chain]:
    """One panel for each study that is still to come; where there are several, each is named."""
    several = [study for study in studies if all_of_them or study.is_to_come]
    return [Chain(study, _title(study, len(several) > 1), _total(study), _why_not(study)) for study in several]


def study_days(study: Study) -> list[tuple[str, str, date | None, bool]]:
    """Each of its days: what it is, from where, and whether it is the one that counts now."""
    began = study.actual_first_patient_in
    found = [
        ("Baseline", "what was agreed", study.baseline_first_patient_in, False),
        ("Plan", "", study.planned_first_patient_in, False),
        ("Forecast", "what the plan makes of it", study.forecast_first_patient_in, not began),
        ("Supply needed by", "", study.supply_needed_on, False),
    ]
    return [*found, ("Happened", "", began, True)] if began else found


def _title(study: StudyImpact, is_named: bool) -> str:
    if study.slip_days is None:
        return f"{study.code}: no slip to explain yet" if is_named else "No slip to explain yet"
    if not study.slip_days:
        return f"{study.code} is on its day"
    title = f"{days(study.slip_days)} {'come' if abs(study.slip_days) != 1 else 'comes'} from"
    if study.slip_days < 0:
        title = f"{days(study.slip_days)} won {'come' if study.slip_days < -1 else 'comes'} from"
    return f"{study.code}: where the {title}" if is_named else f"Where the {title}"


def _total(study: StudyImpact) -> str:
    """From the agreed day to the forecast one."""
    if study.slip_days is None:
        return ""
    counted = "planned" if study.is_planned else "baseline"
    if not study.slip_days:
        return f"{on(study.forecast)} is the {counted} day."
    way = "later" if study.slip_days > 0 else "earlier"
    return f"{days(study.slip_days)} {way} in all: {on(study.baseline)} ({counted}) became {on(study.forecast)}."


def _why_not(study: StudyImpact) -> str:
    if study.slip_days is not None:
        return ""
    if study.milestone is None:
        return NO_STEP
    return NO_FORECAST if study.forecast is None else NOT_AGREED
