"""What a what-if comes to: each study and step before and after, and what follows in sentences."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from oversight.kernel.records.words import day_in_words
from oversight.kernel.workflow.refusals import listed
from techtransfer.forecast.days import date_of
from techtransfer.forecast.run import Run, run

from .applying import Supposed
from .ground import Called, Ground

MOST = 8  # sentences
NO_CHANGE = "no change"


@dataclass(frozen=True, slots=True)
class OnStudy:
    """One study: its first patient in as the plan has it, and as it would be."""

    id: int
    number: str
    code: str
    was: date
    now: date
    days: int
    to_baseline: int | None  # days behind the day that was agreed

    def kept(self) -> dict[str, Any]:
        """As it is kept on file."""
        return {
            "study": self.id, "number": self.number, "code": self.code, "was": self.was.isoformat(),
            "now": self.now.isoformat(), "days": self.days, "to_baseline": self.to_baseline,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class OnStep:
    """One step: its dates as the plan has them, and as they would be; `word` says what happens to it."""

    id: int
    number: str
    title: str
    was_start: date
    was_end: date
    start: date
    end: date
    days: int  # by which it ends later
    word: str

    @property
    def moves(self) -> bool:
        """Whether it is on other days than before."""
        return (self.was_start, self.was_end) != (self.start, self.end)

    @property
    def short(self) -> str:
        """What the table says of it: what happens, or its new end."""
        if self.word:
            return f"{self.word}, {day_in_words(self.end)}" if self.moves else self.word
        return day_in_words(self.end) if self.moves else NO_CHANGE

    def kept(self) -> dict[str, Any]:
        """As it is kept on file."""
        return {
            "step": self.id, "number": self.number, "title": self.title, "was_start": self.was_start.isoformat(),
            "was_end": self.was_end.isoformat(), "start": self.start.isoformat(), "end": self.end.isoformat(),
            "days": self.days, "word": self.word,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Consequence:
    """One thing that follows, and whether it is a good one."""

    words: str
    tone: str = "warn"  # or ok

    @property
    def glyph(self) -> str:
        """Its shape."""
        return "ok" if self.tone == "ok" else "warn"

    def kept(self) -> dict[str, Any]:
        """As it is kept on file."""
        return {"words": self.words, "tone": self.tone}


@dataclass(frozen=True, slots=True)
class Outcome:
    """Everything that a preview shows."""

    studies: tuple[OnStudy, ...]
    steps: dict[int, OnStep]
    consequences: tuple[Consequence, ...]

    @property
    def moved(self) -> tuple[OnStep, ...]:
        """The steps that something happens to or that move, in the order of their days."""
        found = (step for step in self.steps.values() if step.moves or step.word)
        return tuple(sorted(found, key=lambda step: (step.start, step.end, step.id)))


def outcome(ground: Ground, supposed: Supposed) -> Outcome:
    """Run the changed plan and lay it beside today's. Raises ScheduleError where either has no dates."""
    now, then = ground.now, run(supposed.plan, ground.study_steps)
    studies = tuple(_studies(ground, now, then))
    steps = {key: _step(ground.called[key], now, then, supposed.words.get(key, "")) for key in ground.plan.steps}
    several = list(_consequences(ground, now, then, studies))
    return Outcome(studies, steps, tuple(several[:MOST]))


def _studies(ground: Ground, now: Run, then: Run) -> Iterator[OnStudy]:
    for study in ground.studies:
        if study.step in ground.plan.steps and study.step is not None:
            was, end, agreed = now.end(study.step), then.end(study.step), study.agreed
            behind = None if agreed is None else end - agreed
            yield OnStudy(study.id, study.number, study.code, date_of(was), date_of(end), end - was, behind)


def _step(called: Called, now: Run, then: Run, word: str) -> OnStep:
    key, number = called.id, now.plan.steps[called.id].number
    return OnStep(
        key, number, called.title, date_of(now.start(key)), date_of(now.end(key)), date_of(then.start(key)),
        date_of(then.end(key)), then.end(key) - now.end(key), word,
    )  # fmt: skip


def _consequences(ground: Ground, now: Run, then: Run, studies: tuple[OnStudy, ...]) -> Iterator[Consequence]:
    """Slots first, then days by which something is needed, then who else wants the same, then other studies."""
    yield from _slots(ground, now, then)
    yield from _needs(ground, now, then)
    yield from _rivals(ground, now, then)
    yield from _others(studies)


