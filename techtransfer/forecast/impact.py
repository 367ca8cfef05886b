"""What the last run says of the studies of a programme, as one actor may read it: the same for the page and the API.

What lies out of the actor's sight keeps its days, so that they still add up, and says no more than that.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from oversight.kernel.access.scope import Actor
from techtransfer.models import Milestone, Programme, Study
from techtransfer.sight import Named, Ref, named, problem_of

MILESTONE = Milestone._meta.db_table
UNSEEN_CAUSE = "Out of your sight: a record of a partner that is not open to you"
UNSEEN_STEP = "A step out of your sight waits for it"
OTHER_DAY = "The first patient was in on another day than forecast"


@dataclass(frozen=True, slots=True)
class Item:
    """So many of the days, and on whose account; `record` None: out of sight. Days won back are negative."""

    days: int
    cause: str
    record: Named | None


@dataclass(frozen=True, slots=True)
class StudyImpact:
    """One study: the day that was agreed, the day that is forecast, and what lies between; the items add up to it."""

    id: int
    number: str
    code: str
    title: str
    status: str
    milestone: int | None  # the step on which it starts
    baseline: date | None
    is_planned: bool  # no baseline was approved: it is counted from the planned day
    forecast: date | None
    slip_days: int | None
    float_days: int | None
    needed_on: date | None
    chain: tuple[Item, ...]

    @property
    def is_to_come(self) -> bool:
        """Whether its first patient is still awaited."""
        return self.status == Study.Status.PLANNED


@dataclass(frozen=True, slots=True)
class Impact:
    """All studies of one programme: those still to come first, of these the latest against what was agreed."""

    programme: int
    as_of: datetime | None
    problem: str  # why there is no forecast
    studies: tuple[StudyImpact, ...]


def read_impact(programme: Programme, *, by: Actor) -> Impact:
    """Read it, in one statement for the studies and one for each table that a chain names."""
    rows = Study.objects.visible_to(by).filter(programme=programme).exclude(status=Study.Status.VOID)
    studies = impacts_of(rows.order_by("pk"), by=by)
    ordered = sorted(studies, key=_urgency)
    return Impact(programme.pk, programme.forecast_at, problem_of(programme, by), tuple(ordered))


def _urgency(study: StudyImpact) -> tuple[bool, int, date, int]:
    return (not study.is_to_come, -(study.slip_days or 0), study.forecast or study.baseline or date.max, study.id)


def impacts_of(studies: Iterable[Study], *, by: Actor) -> list[StudyImpact]:
    """What lies between the agreed and the forecast day of each."""
    found = list(studies)
    refs: set[Ref] = {(item["kind"], item["id"]) for study in found for item in study.chain}
    refs |= {(MILESTONE, item["milestone"]) for study in found for item in study.chain}
    refs |= {(MILESTONE, study.first_patient_in_id or 0) for study in found if _rest(study)}
    known = named(refs, by)
    return [_impact(study, known) for study in found]


def _impact(study: Study, known: dict[Ref, Named]) -> StudyImpact:
    items = [_item(item, known) for item in study.chain]
    if rest := _rest(study):
        items.append(Item(rest, OTHER_DAY, known.get((MILESTONE, study.first_patient_in_id or 0))))
    slip = _slip(study)
    return StudyImpact(
        id=study.pk,
        number=study.number,
        code=study.code,
        title=study.title,
        status=study.status,
        milestone=study.first_patient_in_id,
        baseline=study.agreed_first_patient_in,
        is_planned=study.baseline_first_patient_in is None,
        forecast=study.forecast_first_patient_in,
        slip_days=slip,
        float_days=study.float_days if study.status == Study.Status.PLANNED else None,
        needed_on=study.supply_needed_on,
        chain=tuple(items) if slip is not None else (),
    )


def _item(item: dict[str, Any], known: dict[Ref, Named]) -> Item:
    record = known.get((item["kind"], item["id"]))
    if record is None:
        return Item(item["days"], UNSEEN_CAUSE, None)
    return Item(item["days"], item["cause"] if (MILESTONE, item["milestone"]) in known else UNSEEN_STEP, record)


def _slip(study: Study) -> int | None:
    """Of a study that began, what became of it; until then, what the last run found."""
    agreed = study.agreed_first_patient_in
    if study.actual_first_patient_in and agreed:
        return (study.actual_first_patient_in - agreed).days
    return study.slip_days


def _rest(study: Study) -> int:
    """Days that no item accounts for: the study began on another day than the last run found."""
    slip = _slip(study)
    return 0 if slip is None else slip - sum(item["days"] for item in study.chain)
