"""All that a simulation rests on, read from rows at one moment, and its fingerprint."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from django.utils import timezone

from oversight.kernel.access.scope import Actor
from techtransfer.forecast.days import day_of
from techtransfer.forecast.plan import Plan, read_plan
from techtransfer.forecast.run import run
from techtransfer.models import Milestone, Programme, Study
from techtransfer.ports import PORTS
from techtransfer.schedule import Calendar, CycleError, Network, ScheduleError
from techtransfer.warning.likelihood import Posterior

from .asking import EMPTY, NO_STUDY
from .draws import Drawn, Durations, draws_of


class Impossible(Exception):
    """There is nothing to simulate, in a sentence."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A study that is still to begin, and the days against which it is held."""

    id: int
    code: str
    step: int
    days: dict[str, date]  # baseline, need_by, forecast


@dataclass(frozen=True, slots=True)
class Inputs:
    """A plan, its network, what is drawn, and the studies that are followed."""

    plan: Plan
    network: Network
    drawn: Drawn
    studies: list[Waiting]
    names: dict[int, tuple[str, str]]  # number and title of each step
    unslotted: list[int]  # steps that go without a slot since none is known

    @property
    def fingerprint(self) -> str:
        """SHA-256 of them as canonical JSON: the same for the same plan on the same day."""
        return sha256(canonical(self._facts()).encode()).hexdigest()

    def _facts(self) -> dict[str, Any]:
        network = self.network
        return {
            "status_date": self.plan.today,
            "nodes": [asdict(rule.node) for rule in network.rules],
            "links": [asdict(link) for link in network.links],
            "calendars": {name: _digest(calendar) for name, calendar in sorted(self.plan.calendars.items())},
            "draws": {str(key): _draw(draw) for key, draw in sorted(self.drawn.draws.items())},
            "studies": [asdict(study) for study in self.studies],
            "names": {str(key): name for key, name in sorted(self.names.items())},
        }


def canonical(value: Any) -> str:
    """JSON with its keys in order and without a space, so that the same values are the same bytes."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True, default=_plain)


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"A {type(value).__name__} has no canonical form.")


def _digest(calendar: Calendar) -> str:
    return sha256(repr((calendar.first, calendar.horizon, calendar.days)).encode()).hexdigest()


def _draw(draw: Any) -> list[Any]:
    return [type(draw.length).__name__, asdict(draw)]


def read_inputs(programme: Programme, *, posteriors: Mapping[int, Posterior] | None = None, by: Actor) -> Inputs:
    """Read them, in a number of statements that does not depend on the size; raises Impossible."""
    plan = read_plan(programme, today=day_of(timezone.now().date()), by=by)
    if all(step.actual_end is not None for step in plan.steps.values()):
        raise Impossible(EMPTY)
    rows = Milestone.objects.visible_to(by).filter(programme=programme).exclude(status=Milestone.Status.VOID)
    known = {
        row[0]: row[1:]
        for row in rows.order_by("pk").values_list("pk", "number", "title", "optimistic_days", "pessimistic_days")
    }
    names = {key: (number, title) for key, (number, title, *_) in known.items()}
    studies = _studies(programme, plan, by)
    if not studies:
        raise Impossible(NO_STUDY)
    try:
        found = run(plan, [study.step for study in studies])
    except ScheduleError as error:
        raise Impossible(_in_words(error, names)) from None
    durations = {key: Durations(low, high) for key, (_, _, low, high) in known.items()}
    holds = PORTS.hold_times(programme.pk, by)
    drawn = draws_of(plan, found.network, durations, holds, posteriors or {})
    gone = [key for key in plan.slots if found.network.rules[found.network.position[key]].slots is None]
    return Inputs(plan, found.network, drawn, studies, names, gone)


def _studies(programme: Programme, plan: Plan, by: Actor) -> list[Waiting]:
    rows = Study.objects.visible_to(by).filter(programme=programme, status=Study.Status.PLANNED).order_by("pk")
    rows = rows.exclude(first_patient_in=None).select_related("first_patient_in")
    found = []
    for study in rows:
        step = study.first_patient_in
        if step is None or step.pk not in plan.steps:
            continue
        days = {
            "baseline": study.agreed_first_patient_in,
            "need_by": step.need_by,
            "forecast": study.forecast_first_patient_in,
        }
        found.append(Waiting(study.pk, study.code, step.pk, {name: day for name, day in days.items() if day}))
    return found


def _in_words(error: ScheduleError, names: Mapping[int, tuple[str, str]]) -> str:
    if isinstance(error, CycleError):
        numbers = [names[key][0] for key in error.cycle]
        return f"These steps wait for each other: {' → '.join([*numbers, numbers[0]])}. Void one of the dependencies."[
            :300
        ]
    number, title = names.get(error.key, ("A step", ""))
    return f"{number} {title}: no date can be found within fifteen years. Check its duration and what it waits for."[
        :300
    ]