def _slots(ground: Ground, now: Run, then: Run) -> Iterator[Consequence]:
    for key, called in ground.called.items():
        step = then.plan.steps[key]
        if not step.line or step.actual_start is not None:
            continue
        had = ground.plan.slots.get(key, ())
        was, day, place = now.start(key), then.start(key), _place(called)
        without = _has_no_slot(then, key)
        if without and not _has_no_slot(now, key):
            yield Consequence(f"No further slot of {step.line} at {place} is known: {called.title} has none.")
        elif without or was == day:
            if was in had and not without and _is_pressed(now, then, key):
                yield Consequence(f"{called.title} keeps its slot of {_day(was)} at {place}.", "ok")
        elif was in had and day > was:
            yield Consequence(
                f"{called.title} misses the {_day(was)} slot at {place}; the next free slot is {_day(day)}."
            )
        elif day < was:
            yield Consequence(
                f"{called.title} takes the slot of {_day(day)} at {place}, {_days(was - day)} sooner.", "ok"
            )
        else:
            yield Consequence(f"{called.title} waits for the slot of {_day(day)} at {place}.")


def _needs(ground: Ground, now: Run, then: Run) -> Iterator[Consequence]:
    for key, step in ground.plan.steps.items():
        if step.need_by is None or step.actual_end is not None:
            continue
        was, end = now.end(key), then.end(key)
        if end > step.need_by and end > was:
            words = f"{ground.name(key)} is needed by {_day(step.need_by)} and ends {_days(end - step.need_by)} late."
            yield Consequence(words)
        elif was > step.need_by >= end:
            yield Consequence(f"{ground.name(key)} ends by {_day(step.need_by)}, when it is needed.", "ok")


def _rivals(ground: Ground, now: Run, then: Run) -> Iterator[Consequence]:
    """Who else wants a slot to which a step moves: another programme, or another step of this plan."""
    wanting: dict[tuple[int | None, str, int], list[int]] = {}
    for key in then.plan.slots:
        step = then.plan.steps[key]
        wanting.setdefault((step.site, step.line, then.start(key)), []).append(key)
    for place, keys in wanting.items():
        if all(now.start(key) == place[2] for key in keys):
            continue
        others = [number for _, number in then.plan.rivals.get(place, ())]
        names = [ground.name(key) for key in keys] + others
        if len(names) > 1 and place in then.plan.slots_on:
            yield Consequence(f"{listed(names)} want the same slot of {place[1]} on {_day(place[2])}.")


def _others(studies: tuple[OnStudy, ...]) -> Iterator[Consequence]:
    if len(studies) < 2:
        return
    first = _first(studies)
    for study in studies:
        if study is not first and study.days:
            way = "later" if study.days > 0 else "sooner"
            words = f"{study.code} moves, too: {_day_of(study.now)}, {_days(study.days)} {way}."
            yield Consequence(words, "warn" if study.days > 0 else "ok")
    if all(study is first or not study.days for study in studies):
        yield Consequence("No other study moves.", "ok")


def _first(studies: tuple[OnStudy, ...]) -> OnStudy:
    """The study of which the panel speaks: that which moves most."""
    return max(studies, key=lambda study: (abs(study.days), study.to_baseline or 0, -study.id))


def first_of(found: Outcome) -> OnStudy | None:
    """The study that moves most; None where none waits."""
    return _first(found.studies) if found.studies else None


def _has_no_slot(found: Run, key: int) -> bool:
    return found.dates.start[key] not in found.plan.slots.get(key, ())


def _is_pressed(now: Run, then: Run, key: int) -> bool:
    """Whether what it waits for is later than before."""
    before = (link.pred for link in then.plan.links if link.succ == key)
    return any(then.dates.finish[pred] > now.dates.finish[pred] for pred in before)


def _place(called: Called) -> str:
    return called.cdmo or called.site or "its site"


def _day(day: int) -> str:
    return day_in_words(date_of(day))


def _day_of(day: date) -> str:
    return day_in_words(day)


def _days(count: int) -> str:
    return f"{abs(count)} {'day' if abs(count) == 1 else 'days'}"
