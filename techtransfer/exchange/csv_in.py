"""A plan from a CSV file: one table of steps, with what each waits for in a column of its own."""

import csv
import io
import json
from collections.abc import Iterator, Sequence
from typing import Any

from oversight.kernel.records.tables import FORMULA

from .cells import unseen_in
from .columns import CSV_COLUMNS, LINK_NOTES, PREDECESSORS
from .notation import Misread, read_links
from .tables import read_steps
from .values import MOST_COLUMNS, MOST_LINKS, MOST_ROWS, FileRefused, LinkRow, Place, PlanFile

SHEET = "CSV"
DELIMITERS = (",", ";", "\t")
LONGEST_CELL = 131_072
LONGEST_HEAD = 20_000  # characters
LONGEST_LINE = 400_000
MOST_LINES = 10 * MOST_ROWS
_HEADINGS = frozenset(column.heading.casefold() for column in CSV_COLUMNS)
UNDO = (*FORMULA, "'")


def read_csv(content: bytes) -> PlanFile:
    """The plan that a CSV file tells; raises FileRefused where it is none."""
    text = _text(content)
    plan = PlanFile("CSV")
    found = read_steps(plan, SHEET, _rows(text, _delimiter(text)), with_links=True)
    known = {step.id for step in plan.steps}
    for place, name, values in found:
        links = _links(plan, place, name, values, known)
        notes = _notes(plan, place, values, len(links))
        plan.links += [
            LinkRow(link.place, link.before, link.after, link.link, link.lag_days, link.lag_unit, note)
            for link, note in zip(links, notes, strict=True)
        ]
        if len(plan.links) > MOST_LINKS:
            raise FileRefused(f"The file has more than {MOST_LINKS:,} dependencies. Split the plan.")
    return plan


def _text(content: bytes) -> str:
    if b"\0" in content:
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise FileRefused("The file is in UTF-16. In Excel choose “CSV UTF-8”, else save the text as UTF-8.")
        raise FileRefused("The file contains NUL bytes, so it is no text. Save it as CSV in UTF-8.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FileRefused(
            "The file is not in UTF-8. In Excel choose “CSV UTF-8”, else save the text as UTF-8."
        ) from None
    return text


def _delimiter(text: str) -> str:
    """That which parts the first line into headings that are known."""
    first = text.lstrip("\r\n").split("\n", 1)[0].rstrip("\r")
    if len(first) > LONGEST_HEAD:
        raise FileRefused(
            f"The first line has {len(first):,} characters; {LONGEST_HEAD:,} is the most. It has to name the "
            "columns, as the template does, and nothing else."
        )
    best, most = "", 0
    for delimiter in DELIMITERS:
        try:
            cells = next(csv.reader([first], delimiter=delimiter), [])
        except csv.Error:
            continue
        known = sum(cell.strip().casefold() in _HEADINGS for cell in cells)
        if known > most:
            best, most = delimiter, known
    if most < 2:
        raise FileRefused(
            "The first line does not name the columns of a plan. Part them by commas, semicolons or tabs, and name "
            "them as the template does: ID, Title, Duration …"
        )
    return best


def _rows(text: str, delimiter: str) -> Iterator[tuple[int, Sequence[Any]]]:
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(_lines(text), delimiter=delimiter, strict=True)
    line = 0
    try:
        for cells in reader:
            # A row is called by the line on which it begins: a quoted cell may have several.
            start, line = line + 1, reader.line_num
            if not cells and start == line and line == 1:
                continue
            if len(cells) > MOST_COLUMNS:
                raise FileRefused(
                    f"Line {start} has {len(cells):,} cells; {MOST_COLUMNS} is the most. Keep those of the plan alone."
                )
            yield start, [_restored(cell) for cell in cells]
    except csv.Error as error:
        raise FileRefused(
            f"Line {reader.line_num} cannot be read as CSV ({error}). Look for a quotation mark that is not closed."
        ) from None


def _lines(text: str) -> Iterator[str]:
    """Line by line, as far as a plan goes: what parts them into cells takes its time for each."""
    for number, line in enumerate(io.StringIO(text, newline=""), start=1):
        if number > MOST_LINES:
            raise FileRefused(f"The file has more than {MOST_LINES:,} lines. Delete the blank ones, or split the plan.")
        if len(line) > LONGEST_LINE:
            raise FileRefused(
                f"Line {number} has {len(line):,} characters; {LONGEST_LINE:,} is the most. Look for a line break or a "
                "quotation mark that is missing."
            )
        yield line


def _restored(cell: str) -> str:
    """The text without the mark that keeps a spreadsheet from taking it for a formula."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(UNDO) else cell


def _links(plan: PlanFile, place: Place, name: str, values: dict[str, Any], known: set[str]) -> list[LinkRow]:
    text = values.get("predecessors")
    if not text:
        return []
    here = place.at(PREDECESSORS.heading)
    try:
        links, said = read_links(text, name, known, here)
    except Misread as trouble:
        plan.findings.error(here, str(trouble))
        return []
    for sentence in said:
        plan.findings.warn(here, sentence)
    return links


def _notes(plan: PlanFile, place: Place, values: dict[str, Any], count: int) -> list[str | None]:
    if not values.get("notes"):
        return [None if "notes" not in values else ""] * count
    return read_notes(plan, place.at(LINK_NOTES.heading), values["notes"], count)


def read_notes(plan: PlanFile, place: Place, text: str, count: int) -> list[str | None]:
    """The notes of so many links, in their order."""
    try:
        notes = json.loads(text)
    except (ValueError, RecursionError):
        notes = None
    fits = isinstance(notes, list) and len(notes) == count
    if not fits or not all(isinstance(note, str) and len(note) <= 200 and not unseen_in(note) for note in notes):
        plan.findings.error(
            place, f"Here stands a JSON list of {count} texts of 200 characters at most, one for each predecessor."
        )
        return [None] * count
    return [note.strip() for note in notes]
