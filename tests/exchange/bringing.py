"""Plans as people bring them in the stories: staged, taken in, given out."""

from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from oversight.kernel.access.scope import Actor, scope
from techtransfer.exchange.csv_out import written
from techtransfer.exchange.exporting import export_plan, plan_of
from techtransfer.exchange.staging import commit, stage
from techtransfer.exchange.standing import read_standing
from techtransfer.exchange.values import PlanFile
from techtransfer.models import PlanImport, Programme

REFERENCE = Path(__file__).resolve().parents[3] / "shared" / "reference" / "msproject"
SAVED = REFERENCE / "task-links-project2019-mspdi.xml"
HEAD = ("ID", "Title", "Stage", "Kind", "Partner", "Site", "Duration", "Not before", "Predecessors")


def bring(programme: Programme, content: bytes, *, by: Actor, name: str = "plan.csv") -> PlanImport:
    """Stage a file."""
    with scope(by):
        return stage(programme, SimpleUploadedFile(name, content), by=by)


def take(staged: PlanImport, *, by: Actor, reason: str = "The plan of March", seen: str | None = None) -> PlanImport:
    """Take it in as it was shown."""
    with scope(by):
        return commit(staged, by=by, reason=reason, seen=staged.digest if seen is None else seen)


def brought(programme: Programme, content: bytes, *, by: Actor, name: str = "plan.csv") -> PlanImport:
    """Stage it and take it in."""
    staged = bring(programme, content, by=by, name=name)
    assert staged.report["errors"] == 0, [each for each in staged.report["findings"] if each["level"] == "ERROR"]
    return take(staged, by=by)


def table(*rows: tuple[Any, ...], head: tuple[str, ...] = HEAD) -> bytes:
    """A CSV file of steps, as the export writes one."""
    return written([head, *rows])


def workbook(**sheets: list[tuple[Any, ...]]) -> bytes:
    """An Excel workbook with these sheets."""
    book, file = Workbook(), BytesIO()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(file)
    return file.getvalue()


def given(programme: Programme, ending: str, *, by: Actor) -> bytes:
    """The programme as a file."""
    with scope(by):
        return export_plan(Programme.objects.select_related("product").get(pk=programme.pk), ending, by=by)


def told(programme: Programme, *, by: Actor) -> PlanFile:
    """The plan as files tell it."""
    with scope(by):
        programme = Programme.objects.select_related("product").get(pk=programme.pk)
        return plan_of(read_standing(programme, by=by), by=by)


def said(staged: PlanImport, level: str = "ERROR") -> list[tuple[str, int, str, str]]:
    """What was found: sheet, row, column and sentence."""
    return [
        (each["sheet"], each["row"], each["column"], each["sentence"])
        for each in staged.report["findings"]
        if each["level"] == level
    ]


FIRST = date(2027, 3, 1)
CHAIN = (
    ("make", "Make substance", "Drug substance", "Manufacture", "Lyra Biologics", "Lyra Basel", 30, FIRST, ""),
    ("release", "Release substance", "DS", "RELEASE", "Lyra Biologics", "Lyra Basel", 10, "", "make"),
    ("fill", "Fill", "Drug product", "Fill and finish", "Orion Fill", "Orion Graz", 5, "", "releaseFS+3ed"),
    ("start", "First patient in", "Study", "Clinical", "", "", 0, "", "fill"),
)
