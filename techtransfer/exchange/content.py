"""What a file is, told by its content and never by its name; what could harm whoever opens it is refused here."""

from .package import TAKEN, UTF16, demand_workbook
from .values import MOST_BYTES, FileRefused

XML, XLSX, CSV = "MSPDI", "XLSX", "CSV"
WORDS = {XML: "Microsoft Project XML", XLSX: "Excel workbook", CSV: "CSV"}

_BEGINNINGS = (
    (b"%PDF-", "a PDF"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "a packed file"),
    (b"7z\xbc\xaf", "a packed file"),
    (b"Rar!", "a packed file"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"SQLite format 3", "a database"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def kind_of(content: bytes) -> str:
    """The format of the content; raises FileRefused for what is none of the three."""
    if not content:
        raise FileRefused("The file is empty.")
    if len(content) > MOST_BYTES:
        raise FileRefused(f"The file has {len(content) / 1024 / 1024:.1f} MB; 20 MB is the most that a plan may have.")
    if content.startswith(_OLE):
        raise FileRefused(
            "This is an old Office file, a Microsoft Project .mpp, or one with a password. In Project choose "
            "“Save as XML”, in Excel “Excel workbook (.xlsx)”, without a password."
        )
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        demand_workbook(content)
        return XLSX
    for beginning, words in _BEGINNINGS:
        if content.startswith(beginning):
            raise FileRefused(f"This is {words}. {TAKEN}")
    start = _beginning(content)
    if start.startswith("<"):
        if start.lower().startswith(("<!doctype html", "<html", "<head", "<body", "<script", "<svg")):
            raise FileRefused(f"This is a web page or a picture. {TAKEN}")
        return XML
    if start.startswith(("{", "[")):
        raise FileRefused(f"This is JSON. {TAKEN}")
    return CSV


def _beginning(content: bytes) -> str:
    """The first visible characters, whatever the encoding."""
    head = content[:400]
    if head.startswith(UTF16):
        return head[: len(head) // 2 * 2].decode("utf-16", "ignore").strip()
    return head.decode("utf-8-sig", "ignore").lstrip("\ufeff").strip()
