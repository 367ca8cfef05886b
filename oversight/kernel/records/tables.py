"""Tables as files: CSV and Excel, in which no cell is a formula."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

Row = Sequence[str]

# What a spreadsheet takes for the beginning of a formula, or drops before one.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\N{FULLWIDTH EQUALS SIGN}", "\N{FULLWIDTH PLUS SIGN}")
LONGEST = 32_767  # characters that Excel keeps in a cell
WIDEST = 60


def write_table(path: Path, *, excel: bool, about: Iterable[Row], head: Row, rows: Iterable[Row]) -> None:
    """Write what the table is about, its head and its rows to a new file."""
    (_write_excel if excel else _write_csv)(path, list(about), head, rows)


def _write_csv(path: Path, about: list[Row], head: Row, rows: Iterable[Row]) -> None:
    # With the mark at the beginning, Excel reads it as UTF-8.
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        csv.writer(file).writerows(harmless(_above(about, head, rows)))


def _write_excel(path: Path, about: list[Row], head: Row, rows: Iterable[Row]) -> None:
    book = Workbook(write_only=True)
    with closing(book):
        sheet = book.create_sheet("Export")
        for place, name in enumerate(head):
            sheet.column_dimensions[get_column_letter(place + 1)].width = _width(name)
        for place, row in enumerate(_above(about, head, rows)):
            cells = []
            for text in row:
                cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", text)[:LONGEST])
                cell.data_type = "s"  # text, also where it begins like a formula
                if place == len(about) + 1:
                    cell.font = Font(bold=True)
                cells.append(cell)
            sheet.append(cells)
        book.save(path)


def _above(about: list[Row], head: Row, rows: Iterable[Row]) -> Iterator[Row]:
    yield from about
    yield ()
    yield head
    yield from rows


def harmless(rows: Iterable[Row]) -> Iterator[list[str]]:
    """The rows with no cell that a spreadsheet would compute."""
    for row in rows:
        yield ["'" + text if text.startswith(FORMULA) else text for text in row]


def _width(name: str) -> int:
    return min(WIDEST, max(12, len(name) + 4))
