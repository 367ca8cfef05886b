"""The plan of a programme of the demo world on one day, put to the engine without a database."""

from datetime import date

from cdmos.models import Site
from oversight.web.demo.partners import COMPANIES
from oversight.web.demo.plans.lived import lived, monday
from oversight.web.demo.plans.places import CLOSURES
from oversight.web.demo.plans.told import OURS, Place, ProgrammeTold, Step
from techtransfer.forecast.days import day_of, finish_of
from techtransfer.schedule import Calendar, Dates, Link, Network, Node, compile_network, forward, trace

YEARS = 1500  # days before and after the present


class Planned:
    """One programme at one present: what was lived, and what the engine makes of the rest."""

    def __init__(self, slug: str, told: ProgrammeTold, present: date) -> None:
        self.told, self.today = told, day_of(present)
        self.calendars = calendars(slug, present)
        self.lived = lived(told, self.calendars, self.today)
        self.steps = {step.key: step for step in told.steps if not self.lived[step.key].done(self.today - told.opened)}
        self.releases = {batch.release: batch.make for batch in told.batches}

    def forecast(self, *, held: str = "", days: int = 0) -> tuple[Network, Dates]:
        """The dates of the present; the step `held` stands still for so many days."""
        nodes = [self._node(step, days if step.key == held else 0) for step in self.steps.values()]
        links = [
            Link(after.step, step.key, after.link, after.lag, self._name(step) if after.unit == "WORKING" else None)
            for step in self.steps.values()
            for after in step.after
            if after.step in self.steps
        ]
        network = compile_network(nodes, links, {str(place): week for place, week in self.calendars.items()})
        return network, forward(network, self.today)

    def starts(self, dates: Dates) -> dict[str, int]:
        """When each study starts, in days from the present."""
        return {study.code: dates.start[study.starts] - self.today for study in self.told.studies if study.starts}

    def critical(self) -> dict[str, list[str]]:
        """The driving chain of each study."""
        network, dates = self.forecast()
        return {
            study.code: [str(key) for key in trace(network, dates, study.starts)]
            for study in self.told.studies
            if study.starts
        }

    def in_process(self, stage: str) -> list[str]:
        """The batches of that stage that are being made, by the keys of the steps that make them."""
        made = [batch.make for batch in self.told.batches if batch.stage == stage]
        return [key for key in made if self.lived[key].begun(self.today) and not self.lived[key].done(self.today)]

    def _node(self, step: Step, held: int) -> Node:
        went, length, name = self.lived[step.key], step.days[1], self._name(step)
        if went.done(self.today):
            return Node(step.key, length, name, actual_start=went.start, actual_finish=finish_of(went.end, length))
        start = self.lived[self.releases[step.key]].end if step.key in self.releases else went.start
        if start < self.today and length:
            gone = self.calendars[step.at].count(start, self.today) if name else self.today - start
            left = max(length - gone, 1)
            freed = None
            if held:
                freed = self.calendars[step.at].add(self.today + held, left) if name else self.today + held + left
            return Node(step.key, length, name, finish_not_before=freed, actual_start=start, remaining=left)
        floor = None if step.not_before is None else self.today + step.not_before
        return Node(step.key, length, name, not_before=floor, slots=self._slots(step) if step.line else None)

    def _slots(self, step: Step) -> tuple[int, ...]:
        days = {slot: monday(self.today) + 7 * slot.week for slot in self.told.slots}
        own = [day for slot, day in days.items() if slot.booked == step.key and day >= self.today]
        free = [day for slot, day in days.items() if not (slot.booked or slot.lost[0]) and day > max(own, default=0)]
        return (*own, *sorted(free))

    def _name(self, step: Step) -> str | None:
        return None if step.every_day else str(step.at)


def calendars(slug: str, present: date) -> dict[Place, Calendar]:
    """The days on which each site works: its week of the present, without its closures."""
    today = day_of(present)
    span = range(today - YEARS, today + YEARS)
    closed: set[tuple[Place, int]] = set()
    for told in CLOSURES[slug]:
        for year in range(present.year - 1, present.year + 3):
            start, end = date(year, *told.first), date(year + (told.last < told.first), *told.last)
            closed |= {(told.at, day) for day in range(day_of(start), day_of(end) + 1)}
    weeks: dict[Place, str] = {OURS: "MON_FRI"}
    for company in COMPANIES[slug]:
        for site in company.sites:
            place = (company.name, str(site.values["name"]))
            weeks[place] = str(site.values["working_week"])
            for since in site.since:
                weeks[place] = since.values.get("working_week", weeks[place])
    saturday = day_of(date(2000, 1, 1))
    return {
        place: Calendar.of(
            [day for day in span if (day - saturday + 5) % 7 in Site.WORKING_DAYS[week] and (place, day) not in closed],
            today + YEARS,
        )
        for place, week in weeks.items()
    }
