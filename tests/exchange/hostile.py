"""Files that mean harm, or that no program wrote as it should: each with what is said of it."""

import zipfile
from collections.abc import Callable
from io import BytesIO

from openpyxl import Workbook, load_workbook

from techtransfer.exchange.csv_out import written
from techtransfer.exchange.templates import template
from techtransfer.exchange.values import MOST_BYTES

from .bringing import workbook

HEAD = ("ID", "Title", "Duration")
SHEET = "xl/worksheets/sheet1.xml"
SPACE = 'xmlns="http://schemas.microsoft.com/project"'
PROJECT = '<?xml version="1.0" encoding="UTF-8"?>{before}<Project {space}>{body}</Project>'


def packed(**changes: bytes | None) -> bytes:
    """A workbook with parts changed, added, or (None) taken out."""
    file = BytesIO()
    with zipfile.ZipFile(BytesIO(template("xlsx"))) as whole, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        names = {name.replace("__", "/"): content for name, content in changes.items()}
        for entry in whole.infolist():
            if entry.filename not in names:
                made.writestr(entry.filename, whole.read(entry))
        for name, content in names.items():
            if content is not None:
                made.writestr(name, content)
    return file.getvalue()


def _wide_row() -> bytes:
    """One row of very many cells, which a reader would hold as a whole."""
    sheet = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row>'
    return packed(**{SHEET: sheet + b"<c/>" * 30_000 + b"</row></sheetData></worksheet>"})


def cells(*row: object) -> bytes:
    return workbook(Steps=[HEAD, row])


def project(body: str, before: str = "") -> bytes:
    return PROJECT.format(body=body, before=before, space=SPACE).encode()


def tasks(*each: str) -> bytes:
    return project("<Tasks>" + "".join(f"<Task>{one}</Task>" for one in each) + "</Tasks>")


def _lying() -> bytes:
    """A package whose directory says that a part is small."""
    content = packed(**{"xl/media/a.bin": b"\0" * 1_000_000})
    place = content.rfind(b"PK\x01\x02")
    directory = content.index((1_000_000).to_bytes(4, "little"), content.index(b"PK\x01\x02"))
    assert place
    return content[:directory] + (9).to_bytes(4, "little") + content[directory + 4 :]


def _locked() -> bytes:
    content = bytearray(template("xlsx"))
    place = content.index(b"PK\x01\x02")
    content[place + 8] |= 1
    return bytes(content)


def _chart() -> bytes:
    book, file = Workbook(), BytesIO()
    book.remove(book.active)
    book.create_chartsheet("Steps")
    book.create_sheet("Other")
    book.save(file)
    return file.getvalue()


def _array_formula() -> bytes:
    book, file = load_workbook(BytesIO(cells("a", "Make", 3))), BytesIO()
    book["Steps"]["B2"] = '=WEBSERVICE("http://example.com/")'
    book.save(file)
    return file.getvalue()


MANY = written([HEAD, *((f"s{n}", "Step", 1) for n in range(10_001))])
RELS = b"".join(
    (
        b'<Relationships xmlns="a"><Relationship Id="r9" Type="http://a/oleObject" Target="http://b/" ',
        b'TargetMode="External"/></Relationships>',
    )
)


def _outward(*said: tuple[bytes, bytes]) -> bytes:
    """The same reference to a place outside, written otherwise."""
    other = RELS
    for before, after in said:
        other = other.replace(before, after)
    return packed(**{"xl/_rels/workbook.xml.rels": other})


ENTITIES = '<!DOCTYPE Project [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE Project [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
TASK = "<UID>1</UID><ID>1</ID><Name>Make</Name><Duration>PT8H0M0S</Duration>"

