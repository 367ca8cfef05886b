"""Files below 20 MB that would keep the house busy for long, were they read: what each is, and what is said of it."""

from collections.abc import Callable
from io import BytesIO
from zipfile import ZipFile

from techtransfer.exchange.templates import template

from .hostile import SHEET, TASK, packed, project, tasks

SPACE = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
HEAD = b"ID,Title,Duration\n"
STRINGS = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"


def _part(name: str) -> bytes:
    with ZipFile(BytesIO(template("xlsx"))) as whole:
        return whole.read(name)


def _cells(*texts: bytes) -> bytes:
    return b"".join(b'<c t="inlineStr"><is><t>' + text + b"</t></is></c>" for text in texts)


def _sheet(rows: bytes, after: bytes = b"") -> bytes:
    head = b"<row>" + _cells(b"ID", b"Title", b"Duration") + b"</row>"
    return b"<worksheet " + SPACE + b"><sheetData>" + head + rows + b"</sheetData>" + after + b"</worksheet>"


def _within(name: str, end: bytes, more: bytes) -> bytes:
    """The template with something added to one of its parts, before that end."""
    return packed(**{name: _part(name).replace(end, more + end)})


def _strings(name: str, body: bytes) -> bytes:
    override = b'<Override PartName="/%s" ContentType="%s"/>' % (name.encode(), STRINGS)
    types = _part("[Content_Types].xml").replace(b"</Types>", override + b"</Types>")
    return packed(**{name: b"<sst " + SPACE + b">" + body + b"</sst>", "[Content_Types].xml": types})


def _texts(count: int) -> bytes:
    return b"".join(b"<si><t>t%d</t></si>" % number for number in range(count))


def _wide_rows() -> bytes:
    row = b"".join(b"<c><v>%d</v></c>" % (number * 7919 % 10**6) for number in range(15_000))
    return packed(**{SHEET: _sheet((b"<row>" + row + b"</row>") * 20)})


def _noisy(piece: bytes, count: int) -> bytes:
    """So many of a piece, each with a number of its own in it: packed, it is not suspiciously small."""
    return b"".join(piece % (number * 7919 % 10**8) for number in range(count))


def _days_off(count: int) -> str:
    each = (
        "<Exception><TimePeriod><FromDate>{0}-01-01T00:00:00</FromDate><ToDate>{0}-01-01T23:59:00</ToDate></TimePeriod>"
        "<Name>Off</Name><Type>1</Type><DayWorking>0</DayWorking></Exception>"
    )
    offs = "".join(each.format(2000 + number % 90) for number in range(1_900))
    return "".join(
        f"<Calendar><UID>{uid}</UID><Exceptions>{offs}</Exceptions></Calendar>" for uid in range(1, count + 1)
    )


