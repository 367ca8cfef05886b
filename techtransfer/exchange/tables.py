"""Rows of tables, from a workbook or a CSV file alike, as the steps, links and closures of a plan."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from .cells import Unreadable, demand_seen, is_blank, read_cell, shortened
from .columns import CLOSURE_COLUMNS, CSV_COLUMNS, LINK_COLUMNS, STEP_COLUMNS, TOLD_COLUMNS, Column
from .values import (
    LONGEST_ID,
    MOST_COLUMNS,
    MOST_ROWS,
    ClosureRow,
    FileRefused,
    Findings,
    LinkRow,
    Place,
    PlanFile,
    StepRow,
)

Rows = Iterable[tuple[int, Sequence[Any]]]
DATED = frozenset(
    {"earliest_start", "need_by", "planned_start", "planned_end", "actual_start", "actual_end", "partner_end"}
)
TEXTS = frozenset({"partner", "site", "line"})
WIDEST = 1_000_000
EMPTY = {"calendar": "SITE", "stage": None, "step": None}  # what a blank cell of a choice says; None: nothing


class Header:
    """Which cell of a row belongs to which column; raises FileRefused for a first line that is none."""

    def __init__(self, sheet: str, cells: Sequence[Any], columns: Sequence[Column], findings: Findings) -> None:
        self.sheet, self.columns = sheet, dict[int, Column]()
        self.width = WIDEST  # cells that a row may have
        names = [str(cell).strip() if not is_blank(cell) else "" for cell in cells]
        while names and not names[-1]:
            names.pop()
        if len(names) > MOST_COLUMNS:
            raise FileRefused(
                f"{sheet} has {len(names):,} columns; {MOST_COLUMNS} is the most. Keep those of the plan alone."
            )
        by_heading = {column.heading.casefold(): column for column in columns}
        told = {column.heading.casefold() for column in TOLD_COLUMNS}
        seen: set[str] = set()
        for number, name in enumerate(names):
            word = " ".join(name.split()).casefold()
            if not word:
                continue
            if word in seen:
                raise FileRefused(f"{sheet}: the column “{shortened(name)}” stands there twice. Keep one of them.")
            seen.add(word)
            if word in by_heading:
                self.columns[number] = by_heading[word]
            elif word not in told:
                findings.warn(Place(sheet, 1, shortened(name)), "This column is not known, so it is not read.")
        missing = [column.heading for column in columns if column.required and column not in self.columns.values()]
        if missing:
            raise FileRefused(
                f"{sheet}: the first line has no column {_or(missing)}. It has to name them, as the template does."
            )

    @property
    def names(self) -> frozenset[str]:
        """The fields that the table says."""
        return frozenset(column.name for column in self.columns.values())

    def read(self, row: int, cells: Sequence[Any], findings: Findings) -> tuple[Place, dict[str, Any]] | None:
        """The values of one row; None for a blank one. What cannot be read is named and left out."""
        place = Place(self.sheet, row)
        if all(is_blank(cell) for cell in cells):
            return None
        values: dict[str, Any] = {}
        for number, column in self.columns.items():
            value = cells[number] if number < len(cells) else None
            if is_blank(value):
                values[column.name] = None
                if column.required:
                    findings.error(place.at(column.heading), f"{column.heading} is missing.")
                continue
            try:
                values[column.name], said = read_cell(column, value)
            except Unreadable as trouble:
                findings.error(place.at(column.heading), str(trouble))
                continue
            if said:
                findings.warn(place.at(column.heading), said)
        beyond = [cell for number, cell in enumerate(cells) if number not in self.columns and number >= self.width]
        if any(not is_blank(cell) for cell in beyond):
            findings.error(place, "The row has more cells than the first line has columns. Check the delimiter.")
        return place, values


def read_steps(plan: PlanFile, sheet: str, rows: Rows, *, with_links: bool) -> list[tuple[Place, str, dict[str, Any]]]:
    """The steps of a table; answers each row with its id and values, for whoever reads its links."""
    header, body = _opened(plan, sheet, rows, CSV_COLUMNS if with_links else STEP_COLUMNS, bounded=with_links)
    found = []
    for place, values in _values(plan, header, body):
        name = values.pop("id", None)
        if name is None:
            continue
        if sentence := bad_id(name):
            plan.findings.error(place.at("ID"), sentence)
            continue
        told = {
            key: value for key, value in values.items() if key in header.names and key not in ("predecessors", "notes")
        }
        plan.steps.append(StepRow(place, name, _said(told), {"stage": "TRANSFER", "step": "OTHER"}))
        found.append((place, name, values))
    return found


def read_dependencies(plan: PlanFile, sheet: str, rows: Rows) -> None:
    """The links of a table of their own."""
    header, body = _opened(plan, sheet, rows, LINK_COLUMNS)
    for place, values in _values(plan, header, body):
        before, after = values.get("before"), values.get("after")
        if before is None or after is None:
            continue
        note = (values.get("note") or "") if "note" in header.names else None
        plan.links.append(
            LinkRow(
                place,
                before,
                after,
                values.get("link") or "FS",
                values.get("lag_days") or 0,
                values.get("lag_unit") or "WORKING",
                note,
            )
        )


def read_closures(plan: PlanFile, sheet: str, rows: Rows) -> None:
    """The closures of sites."""
    header, body = _opened(plan, sheet, rows, CLOSURE_COLUMNS)
    for place, values in _values(plan, header, body):
        if any(values.get(column.name) is None for column in CLOSURE_COLUMNS if column.required):
            continue
        starts, ends = values["starts_on"], values["ends_on"]
        assert isinstance(starts, date)  # noqa: S101  # read by its column
        plan.closures.append(
            ClosureRow(
                place, values["partner"], values["site"], values["title"], values.get("why") or "SHUTDOWN", starts, ends
            )
        )


def bad_id(name: str) -> str:
    """What is wrong with an id; empty for a good one."""
    if len(name) > LONGEST_ID:
        return f"The ID has {len(name)} characters; {LONGEST_ID} is the most."
    if ";" in name or '"' in name:
        return "An ID has no semicolon and no quotation mark: Predecessors could not name it."
    try:
        demand_seen("ID", name)
    except Unreadable as trouble:
        return str(trouble)
    return ""


def _said(values: dict[str, Any]) -> dict[str, Any]:
    """What a row says: a blank date is no date, a blank name nobody's; a blank stage or kind says nothing."""
    said: dict[str, Any] = {}
    for name, value in values.items():
        if value is not None:
            said[name] = value
        elif name in TEXTS:
            said[name] = ""
        elif name in DATED or name in ("optimistic_days", "pessimistic_days"):
            said[name] = None
        elif EMPTY.get(name):
            said[name] = EMPTY[name]
    return said


def _opened(
    plan: PlanFile, sheet: str, rows: Rows, columns: Sequence[Column], *, bounded: bool = False
) -> tuple[Header, Iterator[tuple[int, Sequence[Any]]]]:
    body = iter(rows)
    for _, cells in body:
        header = Header(sheet, cells, columns, plan.findings)
        if bounded:  # in a CSV file a comma too many moves all that follows
            header.width = len(cells)
        return header, body
    raise FileRefused(f"{sheet} is empty: the first line has to name the columns, as the template does.")


def _values(
    plan: PlanFile, header: Header, body: Iterator[tuple[int, Sequence[Any]]]
) -> Iterator[tuple[Place, dict[str, Any]]]:
    count = 0
    for row, cells in body:
        found = header.read(row, cells, plan.findings)
        if found is None:
            continue
        count += 1
        if count > MOST_ROWS:
            raise FileRefused(f"{header.sheet} has more than {MOST_ROWS:,} rows. Split the plan.")
        yield found


def _or(names: Sequence[str]) -> str:
    *most, last = (f"“{name}”" for name in names)
    return f"{', '.join(most)} and {last}" if most else last