# Refused as a whole, beside the field: what it is called, its content, and how the sentence goes.
REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "The file is empty."),
    "row without end": (_wide_row, "A row has more than 20,000 cells."),
    "too large": (lambda: b"ID,Title,Duration\n" + b"a" * MOST_BYTES, "The file has more than 20 MB"),
    "pdf": (lambda: b"%PDF-1.7\n", "This is a PDF."),
    "picture": (lambda: b"\x89PNG\r\n\x1a\n", "This is a picture."),
    "program": (lambda: b"MZ\x90\x00", "This is a program."),
    "old office": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "This is an old Office file, a Microsoft Project .mpp"),
    "web page": (lambda: b"<!DOCTYPE html><html></html>", "This is a web page or a picture."),
    "json": (lambda: b'{"steps": []}', "This is JSON."),
    "zip": (lambda: packed(**{"xl/workbook.xml": None}), "This is a packed file."),
    "word": (
        lambda: packed(**{"xl/workbook.xml": None, "word/document.xml": b"<a/>"}), "This is a Word document."
    ),
    "binary workbook": (
        lambda: packed(**{"xl/workbook.xml": None, "xl/workbook.bin": b"x"}), "This is a binary workbook (.xlsb)."
    ),
    "macros": (lambda: packed(**{"xl/vbaProject.bin": b"x"}), "It contains macros."),
    "macros by type": (
        lambda: packed(**{"[Content_Types].xml": b"<Types>application/vnd.ms-excel.sheet.macroEnabled</Types>"}),
        "It contains macros.",
    ),
    "other workbooks": (
        lambda: packed(**{"xl/externalLinks/externalLink1.xml": b"<a/>"}), "It refers to other workbooks."
    ),
    "connections": (lambda: packed(**{"xl/connections.xml": b"<a/>"}), "It has data connections."),
    "embedded": (lambda: packed(**{"xl/embeddings/oleObject1.bin": b"x"}), "Other files are embedded in it."),
    "outward": (lambda: packed(**{"xl/_rels/workbook.xml.rels": RELS}), "It refers to a place outside"),
    "outward in other words": (
        lambda: _outward((b'Mode="', b"Mode = '"), (b'l"/', b"l'/")), "It refers to a place outside"
    ),
    "outward by a prefix": (
        lambda: _outward((b"xmlns", b"xmlns:r"), (b"<Rel", b"<r:Rel"), (b"</Rel", b"</r:Rel")),
        "It refers to a place outside",
    ),
    "bomb by ratio": (
        lambda: packed(**{"xl/media/a.xml": b"0" * 20_000_000}), "The part “xl/media/a.xml” would unpack"
    ),
    "bomb by parts": (
        lambda: packed(**{f"xl/a{n}.xml": b"" for n in range(1_001)}), "The package has 1013 parts"
    ),
    "lying directory": (_lying, "The workbook is damaged."),
    "password": (_locked, "The workbook has a password."),
    "cut off": (lambda: template("xlsx")[:2_000], "The workbook is damaged."),
    "entities in a sheet": (
        lambda: packed(**{SHEET: b'<!DOCTYPE a [<!ENTITY b "c">]><worksheet>&b;</worksheet>'}),
        "The workbook declares XML entities",
    ),
    "sheet in UTF-16": (
        lambda: packed(**{SHEET: '<!DOCTYPE a [<!ENTITY b "c">]><worksheet/>'.encode("utf-16")}),
        f"The part “{SHEET}” is not in UTF-8.",
    ),
    "broken sheet": (lambda: packed(**{SHEET: b"<worksheet><sheetData><row><c"}), "The workbook cannot be read."),
    "no sheet of steps": (lambda: workbook(Plan=[HEAD]), "The workbook has no sheet “Steps”; it has “Plan”."),
    "chart": (_chart, "The workbook cannot be read."),
    "empty sheet": (lambda: workbook(Steps=[]), "Steps is empty"),
    "headings twice": (lambda: workbook(Steps=[("ID", "Title", "title", "Duration")]), "Steps: the column “title”"),
    "headings missing": (lambda: workbook(Steps=[("ID", "Stage")]), "Steps: the first line has no column “Title” and"),
    "UTF-16": (lambda: "ID,Title,Duration\na,b,1\n".encode("utf-16"), "The file is in UTF-16."),
    "Latin-1": (lambda: "ID,Title,Duration\na,Füllen,1\n".encode("latin-1"), "The file is not in UTF-8."),
    "NUL": (lambda: b"ID,Title,Duration\na,b\x00,1\n", "The file contains NUL bytes"),
    "wrong delimiter": (lambda: b"ID|Title|Duration\na|b|1\n", "The first line does not name the columns of a plan."),
    "heading twice": (lambda: b"ID,Title,ID,Duration\n", "CSV: the column “ID” stands there twice."),
    "open quotation": (lambda: b'ID,Title,Duration\na,"b,1\n', "Line 2 cannot be read as CSV"),
    "huge cell": (lambda: b"ID,Title,Duration\na," + b"b" * 200_000 + b",1\n", "Line 2 cannot be read as CSV"),
    "too many rows": (lambda: MANY, "CSV has more than 10,000 rows."),
    "plain text": (lambda: b"Dear all, please find the plan attached.\n", "The first line does not name the columns"),
    "billion laughs": (lambda: project("<Title>&b;</Title>", ENTITIES), "The file declares a DTD or entities"),
    "external entity": (lambda: project("<Title>&x;</Title>", OUTSIDE), "The file declares a DTD or entities"),
    "other XML": (lambda: b"<?xml version='1.0'?><invoice/>", "This XML is no Microsoft Project plan: it begins with"),
    "cut off XML": (lambda: tasks(TASK)[:-20], "The XML is damaged or cut off."),
    "unknown encoding": (
        lambda: b"<?xml version='1.0' encoding='klingon'?><Project/>", "The XML is damaged or cut off."
    ),
    "nested": (lambda: project("<a>" * 500 + "</a>" * 500), "The XML is nested deeper than a plan is."),
    "endless list": (
        lambda: project("<Tasks>" + "<a/>" * 1_600_000 + "</Tasks>"), "The XML has more elements than a plan"
    ),
    "no tasks": (lambda: project(""), "The file has no tasks."),
    "task without number": (lambda: tasks("<Name>Make</Name>"), "Tasks/Task cannot be read: a task has no UID."),
    "number that is none": (lambda: tasks("<UID>one</UID>"), "Tasks/Task cannot be read: “one” is no number."),
    "endless number": (lambda: tasks("<UID>1e999</UID>"), "Tasks/Task cannot be read: “1e999” is no number."),
}  # fmt: skip

