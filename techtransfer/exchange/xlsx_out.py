"""A plan as a workbook: a sheet for steps, one for dependencies, one for closures, in which no cell is a formula."""

from collections.abc import Iterable, Sequence
from contextlib import closing
from datetime import date
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from .columns import CLOSURE_COLUMNS, CLOSURES, LINK_COLUMNS, LINKS, NOTES, STEP_COLUMNS, STEPS, TOLD_COLUMNS, Column
from .csv_out import words_of
from .values import PlanFile

LAST_OFFERED = 2_000  # rows in which Excel offers the choices of a column


def write_xlsx(plan: PlanFile, notes: Iterable[Sequence[str]] = ()) -> bytes:
    """The workbook; `notes` become a last sheet that nobody reads in again."""
    book, file = Workbook(write_only=True), BytesIO()
    with closing(book):
        steps = [
            [
                step.id if column.name == "id" else words_of(column, {**step.otherwise, **step.says}.get(column.name))
                for column in (*STEP_COLUMNS, *TOLD_COLUMNS)
            ]
            for step in plan.steps
        ]
        _sheet(book, STEPS, (*STEP_COLUMNS, *TOLD_COLUMNS), steps)
        _sheet(book, LINKS, LINK_COLUMNS, [_cells(link, LINK_COLUMNS) for link in plan.links])
        _sheet(book, CLOSURES, CLOSURE_COLUMNS, [_cells(each, CLOSURE_COLUMNS) for each in plan.closures])
        if notes:
            _notes(book, notes)
        book.save(file)
    return file.getvalue()


def _cells(row: Any, columns: Sequence[Column]) -> list[Any]:
    return [
        value if column.name == "link" else words_of(column, value)
        for column in columns
        for value in [getattr(row, column.name)]
    ]


def _sheet(book: Workbook, name: str, columns: Sequence[Column], rows: Iterable[Sequence[Any]]) -> None:
    sheet = book.create_sheet(name)
    sheet.freeze_panes = "A2"
    for place, column in enumerate(columns, start=1):
        letter = get_column_letter(place)
        sheet.column_dimensions[letter].width = 44 if column.name == "title" else max(14, len(column.heading) + 4)
        if column.choices:
            offered = column.choices if column.name == "link" else column.choices.values()
            _offer(sheet, letter, offered)
    sheet.append([_cell(sheet, column.heading, bold=True) for column in columns])
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])


def _offer(sheet: Any, letter: str, words: Iterable[str]) -> None:
    said = ",".join(words)
    if len(said) <= 250:  # what Excel takes of a list in a formula
        offer = DataValidation(type="list", formula1=f'"{said}"', allow_blank=True)
        offer.add(f"{letter}2:{letter}{LAST_OFFERED}")
        sheet.data_validations.append(offer)


def _notes(book: Workbook, notes: Iterable[Sequence[str]]) -> None:
    sheet = book.create_sheet(NOTES)
    for letter, width in zip("ABCD", (16, 20, 18, 100), strict=True):
        sheet.column_dimensions[letter].width = width
    for place, row in enumerate(notes):
        sheet.append([_cell(sheet, text, bold=not place) for text in row])


def _cell(sheet: Any, value: Any, *, bold: bool = False) -> Any:
    if value == "":
        return None  # an empty place, which takes no room
    if isinstance(value, str):
        cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", value))
        cell.data_type = "s"  # text, also where it begins like a formula
    else:
        cell = WriteOnlyCell(sheet, value)
        if isinstance(value, date):
            cell.number_format = "yyyy-mm-dd"
    if bold:
        cell.font = Font(bold=True)
    return cell
