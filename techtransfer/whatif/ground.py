"""What a what-if stands on: the plan as it is now, the names of what may happen in it, and its studies."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

from django.utils import timezone

from oversight.kernel.access.scope import Actor
from techtransfer.forecast.days import DayNumber, day_of
from techtransfer.forecast.plan import Plan, SlotDay, read_plan
from techtransfer.forecast.run import Run, run
from techtransfer.models import Milestone, Programme, Slot, Study

_NAMES = (
    "pk", "title", "step", "stage", "batch_id", "batch_number", "optimistic_days", "hold_kind", "hold_id",
    "hold_number", "cdmo__name", "site__name", "site__city",
)  # fmt: skip
_STUDY = (
    "pk", "number", "code", "first_patient_in_id", DayNumber("baseline_first_patient_in"),
    DayNumber("planned_first_patient_in"), DayNumber("forecast_first_patient_in"),
)  # fmt: skip
RELEASE = Milestone.Step.RELEASE


class Called(NamedTuple):
    """What people call a step, and what of it a what-if may be about."""

    id: int
    title: str
    step: str
    stage: str
    batch: int
    batch_number: str
    optimistic: int | None
    hold_kind: str
    hold_id: int
    hold_number: str
    cdmo: str | None
    site: str | None
    city: str | None


class Waiting(NamedTuple):
    """A study that has not begun: the step with which it starts, and the days that are known of it."""

    id: int
    number: str
    code: str
    step: int | None
    baseline: int | None
    planned: int | None
    forecast: int | None

    @property
    def agreed(self) -> int | None:
        """The day against which it is late."""
        return self.planned if self.baseline is None else self.baseline


@dataclass(frozen=True)
class Ground:
    """The plan now, computed when somebody asks for it."""

    programme: int
    forecast_at: datetime | None
    plan: Plan
    called: dict[int, Called]
    slots: tuple[SlotDay, ...]
    studies: tuple[Waiting, ...]

    @cached_property
    def now(self) -> Run:
        """Today's dates. Raises ScheduleError where there are none."""
        return run(self.plan, self.study_steps)

    @property
    def is_ahead(self) -> bool:
        """Whether the rows say of a study what no cascade has written yet: somebody changed the plan a moment ago."""
        waiting = (study for study in self.studies if study.step in self.plan.steps)
        return any(study.step is not None and self.now.start(study.step) != study.forecast for study in waiting)

    @property
    def study_steps(self) -> list[int]:
        """The steps on which its studies start."""
        return [study.step for study in self.studies if study.step in self.plan.steps]

    @cached_property
    def by_number(self) -> dict[str, int]:
        """The key of each step by its number."""
        return {step.number: key for key, step in self.plan.steps.items()}

    def of_batch(self, number: str) -> list[int]:
        """The steps that make and release a batch."""
        return [key for key, called in self.called.items() if number and called.batch_number == number]

    def held_by(self, number: str) -> list[int]:
        """The open steps that a record holds."""
        return [
            key
            for key, called in self.called.items()
            if number and called.hold_number == number and is_held(self.plan.steps[key])
        ]

    def slot(self, number: str) -> SlotDay | None:
        """The slot of that number on a line of this plan."""
        return next((slot for slot in self.slots if slot.number == number), None)

    def name(self, key: int) -> str:
        """A step as a sentence calls it: by its title."""
        return self.called[key].title


def is_held(step: object) -> bool:
    """Whether it stands still now."""
    return getattr(step, "held_since", None) is not None and getattr(step, "status", "") in Milestone.OPEN


def read_ground(programme: Programme, *, by: Actor, today: int | None = None) -> Ground:
    """Read it, in nine statements however many steps there are."""
    day = day_of(timezone.now().date()) if today is None else today
    plan = read_plan(programme, today=day, by=by)
    rows = Milestone.objects.visible_to(by).filter(programme=programme).exclude(status=Milestone.Status.VOID)
    called = {found.id: found for found in map(Called._make, rows.order_by().values_list(*_NAMES))}
    studies = Study.objects.visible_to(by).filter(programme=programme, status=Study.Status.PLANNED).order_by("pk")
    return Ground(
        programme.pk,
        programme.forecast_at,
        plan,
        called,
        tuple(_slots({step.site for step in plan.steps.values() if step.line}, by)),
        tuple(map(Waiting._make, studies.values_list(*_STUDY))),
    )


def _slots(sites: Collection[int | None], by: Actor) -> list[SlotDay]:
    """Those that are open or booked at the sites of its lines: also of a line for which nothing waits any more."""
    if not sites:
        return []
    rows = Slot.objects.visible_to(by).filter(site_id__in=sites, status__in=(Slot.Status.OPEN, Slot.Status.BOOKED))
    rows = rows.filter(starts_on__gte=timezone.now().date())
    columns = ("pk", "number", "site_id", "line", DayNumber("starts_on"), "milestone_id")
    return [SlotDay(*row) for row in rows.order_by("starts_on").values_list(*columns)]
