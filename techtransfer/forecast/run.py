"""What the engine makes of a plan: dates, what drives them, float, the critical chains, and what is odd about them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from oversight.kernel.records.words import day_in_words
from oversight.kernel.workflow.refusals import listed
from techtransfer.schedule import (
    Dates,
    Network,
    ScheduleError,
    backward,
    forward,
    out_of_sequence,
    trace,
)
from techtransfer.schedule.alone import dates_of

from .days import date_of, day_of, end_of
from .plan import Place, Plan, Step, calendar_of, free_finish

LAST = day_of(date.max)  # beyond it no day has a name
ODD_BEGIN = "It began before the steps that it waits for allowed."


@dataclass(frozen=True, slots=True)
class Run:
    """One run over one plan."""

    plan: Plan
    network: Network
    dates: Dates
    float: Mapping[int, int]  # days that a step can slip before the first study does; of those that lead to one
    critical: Collection[int]  # the steps on the driving chain of a study
    hold_days: Mapping[int, int]
    warnings: Mapping[int, str]

    def start(self, step: int) -> int:
        """Its first day."""
        return self.dates.start[step]

    def end(self, step: int) -> int:
        """Its last day."""
        return _end(self.plan.steps[step], self.dates)


@dataclass(slots=True)
class _Remarks:
    said: dict[int, list[str]] = field(default_factory=dict)

    def add(self, step: int, sentence: str) -> None:
        self.said.setdefault(step, []).append(sentence)


def run(plan: Plan, studies: Collection[int]) -> Run:
    """Compute the plan; studies start on the steps `studies`. Raises ScheduleError where no dates can come of it."""
    remarks = _Remarks()
    network, dates = _dates(plan, remarks)
    ends = {step: dates.finish[step] for step in studies if step in plan.steps}
    late = backward(network, dates, ends)
    floats: dict[int, int] = {}
    for each in late.values():
        for step, days in each.float.items():
            floats[step] = min(days, floats.get(step, days))
    critical = {step for study in ends for step in trace(network, dates, study)}
    _remark(plan, network, dates, remarks)
    warnings = {step: " ".join(said)[:300] for step, said in remarks.said.items()}
    return Run(plan, network, dates, floats, critical, _hold_days(plan, network, dates), warnings)


def _dates(plan: Plan, remarks: _Remarks) -> tuple[Network, Dates]:
    """Where a fill line has no slot left, the step goes without one and says so: the rest of the plan still moves."""
    unslotted: set[int] = set()
    while True:
        network = plan.network(unslotted=frozenset(unslotted))
        try:
            return network, _nameable(forward(network, plan.today))
        except ScheduleError as error:
            if error.key not in plan.slots or error.key in unslotted:
                raise
            unslotted.add(error.key)
            line = plan.steps[error.key].line
            remarks.add(error.key, f"No free slot of {line} is known from here on. Ask the partner for one.")


def _nameable(dates: Dates) -> Dates:
    if max(dates.days, default=LAST) > LAST:
        key = dates.network.ids[next(place for place, day in enumerate(dates.days) if day > LAST) // 2]
        raise ScheduleError("horizon", f"Node {key!r} lies beyond the last day that there is.", key=key)
    return dates


def _end(step: Step, dates: Dates) -> int:
    """Its last day; a moment is on its day, however long it was waited for."""
    finish = dates.finish[step.id]
    return end_of(dates.start[step.id], finish) if step.duration else finish


def _hold_days(plan: Plan, network: Network, dates: Dates) -> dict[int, int]:
    """How much later each held step ends than it would without its hold, the days included that it has lasted."""
    found = {}
    for step in plan.steps.values():
        if step.held_until is not None:
            free = free_finish(step, plan.calendars.get(calendar_of(step) or ""), plan.today)
            if free is None or dates.driver[step.id].kind != "hold":
                free = dates_of(network, dates, step.id, {"finish_not_before": None})[1]
            found[step.id] = dates.finish[step.id] - free
    return found


def _remark(plan: Plan, network: Network, dates: Dates, remarks: _Remarks) -> None:
    for step in out_of_sequence(network, dates):
        remarks.add(step, ODD_BEGIN)
    slots: dict[Place, list[Step]] = {}
    for step in plan.steps.values():
        end = _end(step, dates)
        if step.actual_end is None and step.partner_end is not None and end > step.partner_end:
            days = end - step.partner_end
            remarks.add(step.id, f"The partner's date, {_day(step.partner_end)}, is not feasible by {_days(days)}.")
        if step.actual_end is None and step.need_by is not None and end > step.need_by:
            remarks.add(step.id, f"It is needed by {_day(step.need_by)}: {_days(end - step.need_by)} late.")
        if step.id in plan.slots and step.actual_start is None:
            slots.setdefault((step.site, step.line, dates.start[step.id]), []).append(step)
    for place, wanting in slots.items():
        rivals = [number for _, number in plan.rivals.get(place, ())]
        for step in wanting:
            if others := [*(other.number for other in wanting if other is not step), *rivals]:
                verb = "wants" if len(others) == 1 else "want"
                remarks.add(step.id, f"{listed(others)} {verb} the same slot of {step.line} on {_day(place[2])}.")


def _day(day: int) -> str:
    return day_in_words(date_of(day))


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"
