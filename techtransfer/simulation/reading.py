"""What a simulation says, as one actor may read it: the same for pages and API."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from math import ceil, sqrt
from typing import Any

from oversight.kernel.access.scope import Actor
from techtransfer.models import Milestone, Programme, Simulation

from .ending import OF_OURS

UNSEEN = "A step out of your sight"
UNTOLD = "The plan could not be run. Ask somebody who sees every step to look at it."
UNDER, OVER = "under 1 %", "over 99 %"
_SURE = 1.96  # spreads of a normal on both sides, in which 95 % lie
CHANCES = {"forecast": "Forecast", "baseline": "Agreed", "need_by": "Needed by"}


@dataclass(frozen=True, slots=True)
class Chance:
    """In how many of the runs a study begins on a day or before."""

    name: str
    day: date
    runs: int
    of: int

    @property
    def label(self) -> str:
        """What the day is."""
        return CHANCES[self.name]

    @property
    def percent(self) -> str:
        """The share in words. That no run of so many held the day, or every one, is no promise for the next."""
        return UNDER if not self.runs else OVER if self.runs == self.of else percent(self.runs, self.of)


@dataclass(frozen=True, slots=True)
class Driver:
    """An open step, and in how many of the runs that have a date it is on the chain that drives the study."""

    step: int | None  # None: out of sight
    number: str
    title: str
    runs: int
    of: int

    @property
    def percent(self) -> str:
        """The share in words."""
        return percent(self.runs, self.of)


@dataclass(frozen=True, slots=True)
class Week:
    """How many runs end in the week that begins on this Monday."""

    monday: date
    runs: int


@dataclass(frozen=True, slots=True)
class Odds:
    """What the runs say of one study."""

    id: int
    code: str
    p50: date | None
    p80: date | None
    p90: date | None
    undated: int
    runs: int
    chances: tuple[Chance, ...]
    weeks: tuple[Week, ...]
    drivers: tuple[Driver, ...]

    @property
    def percentiles(self) -> tuple[tuple[str, str, date | None], ...]:
        """Name, words and day of each."""
        return (
            ("P50", "half of the runs", self.p50),
            ("P80", "four in five", self.p80),
            ("P90", "nine in ten", self.p90),
        )

    @property
    def first_chance(self) -> Chance | None:
        """That of the forecast day, else of the first day that is known."""
        return min(self.chances, key=lambda chance: list(CHANCES).index(chance.name), default=None)


@dataclass(frozen=True, slots=True)
class Told:
    """One simulation with its result, in the actor's sight."""

    row: Simulation
    studies: tuple[Odds, ...]
    facts: Mapping[str, Any]  # on what the draws rest
    without_slot: tuple[str, ...]  # steps that go without a slot, by number
    status_date: date | None
    problem: str  # why there is no result

    @property
    def points(self) -> int:
        """By how many points a share of so many runs may be off by chance alone, with 95 % confidence; rounded up."""
        return ceil(100 * _SURE * sqrt(0.25 / self.row.runs))


def simulations_of(programme: Programme, *, by: Actor) -> Any:
    """Those of a programme, latest first."""
    return Simulation.objects.visible_to(by).filter(programme=programme).order_by("-pk")


def latest(programme: Programme, *, by: Actor) -> tuple[Simulation | None, Simulation | None]:
    """The newest that is done, and one after it that is still waited for, or was not possible; in one statement."""
    rows, over = simulations_of(programme, by=by).select_related("result"), Simulation.Status.DONE
    found = {each.status == over: each for each in rows.filter(status=over)[:1].union(rows.exclude(status=over)[:1])}
    done, news = found.get(True), found.get(False)
    return done, news if news and (done is None or news.pk > done.pk) else None


def tell(simulation: Simulation, *, by: Actor) -> Told:
    """Its result, with what lies out of the actor's sight left unnamed; nothing where there is none yet."""
    if simulation.result is None:
        return Told(simulation, (), {}, (), None, problem_of(simulation, by=by))
    kept = json.loads(simulation.result.result)
    seen = _seen((driver["step"] for study in kept["studies"] for driver in study["drivers"]), by)
    return Told(
        simulation,
        tuple(_odds(study, simulation.runs, seen) for study in kept["studies"]),
        kept["drawn"],
        tuple(kept["without_slot"]) if seen is None else (),
        date.fromisoformat(kept["status_date"]),
        "",
    )


def problem_of(simulation: Simulation, *, by: Actor) -> str:
    """Why it is not possible; it names steps, so that who sees some CDMOs alone is told no more than that."""
    said = simulation.problem
    return said if by.cdmos is None or not said or said in OF_OURS else UNTOLD


def _seen(steps: Iterable[int], by: Actor) -> set[int] | None:
    """Which of the steps whoever sees only some CDMOs may read; None: all."""
    if by.cdmos is None:
        return None
    return set(Milestone.objects.visible_to(by).filter(pk__in=set(steps)).order_by().values_list("pk", flat=True))


def _odds(study: dict[str, Any], runs: int, seen: set[int] | None) -> Odds:
    days = {name: _day(study["percentiles"][name]) for name in ("p50", "p80", "p90")}
    dated = runs - study["undated"]
    return Odds(
        id=study["id"],
        code=study["code"],
        **days,
        undated=study["undated"],
        runs=runs,
        chances=tuple(
            Chance(name, date.fromisoformat(study["chances"][name]["day"]), study["chances"][name]["runs"], runs)
            for name in CHANCES
            if name in study["chances"]
        ),
        weeks=tuple(Week(date.fromisoformat(week["from"]), week["runs"]) for week in study["weeks"]),
        drivers=tuple(_driver(driver, dated, seen) for driver in study["drivers"]),
    )


def _driver(driver: dict[str, Any], dated: int, seen: set[int] | None) -> Driver:
    if seen is not None and driver["step"] not in seen:
        return Driver(None, "", UNSEEN, driver["runs"], dated)
    return Driver(driver["step"], driver["number"], driver["title"], driver["runs"], dated)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def percent(runs: int, of: int) -> str:
    """62 %; what is not quite all, or not quite none, does not read so."""
    share = round(100 * runs / of) if of else 0
    if 0 < runs < of:
        if share == 0:
            return UNDER
        if share == 100:
            return OVER
    return f"{share} %"


__all__ = ["Chance", "Driver", "Odds", "Told", "Week", "latest", "percent", "problem_of", "simulations_of", "tell"]
