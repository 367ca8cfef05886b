"""A plan as a file tells it, whatever the format: steps, what links them, closures, each with where it stands."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

MOST_BYTES = 20 * 1024 * 1024
MOST_ROWS = 10_000
MOST_LINKS = 50_000
MOST_COLUMNS = 200  # of a table; the template has a quarter of them
MOST_FINDINGS = 500  # of each level; whoever has more reads the first and mends those
LONGEST_ID = 60

ERROR, WARNING = "ERROR", "WARNING"


class FileRefused(Exception):
    """The whole file is no plan that can be read; the sentence says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the file something stands: a sheet, or what comes nearest to one, a row and a column."""

    sheet: str
    row: int = 0
    column: str = ""

    def at(self, column: str) -> "Place":
        """Another column of the same row."""
        return Place(self.sheet, self.row, column)


@dataclass(frozen=True, slots=True)
class Finding:
    """An error, which keeps the file out, or a warning, which says what happens instead."""

    level: str
    place: Place
    sentence: str


@dataclass(slots=True)
class Findings:
    """What is found while a file is read and compared, as far as anybody would read it."""

    all: list[Finding] = field(default_factory=list)
    errors: int = 0
    warnings: int = 0

    def error(self, place: Place, sentence: str) -> None:
        """Something that has to be mended first."""
        self.errors += 1
        if self.errors <= MOST_FINDINGS:
            self.all.append(Finding(ERROR, place, sentence))

    def warn(self, place: Place, sentence: str) -> None:
        """Something that is taken otherwise than it stands there."""
        self.warnings += 1
        if self.warnings <= MOST_FINDINGS:
            self.all.append(Finding(WARNING, place, sentence))

    def __iter__(self) -> Iterator[Finding]:
        """The errors first, each level in the order of the file."""
        return iter(sorted(self.all, key=lambda each: each.level))


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step. `says` has what the file says of it and nothing else: what it leaves out stays as it is."""

    place: Place
    id: str
    says: Mapping[str, Any]  # by field of the step; `partner` and `site` are names
    otherwise: Mapping[str, Any] = field(default_factory=dict)  # what a new step is, where the file does not say


@dataclass(frozen=True, slots=True)
class LinkRow:
    """One dependency, by the ids of its steps; a note of None is one that the file does not say."""

    place: Place
    before: str
    after: str
    link: str = "FS"
    lag_days: int = 0
    lag_unit: str = "WORKING"
    note: str | None = None

    @property
    def key(self) -> tuple[str, str, str]:
        """What makes it one dependency and not another."""
        return self.before, self.after, self.link


@dataclass(frozen=True, slots=True)
class ClosureRow:
    """Days on which a site does not work."""

    place: Place
    partner: str
    site: str
    title: str
    why: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class Week:
    """A site's working week, as a file with calendars of its own needs it."""

    partner: str
    site: str
    days: frozenset[int]  # Monday 0


@dataclass(slots=True)
class PlanFile:
    """A whole plan, and what was found while it was read."""

    format: str
    steps: list[StepRow] = field(default_factory=list)
    links: list[LinkRow] = field(default_factory=list)
    closures: list[ClosureRow] = field(default_factory=list)
    findings: Findings = field(default_factory=Findings)
    title: str = ""
    weeks: list[Week] = field(default_factory=list)
