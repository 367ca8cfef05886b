"""What a baseline does: its frozen dates beside those in force and today's forecast, in days on each study."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from oversight.kernel.access.scope import Actor
from oversight.kernel.records.addresses import address
from oversight.kernel.records.kind import RecordKind
from techtransfer.models import Baseline, BaselineDate, Milestone, Study

from .words import days, on

SHOWN = 100


@dataclass(frozen=True, slots=True)
class Effect:
    """One day as it was agreed before, as this baseline has it, and as it is forecast today."""

    title: str
    note: str
    href: str
    before: date | None
    frozen: date
    moves: int | None  # days from the one before
    forecast: date | None
    slip: int | None  # days that the forecast lies behind this baseline


@dataclass(frozen=True, slots=True)
class Comparison:
    """The studies, the steps that change most, and how many there are."""

    studies: tuple[Effect, ...]
    steps: tuple[Effect, ...]
    frozen: int
    unseen: int
    is_proposed: bool

    @property
    def rest(self) -> str:
        """What of it is not shown."""
        seen = self.frozen - self.unseen
        said = [f"{len(self.steps)} of {seen} steps are shown."] if seen > len(self.steps) else []
        said += [f"{self.unseen} more are at CDMOs that are not open to you."] if self.unseen else []
        return " ".join(said)


def compare(baseline: Baseline, study_kind: RecordKind, step_kind: RecordKind, actor: Actor) -> Comparison:
    """In three statements. Once it is replaced or declined, the days before it are not known any more: left out."""
    rows = BaselineDate.objects.visible_to(actor).filter(baseline=baseline).order_by("pk")
    frozen = dict(rows.values_list("milestone_id", "end_on"))
    proposed = baseline.status == Baseline.Status.PROPOSED
    found = Milestone.objects.visible_to(actor).filter(programme_id=baseline.programme_id, pk__in=frozen)
    steps = [
        _effect(step.title, step.number, address(step_kind, "detail", actor, step.pk), frozen[step.pk],
                step.baseline_end if proposed else None, step.actual_end or step.forecast_end)
        for step in found.order_by("pk")
    ]  # fmt: skip
    return Comparison(
        _studies(baseline, frozen, study_kind, actor),
        tuple(sorted(steps, key=_weight)[:SHOWN]),
        frozen=len(frozen),
        unseen=len(frozen) - len(steps),
        is_proposed=proposed,
    )


def _studies(baseline: Baseline, frozen: dict[int, date], kind: RecordKind, actor: Actor) -> tuple[Effect, ...]:
    rows = Study.objects.visible_to(actor).filter(programme_id=baseline.programme_id).exclude(status=Study.Status.VOID)
    proposed = baseline.status == Baseline.Status.PROPOSED
    return tuple(
        _effect(
            study.code,
            study.title,
            address(kind, "detail", actor, study.pk),
            frozen[study.first_patient_in_id],
            study.baseline_first_patient_in if proposed else None,
            study.actual_first_patient_in or study.forecast_first_patient_in,
        )
        for study in rows.order_by("pk")
        if study.first_patient_in_id in frozen
    )


def _effect(title: str, note: str, href: str, frozen: date, before: date | None, forecast: date | None) -> Effect:
    moves = (frozen - before).days if before else None
    slip = (forecast - frozen).days if forecast else None
    return Effect(title, note, href, before, frozen, moves, forecast, slip)


def _weight(effect: Effect) -> tuple[int, date]:
    """What changes most stands first, then the order of the plan."""
    return (-max(abs(effect.moves or 0), abs(effect.slip or 0)), effect.frozen)


def words(studies: Sequence[Effect]) -> list[str]:
    """What signing it does, in a sentence for each study."""
    said = []
    for study in studies:
        day = on(study.frozen)
        if study.moves is None:
            said.append(f"{study.title} gets its first agreed day, {day}.")
        elif study.moves:
            way = "later" if study.moves > 0 else "earlier"
            said.append(f"The agreed day of {study.title} becomes {day}, {days(study.moves)} {way} than now.")
        else:
            said.append(f"{study.title} keeps its agreed day, {day}.")
        if study.slip and study.forecast:
            side = "after" if study.slip > 0 else "before"
            said.append(f"The forecast of today, {on(study.forecast)}, lies {days(study.slip)} {side} it.")
    return said
