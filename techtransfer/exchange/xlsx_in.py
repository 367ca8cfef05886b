"""A plan from a workbook: the sheets Steps, Dependencies and Closures, read row by row."""

import warnings
from collections.abc import Iterator, Sequence
from contextlib import closing
from io import BytesIO
from typing import Any
from zipfile import BadZipFile

from defusedxml import DefusedXmlException
from openpyxl import load_workbook
from openpyxl.cell.read_only import ReadOnlyCell
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from .cells import is_blank, shortened
from .columns import CLOSURES, LINKS, NOTES, SHEETS, STEPS
from .tables import read_closures, read_dependencies, read_steps
from .values import MOST_ROWS, FileRefused, Findings, Place, PlanFile

WIDEST = 60  # columns that are looked at
LONGEST_CELL = 32_767  # characters, which is what Excel keeps
DAMAGED = "The workbook cannot be read. Open it in Excel and save it again as .xlsx."


def read_xlsx(content: bytes) -> PlanFile:
    """The plan that a workbook tells; its package was looked into before. Raises FileRefused where it is none."""
    plan = PlanFile("XLSX")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and validations, which are not read
            book = load_workbook(BytesIO(content), read_only=True, data_only=False, keep_links=False)
            with closing(book):
                _read(plan, book)
    except FileRefused:
        raise
    except DefusedXmlException as error:
        raise FileRefused("The workbook declares XML entities, which can be a trap. It is refused.") from error
    except (
        InvalidFileException, BadZipFile, KeyError, ValueError, TypeError, AttributeError, IndexError, SyntaxError,
        OSError, EOFError, OverflowError, RecursionError,
    ) as error:  # fmt: skip  # whatever the library makes of a workbook that no program wrote
        raise FileRefused(DAMAGED) from error
    return plan


def _read(plan: PlanFile, book: Any) -> None:
    sheets = {name.strip().casefold(): name for name in book.sheetnames}
    if STEPS.casefold() not in sheets:
        named = ", ".join(f"“{shortened(name)}”" for name in book.sheetnames[:5])
        raise FileRefused(f"The workbook has no sheet “{STEPS}”; it has {named or 'none'}. Use the template.")
    for name in book.sheetnames:
        if name.strip().casefold() not in {known.casefold() for known in (*SHEETS, NOTES)}:
            plan.findings.warn(Place(shortened(name)), "This sheet is not known, so it is not read.")
    read_steps(plan, STEPS, _rows(book, sheets[STEPS.casefold()], STEPS, plan.findings), with_links=False)
    if LINKS.casefold() in sheets:
        read_dependencies(plan, LINKS, _rows(book, sheets[LINKS.casefold()], LINKS, plan.findings))
    if CLOSURES.casefold() in sheets:
        read_closures(plan, CLOSURES, _rows(book, sheets[CLOSURES.casefold()], CLOSURES, plan.findings))


def _rows(book: Any, name: str, sheet: str, findings: Findings) -> Iterator[tuple[int, Sequence[Any]]]:
    """Row by row with its number; a formula, whatever it says, is named and left out."""
    page = book[name]
    if not hasattr(page, "iter_rows"):
        raise FileRefused(f"“{sheet}” is a chart, not a table. Use the template.")
    page.reset_dimensions()  # what the file says of its size is not believed
    headings: dict[int, str] = {}
    blank = 0
    for number, cells in enumerate(page.iter_rows(max_col=WIDEST), start=1):
        if number > MOST_ROWS + 1 + blank:
            raise FileRefused(f"{sheet} has more than {MOST_ROWS:,} rows. Split the plan.")
        values = [
            _value(cell, place, headings, sheet, findings) if isinstance(cell, ReadOnlyCell) else None  # an empty place
            for place, cell in enumerate(cells)
        ]
        if number == 1:
            headings = {place: str(value).strip() for place, value in enumerate(values) if not is_blank(value)}
        elif all(is_blank(value) for value in values):
            blank += 1
            if blank > MOST_ROWS:
                raise FileRefused(f"{sheet} has more than {MOST_ROWS:,} blank rows. Delete the rows below the plan.")
            continue
        yield number, values


def _value(cell: Any, place: int, headings: dict[int, str], sheet: str, findings: Findings) -> Any:
    heading = headings.get(place, get_column_letter(place + 1))
    if cell.data_type == "f":
        findings.error(
            Place(sheet, cell.row, heading),
            "Here stands a formula. Paste its value in its place (Paste special, Values).",
        )
        return None
    if cell.data_type == "e":
        findings.error(Place(sheet, cell.row, heading), f"Here stands the error {shortened(str(cell.value))}. Mend it.")
        return None
    value = cell.value
    if isinstance(value, str) and len(value) > LONGEST_CELL:
        findings.error(
            Place(sheet, cell.row, heading), f"Here stand more than {LONGEST_CELL:,} characters. Shorten it."
        )
        return None
    if isinstance(value, str) and "\0" in value:
        findings.error(Place(sheet, cell.row, heading), "Here stands a NUL character. Type the cell again.")
        return None
    return value
