"""The package of a workbook: looked into part by part before anything of it is read; what could harm is refused."""

import re
import zipfile
import zlib
from dataclasses import dataclass
from io import BytesIO

from defusedxml.ElementTree import ParseError, fromstring

from .cells import shortened
from .values import FileRefused

TAKEN = "A plan is taken as Microsoft Project XML, as an Excel workbook (.xlsx) or as CSV."
UTF16 = (b"\xff\xfe", b"\xfe\xff")
MOST_ENTRIES = 1_000
MOST_UNPACKED = 300 * 1024 * 1024
MOST_RATIO = 200  # of one part that unpacks to more than a megabyte
SMALL = 1024 * 1024
CHUNK = 256 * 1024
TAG = 30  # bytes of the unpacked size that a tag counts for, besides its own: what it takes to read it
MOST_CELLS = 20_000  # of one row, which is read as a whole
MOST_CELLS_IN_ALL = 200_000
MOST_TEXTS = 150_000
MOST_TAGS = 650_000  # of cells, texts and rows, with all that is in them
MOST_SHEETS = 500
MOST_OTHERS = 30_000  # elements of one part that are no cells: formats, names, merged cells
MOST_ATTRIBUTES = 2_000  # of one element
# What a package raises that is none; DefusedXmlException is a ValueError.
DAMAGED = (
    zipfile.BadZipFile, zlib.error, ParseError, NotImplementedError, EOFError, OSError, ValueError, RuntimeError,
)  # fmt: skip
_KNOWN = re.compile(rb"<(?:[^\s<>/:]+:)?(c|v|f|is|si|t|r|row|sheet)[\s/>]")
_CELL = re.compile(rb"<(?:\w+:)?c[\s>/]")
# Parts of a workbook that reach out of it, or run.
_ALIEN = (
    ("vbaproject.bin", "It contains macros. Save it as .xlsx, without them."),
    ("xl/externallinks/", "It refers to other workbooks. Break the links (Data, Edit links) and save it again."),
    ("xl/connections.xml", "It has data connections. Remove them and save it again."),
    ("xl/querytables/", "It has data connections. Remove them and save it again."),
    ("xl/embeddings/", "Other files are embedded in it. Remove them and save it again."),
    ("xl/activex/", "It contains controls that run. Remove them and save it again."),
    ("xl/macrosheets/", "It contains macros. Save it as .xlsx, without them."),
)


