"""Where the days of a study come from: its driving chain, and what each step on it adds to the slip.

Along the chain the slip of each step (the day by which it drives the next, less the same day of the baseline) is the
slip of the step before plus its own share, so that the shares add up to the slip of the study, whatever calendars do.
"""

from dataclasses import asdict, dataclass
from typing import Any

from oversight.kernel.access.scope import Actor
from oversight.kernel.records.words import day_in_words
from techtransfer.models import Milestone, Slot
from techtransfer.schedule import Step as Link
from techtransfer.schedule import steps as driving_chain

from .days import date_of
from .plan import Step, Words, words_of
from .run import Run

MILESTONE = Milestone._meta.db_table
SLOT = Slot._meta.db_table


@dataclass(frozen=True, slots=True)
class Share:
    """So many of the days, and the record on whose account they are; days won back are negative."""

    kind: str  # the table of the record
    id: int
    number: str
    cause: str
    days: int
    milestone: int  # the step at which they arise
    cdmo: int | None  # whose record it is: a narrowed member reads no more of another's than the days

    def kept(self) -> dict[str, Any]:
        """As it is kept with the study."""
        return asdict(self)


def shares(run: Run, study: int, *, baseline: int | None, by: Actor) -> list[Share]:
    """What adds up to the slip of the step `study` against the day `baseline`, first cause first."""
    if baseline is None:
        return []
    chain = driving_chain(run.network, run.dates, study)
    words = words_of([link.id for link in chain], by=by)
    found: list[Share] = []
    behind = 0  # the slip of the step before
    for link in chain:
        step = run.plan.steps[link.id]
        slip = _slip(run, step, link.side)
        if slip is None:
            continue  # it has no baseline: what it adds shows at the next step that has one
        found += _of_step(run, step, words[step.id], slip - behind, link)
        behind = slip
    rest = run.end(study) - baseline - behind
    if rest:
        found.append(_share(run.plan.steps[study], "the study is planned for another day than its step", rest))
    return found


def _slip(run: Run, step: Step, side: str) -> int | None:
    if step.baseline_start is None or step.baseline_end is None:
        return None
    return run.start(step.id) - step.baseline_start if side == "start" else run.end(step.id) - step.baseline_end


def _of_step(run: Run, step: Step, words: Words, days: int, link: Link) -> list[Share]:
    held = run.hold_days.get(step.id, 0) if link.side == "finish" else 0
    found = []
    if rest := days - held:
        found.append(_own(run, step, words, rest, link.driver.kind))
    if held:
        cause = f"{words.hold_cause} ({words.title})" if words.hold_cause else f"{words.title} is on hold"
        found.append(Share(words.hold_kind, words.hold_id, words.hold_number, cause, held, step.id, step.cdmo))
    return found


def _own(run: Run, step: Step, words: Words, days: int, driver: str) -> Share:
    """Days that are not a hold's."""
    if driver == "slot" and days > 0:
        day = run.start(step.id)
        cause = f"{words.title} waits for the next free slot of {step.line}, {_day(day)}"
        if slot := run.plan.slots_on.get((step.site, step.line, day)):
            return Share(SLOT, *slot, cause, days, step.id, step.cdmo)
        return _share(step, cause, days)
    if words.fact_kind and words.fact_kind != MILESTONE:
        return Share(words.fact_kind, words.fact_id, words.fact_number, words.fact, days, step.id, step.cdmo)
    return _share(step, f"{words.title} {_what(run, step, words, days, driver)}", days)


def _what(run: Run, step: Step, words: Words, days: int, driver: str) -> str:
    """What the step itself does."""
    if words.fact:
        return f"({words.fact})"
    if days < 0:
        return "wins days back"
    late = step.baseline_start is not None and run.start(step.id) - step.baseline_start == days
    if step.actual_start is not None and late:
        return "began late"
    if step.actual_start is not None or (step.actual_end is not None):
        return "takes longer than planned"
    if driver == "status":
        return "has not begun yet"
    if driver == "not_before":
        return f"does not begin before {_day(run.start(step.id))}"
    return "takes longer, or waits for working days"


def _share(step: Step, cause: str, days: int) -> Share:
    return Share(MILESTONE, step.id, step.number, cause, days, step.id, step.cdmo)


def _day(day: int) -> str:
    return day_in_words(date_of(day))
