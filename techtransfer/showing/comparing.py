"""Scenarios beside each other: a table of studies, and one of the steps that are not the same in all of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from oversight.kernel.access.scope import Actor
from oversight.kernel.records.addresses import address
from oversight.kernel.records.kind import RecordKind
from oversight.kernel.records.words import day_in_words
from oversight.kernel.workflow.refusals import Refused
from techtransfer.models import Programme, Scenario
from techtransfer.whatif.ground import Ground
from techtransfer.whatif.outcome import NO_CHANGE, Outcome
from techtransfer.whatif.preview import ground_of, preview_on
from techtransfer.whatif.suppositions import Impossible, parse

from .scenario import frozen_of

MOST = 6
MOST_STEPS = 200
TODAY, THEN = "on the plan of today", "as it was when it was kept"


@dataclass(frozen=True, slots=True)
class Column:
    """One scenario."""

    title: str
    number: str
    href: str
    basis: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Cell:
    """What one scenario makes of one study or step."""

    label: str
    words: str
    days: int | None
    best: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One study or step through all scenarios."""

    title: str
    note: str
    plan: str  # as the plan has it
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """The two tables; `why_not` says why they stand on what was kept."""

    columns: tuple[Column, ...]
    studies: tuple[Row, ...]
    steps: tuple[Row, ...]
    why_not: str


def compare(programme: Programme, records: Sequence[Scenario], kind: RecordKind, actor: Actor) -> Compared:
    """All on the plan of today, which is read once; what is over, or makes no sense any more, as it was kept."""
    ground, why_not = None, ""
    try:
        ground = ground_of(programme, by=actor)
    except Refused as refusal:
        why_not = " ".join(refusal.sentences)
    columns = tuple(_column(record, ground, kind, actor) for record in records)
    return Compared(columns, tuple(_studies(columns)), tuple(_steps(columns))[:MOST_STEPS], why_not)


def _column(record: Scenario, ground: Ground | None, kind: RecordKind, actor: Actor) -> Column:
    href = address(kind, "detail", actor, record.pk)
    if ground is not None and record.status == Scenario.Status.KEPT:
        try:
            found = preview_on(ground, parse(record.suppositions)).outcome
            return Column(record.title, record.number, href, TODAY, found)
        except Impossible:
            pass
    return Column(record.title, record.number, href, THEN, frozen_of(record))


def _studies(columns: Sequence[Column]) -> list[Row]:
    known = {study.id: study for column in columns for study in column.outcome.studies}
    found = []
    for key, study in known.items():
        there = [next((each for each in column.outcome.studies if each.id == key), None) for column in columns]
        first = min((each.now for each in there if each), default=None)
        several = len({each.now for each in there if each}) > 1
        cells = tuple(
            Cell(column.title, day_in_words(each.now), each.days, several and each.now == first)
            if each
            else Cell(column.title, "not there", None)
            for column, each in zip(columns, there, strict=True)
        )
        found.append(Row(study.code, study.number, day_in_words(study.was), cells))
    return found


def _steps(columns: Sequence[Column]) -> list[Row]:
    """Those that do not end alike in all of them, in the order of their days."""
    known = {step.id: step for column in reversed(columns) for step in column.outcome.moved}
    found = []
    for step in sorted(known.values(), key=lambda each: (each.was_start, each.was_end, each.id)):
        cells = tuple(_cell(column, step.id) for column in columns)
        if len({cell.words for cell in cells}) > 1:
            found.append(Row(step.title, step.number, day_in_words(step.was_end), cells))
    return found


def _cell(column: Column, key: int) -> Cell:
    step = column.outcome.steps.get(key)
    if step is None or not (step.moves or step.word):
        return Cell(column.title, NO_CHANGE, None)
    end = day_in_words(step.end)
    return Cell(column.title, f"{step.word}, {end}" if step.word else end, step.days)