# Refused as a whole, soon: what it is, its content, and how the sentence goes.
HEAVY: dict[str, tuple[Callable[[], bytes], str]] = {
    "columns without end": (
        lambda: b"ID,Title,Duration," + b",".join(b"c%d" % n for n in range(2_000_000)), "The first line has 16,888,907"
    ),
    "many columns": (
        lambda: b"ID,Title,Duration," + b",".join(b"c%d" % n for n in range(300)), "Line 1 has 303 cells;"
    ),
    "a row without end": (lambda: HEAD + b"," * 19_000_000, "Line 2 has 19,000,000 characters"),
    "wide rows": (lambda: HEAD + (b"a,b,1" + b"," * 390 + b"\n") * 40_000, "Line 2 has 393 cells; 200 is the most"),
    "blank lines": (lambda: HEAD + b"\n" * 19_000_000, "The file has more than 100,000 lines."),
    "blank rows": (lambda: HEAD + b",,\n" * 6_000_000, "The file has more than 100,000 lines."),
    "cells of a workbook": (_wide_rows, "The workbook has more than 200,000 cells."),
    "texts of a workbook": (lambda: _strings("xl/sharedStrings.xml", _texts(900_000)), "The workbook has more than"),
    "texts by another name": (lambda: _strings("xl/texts.bin", _texts(900_000)), "The workbook has more than"),
    "one text in pieces": (
        lambda: _strings("xl/sharedStrings.xml", b"<si>" + _noisy(b"<t>%d</t>", 1_500_000) + b"</si>"),
        "The workbook has more than 150,000 texts.",
    ),
    "sheets": (
        lambda: _within("xl/workbook.xml", b"</sheets>", _noisy(b'<sheet name="x%d" sheetId="9"/>', 50_000)),
        "The workbook has more than 500 sheets.",
    ),
    "names": (
        lambda: _within("xl/workbook.xml", b"</workbook>", _noisy(b'<definedName name="n%d"/>', 500_000)),
        "The part “xl/workbook.xml” has more than 30,000 elements",
    ),
    "fonts": (
        lambda: _within("xl/styles.xml", b"</fonts>", _noisy(b'<font><name val="f%d"/></font>', 300_000)),
        "The part “xl/styles.xml” has more than 30,000 elements",
    ),
    "merged cells": (
        lambda: packed(**{SHEET: _sheet(b"", _noisy(b'<mergeCell ref="A%d:B2"/>', 500_000))}),
        f"The part “{SHEET}” has more than 30,000 elements",
    ),
    "attributes of a row": (
        lambda: packed(**{SHEET: _sheet(b"<row " + _noisy(b'a%d="1" ', 800_000) + b"/>")}),
        "An element of the workbook has more attributes",
    ),
    "UTF-16 without a mark": (
        lambda: packed(**{SHEET: '<!DOCTYPE a [<!ENTITY b "c">]><worksheet/>'.encode("utf-16-le")}),
        f"The part “{SHEET}” is not in UTF-8.",
    ),
    "attributes of a task": (
        lambda: project("<Tasks " + " ".join(f'a{n}="1"' for n in range(1_200_000)) + "></Tasks>"),
        "An element of the XML has more attributes",
    ),
    "elements": (lambda: tasks(*("<UID>1</UID>" + "<a/>" * 90_000 for _ in range(9))), "The XML has more elements"),
    "names of elements": (
        lambda: tasks(TASK + "".join(f"<a{number}/>" for number in range(3_000))), "The XML has elements that"
    ),
    "days off": (
        lambda: project(f"<Calendars>{_days_off(40)}</Calendars><Tasks><Task>{TASK}</Task></Tasks>"),
        "The calendars have more than 10,000 days off.",
    ),
    "calendars": (
        lambda: project("<Calendars>" + "".join(f"<Calendar><UID>{n}</UID></Calendar>" for n in range(9_000))
                        + f"</Calendars><Tasks><Task>{TASK}</Task></Tasks>"),
        "The file has more than 2,000 calendars.",
    ),
    "links of few tasks": (
        lambda: tasks(*(TASK + "<PredecessorLink><PredecessorUID>2</PredecessorUID></PredecessorLink>" * 15_000
                        for _ in range(4))),
        "The file has more than 50,000 dependencies.",
    ),
}  # fmt: skip

# Read, and soon: what would take long if it were read as it stands there.
LIGHT: dict[str, Callable[[], bytes]] = {
    "a name of spaces": lambda: tasks(TASK.replace("Make", "a" + " " * 18_000_000 + "b")),
    "a name of breaks": lambda: tasks(TASK.replace("Make", "a" + "\n" * 18_000_000 + "b")),
    "a task of very many parts": lambda: tasks(*("<a/>" * 90_000 + TASK for _ in range(6))),
    "a day off of very many periods": lambda: project(
        "<Calendars><Calendar><UID>1</UID><Exceptions><Exception>"
        + "<TimePeriod><FromDate>2027-01-01</FromDate><ToDate>2027-01-02</ToDate></TimePeriod>" * 30_000
        + f"</Exception></Exceptions></Calendar></Calendars><Tasks><Task>{TASK}</Task></Tasks>"
    ),
    "predecessors of spaces": lambda: (
        b"ID,Title,Duration,Predecessors\na,Make,1,\n"
        + b"".join(b"s%d,Fill,1,a%s%s\n" % (number, b" " * 60, b"b" * 60) for number in range(9_000))
    ),
}
