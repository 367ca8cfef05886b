"""Two baselines of a programme, or one and today's forecast, day by day: what moved between them, most first."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from oversight.kernel.access.scope import Actor
from oversight.kernel.records.addresses import address
from oversight.kernel.records.kind import RecordKind
from techtransfer.models import Baseline, BaselineDate, Milestone, Programme, Study

from .words import days as in_days
from .words import on

TODAY = "today"  # the other side is no baseline: it is what is forecast now
FORECAST = "Forecast of today"
HEAD = ("What", "Number", "Title", "First, start", "First, end", "Second, start", "Second, end", "Days")
Span = tuple[date | None, date | None]
NOWHERE: Span = (None, None)


@dataclass(frozen=True, slots=True)
class Side:
    """A baseline, or today's forecast where `record` is None."""

    record: Baseline | None

    @property
    def key(self) -> str:
        """As an address names it."""
        return str(self.record.pk) if self.record else TODAY

    @property
    def title(self) -> str:
        """As a person calls it."""
        return f"{self.record.title} ({self.record.number})" if self.record else FORECAST


@dataclass(frozen=True, slots=True)
class Variance:
    """One study or step on either side; an end is the last day. None: it is not there."""

    id: int
    number: str
    title: str
    href: str
    first: Span
    second: Span

    @property
    def days(self) -> int | None:
        """By how many the second lies behind the first."""
        before, after = self.first[1], self.second[1]
        return (after - before).days if before and after else None

    @property
    def note(self) -> str:
        """Why there are no days to say."""
        if self.days is not None:
            return ""
        return "not in the first" if self.first[1] is None else "not in the second"


@dataclass(frozen=True, slots=True)
class Variances:
    """The studies, and the steps that are not alike, by the size of what moved."""

    a: Side
    b: Side
    studies: tuple[Variance, ...]
    steps: tuple[Variance, ...]
    alike: int
    unseen: int

    @property
    def sentences(self) -> list[str]:
        """What it does to each study, in words."""
        return [said for study in self.studies if (said := _sentence(study))]


def variances(programme: Programme, a: Side, b: Side, kinds: Mapping[str, RecordKind], actor: Actor) -> Variances:
    """In three statements, however many steps there are: the frozen days, the steps, the studies."""
    frozen = _frozen([side.record for side in (a, b) if side.record], actor)
    rows = Milestone.objects.visible_to(actor).filter(programme=programme)
    steps = {step.pk: step for step in rows.order_by("pk")}
    now = {key: _now(step) for key, step in steps.items() if step.status != Milestone.Status.VOID}
    first = frozen.get(a.record.pk, {}) if a.record else now
    second = frozen.get(b.record.pk, {}) if b.record else now
    keys = dict.fromkeys([*first, *second])
    found = [
        Variance(
            key, steps[key].number, steps[key].title, address(kinds["milestone"], "detail", actor, key),
            first.get(key, NOWHERE), second.get(key, NOWHERE),
        )
        for key in keys
        if key in steps
    ]  # fmt: skip
    differing = [each for each in found if each.first != each.second]
    return Variances(
        a,
        b,
        tuple(sorted(_studies(programme, first, second, kinds["study"], actor), key=_size)),
        tuple(sorted(differing, key=_size)),
        alike=len(found) - len(differing),
        unseen=len(keys) - len(found),
    )


def rows_of(found: Variances) -> Iterable[tuple[str, ...]]:
    """As a file has them: studies, then steps."""
    for what, several in (("Study", found.studies), ("Step", found.steps)):
        for each in several:
            told = "" if each.days is None else str(each.days)
            yield (what, each.number, each.title, *(_iso(day) for day in (*each.first, *each.second)), told)


def _frozen(baselines: Iterable[Baseline], actor: Actor) -> dict[int, dict[int, Span]]:
    found: dict[int, dict[int, Span]] = {}
    rows = BaselineDate.objects.visible_to(actor).filter(baseline__in=list(baselines)).order_by("pk")
    for baseline, step, start, end in rows.values_list("baseline_id", "milestone_id", "start_on", "end_on"):
        found.setdefault(baseline, {})[step] = (start, end)
    return found


def _now(step: Milestone) -> Span:
    return step.actual_start or step.forecast_start, step.actual_end or step.forecast_end


def _studies(
    programme: Programme, first: Mapping[int, Span], second: Mapping[int, Span], kind: RecordKind, actor: Actor
) -> Iterable[Variance]:
    """On the steps with which they start: where a study begins on another day than its step, that is its own affair."""
    rows = Study.objects.visible_to(actor).filter(programme=programme).exclude(status=Study.Status.VOID)
    for study in rows.order_by("pk"):
        step = study.first_patient_in_id
        if step in first or step in second:
            href = address(kind, "detail", actor, study.pk)
            spans = (first.get(step or 0, NOWHERE), second.get(step or 0, NOWHERE))
            yield Variance(study.pk, study.number, study.code, href, *spans)


def _size(each: Variance) -> tuple[bool, int, date, int]:
    """What is on one side alone stands last."""
    return (each.days is None, -abs(each.days or 0), each.second[1] or each.first[1] or date.max, each.id)


def _sentence(study: Variance) -> str:
    if not study.days or not study.second[1]:
        return f"{study.title} stays on {on(study.second[1])}." if study.days == 0 else ""
    way = "later" if study.days > 0 else "sooner"
    return f"{study.title} moves to {on(study.second[1])}, {in_days(study.days)} {way}."


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