# Read, and refused by row: column, and how the sentence goes.
FAULTY: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "formula": (lambda: cells("a", "=1+1", 3), "Title", "Here stands a formula."),
    "formula that fetches": (_array_formula, "Title", "Here stands a formula."),
    "formula for a number": (lambda: cells("a", "Make", "=A1"), "Duration", "Here stands a formula."),
    "error value": (lambda: cells("a", "#REF!", 3), "Title", "Here stands the error #REF!."),
    "date for a number": (lambda: written([HEAD, ("a", "Make", "2027-03-01")]), "Duration", "Duration takes a whole"),
    "not a number": (lambda: written([HEAD, ("a", "Make", "NaN")]), "Duration", "Duration takes a whole number"),
    "infinite": (lambda: written([HEAD, ("a", "Make", "1e400")]), "Duration", "Duration takes a whole number"),
    "huge number": (lambda: written([HEAD, ("a", "Make", "9" * 5_000)]), "Duration", "Duration takes a whole number"),
    "negative": (lambda: written([HEAD, ("a", "Make", -3)]), "Duration", "A duration is not negative."),
    "a hundred years": (lambda: written([HEAD, ("a", "Make", 36_500)]), "Duration", "That is more than ten years."),
    "yes for a number": (lambda: cells("a", "Make", True), "Duration", "Duration takes a whole number"),
    "date for text": (
        lambda: written([(*HEAD, "Not before"), ("a", "Make", 3, "31/12/2027")]), "Not before", "Not before takes a"
    ),
    "absurd date": (
        lambda: written([(*HEAD, "Not before"), ("a", "Make", 3, "0001-01-01")]), "Not before", "Not before takes a day"
    ),
    "serial date": (
        lambda: workbook(Steps=[(*HEAD, "Not before"), ("a", "Make", 3, 46_000)]), "Not before", "Not before takes a"
    ),
    "no id": (lambda: written([HEAD, ("", "Make", 3)]), "ID", "ID is missing."),
    "long id": (lambda: written([HEAD, ("a" * 61, "Make", 3)]), "ID", "The ID has 61 characters; 60 is the most."),
    "id with semicolon": (lambda: written([HEAD, ("a;b", "Make", 3)]), "ID", "An ID has no semicolon"),
    "id twice": (lambda: written([HEAD, ("a", "Make", 3), ("a", "Fill", 3)]), "ID", "The ID a stands in row 2"),
    "long title": (lambda: written([HEAD, ("a", "b" * 161, 3)]), "Title", "Title has 161 characters"),
    "line break": (lambda: written([HEAD, ("a", "b\nc", 3)]), "Title", "Title holds a character that nobody sees"),
    "too many cells": (lambda: b"ID,Title,Duration\na,Make,3,4\n", "", "The row has more cells than the first line"),
    "unknown predecessor": (
        lambda: written([(*HEAD, "Predecessors"), ("a", "Make", 3, "zFS+3d")]), "Predecessors", "It waits for “z”"
    ),
    "unknown lag": (
        lambda: written([(*HEAD, "Predecessors"), ("a", "Make", 3, "aFS+3y")]), "Predecessors", "“aFS+3y” has a lag"
    ),
    "itself": (
        lambda: written([(*HEAD, "Predecessors"), ("a", "Make", 3, "a")]), "Predecessors", "A step does not wait for"
    ),
    "endless lag": (
        lambda: written([(*HEAD, "Predecessors"), ("a", "Make", 3, ""), ("b", "Fill", 3, "aFS+99999d")]),
        "Predecessors",
        "That is more than ten years.",
    ),
    "notes that are none": (
        lambda: written([(*HEAD, "Predecessor notes"), ("a", "Make", 3, "[" * 9_000)]),
        "Predecessor notes",
        "Here stands a JSON list of 0 texts",
    ),
    "partner unknown": (
        lambda: written([(*HEAD, "Partner"), ("a", "Make", 3, "Nobody")]), "Partner", "No CDMO in your sight is called"
    ),
    "future": (
        lambda: written([(*HEAD, "Started"), ("a", "Make", 3, "2099-01-01")]), "Started", "This lies in the future."
    ),
    "ended before it began": (
        lambda: written([(*HEAD, "Started", "Finished"), ("a", "Make", 3, "2026-05-04", "2026-05-01")]),
        "Finished",
        "It cannot end before it began.",
    ),
    "link to no task in a workbook": (
        lambda: workbook(Steps=[HEAD, ("a", "Make", 3)], Dependencies=[("Predecessor", "Successor"), ("q", "a")]),
        "Predecessor",
        "No step has the ID “q”.",
    ),
    "closure backwards": (
        lambda: workbook(
            Steps=[HEAD, ("a", "Make", 3)],
            Closures=[
                ("Partner", "Site", "Title", "First day", "Last day"),
                ("Lyra Biologics", "Lyra Basel", "Summer", "2027-08-06", "2027-07-26"),
            ],
        ),
        "Last day",
        "It ends before it begins.",
    ),
    "task without a name": (lambda: tasks("<UID>1</UID><ID>1</ID>"), "Name", "The task has no name."),
    "duration that is none": (
        lambda: tasks("<UID>1</UID><ID>1</ID><Name>a</Name><Duration>three days</Duration>"), "Duration", "“three days”"
    ),
    "task dated in 9999": (
        lambda: tasks(TASK + "<ConstraintType>4</ConstraintType><ConstraintDate>9999-01-01T08:00:00</ConstraintDate>"),
        "ConstraintDate",
        "The file takes days from 1990 to 2099 here",
    ),
    "uid twice": (lambda: tasks(TASK, TASK), "ID", "The ID 1 stands in row 1 already."),
    "tasks in a circle": (
        lambda: tasks(
            TASK + "<PredecessorLink><PredecessorUID>2</PredecessorUID><Type>1</Type></PredecessorLink>",
            TASK.replace("1</UID><ID>1", "2</UID><ID>2")
            + "<PredecessorLink><PredecessorUID>1</PredecessorUID><Type>1</Type></PredecessorLink>",
        ),
        "Predecessors",
        "This closes a loop: ",
    ),
}  # fmt: skip