def demand_workbook(content: bytes) -> None:
    """Look into the package without trusting what it says of itself; raises FileRefused."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            entries = package.infolist()
            _demand_modest(entries)
            names = [entry.filename for entry in entries]
            _demand_plain(names)
            looked = _Looked()
            for entry in entries:
                _look_into(package, entry, looked)
    except FileRefused:
        raise
    except DAMAGED as error:
        raise FileRefused("The workbook is damaged. Open it in Excel and save it again as .xlsx.") from error


def _demand_modest(entries: list[zipfile.ZipInfo]) -> None:
    if any(entry.flag_bits & 1 for entry in entries):
        raise FileRefused("The workbook has a password. Save it without one.")
    if len(entries) > MOST_ENTRIES:
        raise FileRefused(f"The package has {len(entries)} parts; a workbook has {MOST_ENTRIES} at most.")
    if sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise FileRefused("The workbook would unpack to more than 300 MB. It is refused unopened.")
    for entry in entries:
        if entry.file_size > SMALL and entry.file_size > MOST_RATIO * max(entry.compress_size, 1):
            raise FileRefused(
                f"The part “{shortened(entry.filename)}” would unpack to more than {MOST_RATIO} times its size. "
                "It is refused unopened."
            )


def _demand_plain(names: list[str]) -> None:
    if len(set(names)) < len(names):
        raise FileRefused("The package names a part twice. Open it in Excel and save it again as .xlsx.")
    lowered = [name.lower() for name in names]
    for piece, sentence in _ALIEN:
        if any(piece in name for name in lowered):
            raise FileRefused(sentence)
    if "xl/workbook.xml" not in names or "[Content_Types].xml" not in names:
        what = {
            "xl/workbook.bin": "a binary workbook (.xlsb)",
            "word/document.xml": "a Word document",
            "ppt/presentation.xml": "a presentation",
            "content.xml": "an OpenDocument file",
        }
        found = next((words for name, words in what.items() if name in names), "a packed file")
        raise FileRefused(f"This is {found}. {TAKEN}")


@dataclass(slots=True)
class _Looked:
    """What was unpacked and counted so far, of all parts; nothing is kept."""

    left: int = MOST_UNPACKED
    cells: int = 0
    texts: int = 0
    tags: int = 0
    sheets: int = 0


def _look_into(package: zipfile.ZipFile, entry: zipfile.ZipInfo, looked: _Looked) -> None:
    """Unpack one part in pieces: what it says of its size may be a lie, and what its name says of its content, too."""
    name, called = entry.filename.lower(), shortened(entry.filename)
    is_xml, tail, in_row, others = name.endswith((".xml", ".rels", ".vml")), b"", 0, 0
    whole = bytearray()
    with package.open(entry) as part:
        while piece := part.read(CHUNK):
            looked.left -= len(piece) + piece.count(b"<") * TAG
            if looked.left < 0:
                raise FileRefused("The workbook would unpack to more than 300 MB. It is refused unopened.")
            if not tail:
                if piece.startswith((*UTF16, b"<\0", b"\0<")):
                    raise FileRefused(f"The part “{called}” is not in UTF-8. Save the workbook again.")
                is_xml = is_xml or piece.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<")
            if not is_xml:
                tail = b"-"
                continue
            in_row = _count_rows(piece, in_row)
            if (others := others + _count_tags(piece, looked)) > MOST_OTHERS:
                raise FileRefused(
                    f"The part “{called}” has more than {MOST_OTHERS:,} elements besides cells. Copy the columns of "
                    "the plan into a new workbook."
                )
            seen = (tail + piece).lower()
            if b"<!doctype" in seen or b"<!entity" in seen:
                raise FileRefused("The workbook declares XML entities, which can be a trap. It is refused.")
            if b"macroenabled" in seen and name == "[content_types].xml":
                raise FileRefused("It contains macros. Save it as .xlsx, without them.")
            tail = seen[-16:]
            if name.endswith(".rels"):
                whole += piece
    if whole:
        _demand_inward(bytes(whole).lower())


def _count_rows(piece: bytes, cells: int) -> int:
    """How many cells the last row of the piece has so far; `cells`: that of the piece before."""
    for number, stretch in enumerate(piece.split(b"</row")):
        cells = len(_CELL.findall(stretch)) + (0 if number else cells)
        if cells > MOST_CELLS:
            raise FileRefused(f"A row has more than {MOST_CELLS:,} cells. Keep the columns of the plan alone.")
    return cells


def _count_tags(piece: bytes, looked: _Looked) -> int:
    """Count what takes its time to be read, each for itself; answers how many elements are none of it."""
    if piece.count(b"=") > MOST_ATTRIBUTES and any(each.count(b"=") > MOST_ATTRIBUTES for each in piece.split(b"<")):
        raise FileRefused("An element of the workbook has more attributes than any plan. Save it again in Excel.")
    known = _KNOWN.findall(piece)
    looked.cells += known.count(b"c")
    looked.texts += known.count(b"si") + known.count(b"r")
    looked.sheets += known.count(b"sheet")
    looked.tags += len(known)
    if looked.cells > MOST_CELLS_IN_ALL:
        raise FileRefused(
            f"The workbook has more than {MOST_CELLS_IN_ALL:,} cells. Keep the sheets and columns of the plan alone."
        )
    if looked.texts > MOST_TEXTS or looked.tags > MOST_TAGS:
        raise FileRefused(
            f"The workbook has more than {MOST_TEXTS:,} texts. Keep the sheets and columns of the plan alone."
        )
    if looked.sheets > MOST_SHEETS:
        raise FileRefused(f"The workbook has more than {MOST_SHEETS} sheets. Keep those of the plan alone.")
    return piece.count(b"<") - piece.count(b"</") - len(known)


def _demand_inward(relations: bytes) -> None:
    """Nothing is fetched from elsewhere; an address that a person may click is no harm."""
    for relation in fromstring(relations, forbid_dtd=True):
        told = {name.rpartition("}")[2]: value.strip() for name, value in relation.attrib.items()}
        if told.get("targetmode") == "external" and not told.get("type", "").endswith("/hyperlink"):
            raise FileRefused("It refers to a place outside of the workbook. Remove the reference and save it again.")
