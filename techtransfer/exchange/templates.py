"""Empty plan files to fill in, and the table that explains their columns."""

from collections.abc import Iterator

from .columns import CSV_COLUMNS, READ_ONLY, SHEETS, TOLD_COLUMNS, Column
from .csv_out import written
from .values import PlanFile
from .xlsx_out import write_xlsx

HEAD = ("Sheet", "Column", "Takes", "What it says")


def template(ending: str) -> bytes:
    """A workbook with a sheet of notes, or a CSV file, with the columns and no rows."""
    if ending == "xlsx":
        return write_xlsx(PlanFile(""), notes())
    return written([[column.heading for column in CSV_COLUMNS]])


def notes() -> Iterator[tuple[str, str, str, str]]:
    """Every column of every sheet, with what it takes."""
    yield HEAD
    for sheet, columns in SHEETS.items():
        for column in columns:
            yield sheet, column.heading, takes(column), column.says
    for column in CSV_COLUMNS[-2:]:
        yield "CSV file only", column.heading, takes(column), column.says
    for column in TOLD_COLUMNS:
        yield "Exports", column.heading, READ_ONLY, column.says


def takes(column: Column) -> str:
    """What a cell holds, in words."""
    if column.choices:
        return f"one of: {', '.join(column.choices.values())}"
    return f"{column.kind}, required" if column.required else column.kind
