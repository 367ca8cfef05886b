"""What really happened to a programme: the same network with the days that its steps really took, by the engine."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from techtransfer.forecast.days import date_of, end_of
from techtransfer.schedule import Calendar, Link, Node, compile_network, forward

from .told import Place, ProgrammeTold, Step

LONG_AGO = -1500  # days; the first step of a plan lies later


@dataclass(frozen=True, slots=True)
class Lived:
    """The first and the last day of a step as it went, as far as it did."""

    start: int
    end: int

    def begun(self, day: int) -> bool:
        """Whether it had begun when that day began."""
        return self.start < day

    def done(self, day: int) -> bool:
        """Whether it was over when that day began."""
        return self.end < day


def lived(told: ProgrammeTold, calendars: Mapping[Place, Calendar], today: int) -> dict[str, Lived]:
    """Each step's days as they came, as the engine counts them; what lies after `today` nobody knows yet."""
    return _dates(told, calendars, today, really=True)


def meant(told: ProgrammeTold, calendars: Mapping[Place, Calendar], today: int) -> dict[str, Lived]:
    """The same as it was planned: nothing begins late, and nothing takes longer than is likely."""
    return _dates(told, calendars, today, really=False)


def _dates(told: ProgrammeTold, calendars: Mapping[Place, Calendar], today: int, *, really: bool) -> dict[str, Lived]:
    names = {place: str(place) for place in calendars}
    booked = {slot.booked: monday(today) + 7 * slot.week for slot in told.slots if slot.booked}
    nodes = [
        _node(step if really else _as_planned(step), names[step.at], today, booked.get(step.key)) for step in told.steps
    ]
    by_key = {step.key: step for step in told.steps}
    links = [
        Link(
            after.step,
            step.key,
            after.link,
            after.lag,
            _calendar(by_key[step.key], names) if after.unit == "WORKING" else None,
        )
        for step in told.steps
        for after in step.after
    ]
    network = compile_network(nodes, links, {names[place]: calendar for place, calendar in calendars.items()})
    dates = forward(network, today + LONG_AGO)
    return {key: Lived(dates.start[key], end_of(dates.start[key], dates.finish[key])) for key in by_key}


def monday(today: int) -> int:
    """The Monday of that week: slots of a fill line begin on Mondays."""
    return today - date_of(today).weekday()


def _as_planned(step: Step) -> Step:
    return replace(step, began=None, late=0)


def _node(step: Step, calendar: str, today: int, slot: int | None) -> Node:
    floors = [today + day for day in (step.not_before, step.began) if day is not None]
    floor = max(floors if slot is None else [*floors, slot], default=None)
    length = step.days[1] + step.late if step.days[1] else 0
    return Node(step.key, length, None if step.every_day else calendar, not_before=floor)


def _calendar(step: Step, names: Mapping[Place, str]) -> str | None:
    return None if step.every_day else names[step.at]
