"""A plan as a CSV file, in which no cell is a formula and each is read back as it was."""

import csv
import io
import json
from collections.abc import Iterable
from datetime import date
from typing import Any

from .columns import CSV_COLUMNS, TOLD_COLUMNS, Column
from .csv_in import UNDO
from .notation import write_links
from .values import LinkRow, PlanFile, StepRow


def write_csv(plan: PlanFile) -> bytes:
    """One line for each step; closures belong to sites and have no place in it."""
    known = {step.id for step in plan.steps}
    waits: dict[str, list[LinkRow]] = {}
    for link in plan.links:
        waits.setdefault(link.after, []).append(link)
    rows = [[column.heading for column in (*CSV_COLUMNS, *TOLD_COLUMNS)]]
    rows += [_row(step, waits.get(step.id, []), known) for step in plan.steps]
    return written(rows)


def written(rows: Iterable[Iterable[Any]]) -> bytes:
    """The rows as CSV. With the mark at the beginning, Excel reads it as UTF-8."""
    file = io.StringIO(newline="")
    csv.writer(file).writerows([[_harmless(cell) for cell in row] for row in rows])
    return file.getvalue().encode("utf-8-sig")


def words_of(column: Column, value: Any) -> Any:
    """The value as a cell has it: a choice in words, all else as it is."""
    if value is None:
        return ""
    return (column.choices or {}).get(value, value)


def _row(step: StepRow, links: list[LinkRow], known: set[str]) -> list[Any]:
    cells: list[Any] = []
    for column in CSV_COLUMNS:
        match column.name:
            case "id":
                cells.append(step.id)
            case "predecessors":
                cells.append(write_links(links, known))
            case "notes":
                notes = [link.note or "" for link in links]
                cells.append(json.dumps(notes, ensure_ascii=False) if any(notes) else "")
            case _:
                cells.append(words_of(column, step.says.get(column.name)))
    return [*cells, *(words_of(column, step.otherwise.get(column.name)) for column in TOLD_COLUMNS)]


def _harmless(cell: Any) -> str:
    """A number or a day is none of these; text that a spreadsheet would take for a formula is marked as text."""
    if isinstance(cell, date):
        return cell.isoformat()
    if not isinstance(cell, str):
        return str(cell)
    return "'" + cell if cell.startswith(UNDO) else cell
