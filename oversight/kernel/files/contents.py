"""What a file is, told by its content and not by its name; what the house takes and what it refuses."""

import re
import zipfile
import zlib
from dataclasses import dataclass
from io import BytesIO

from django.core.exceptions import ValidationError

MOST_UNPACKED = 500 * 1024 * 1024
MOST_ENTRIES = 10_000
MANIFEST = "[Content_Types].xml"
MOST_MANIFEST = 1024 * 1024

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_MARKUP = re.compile(r"\s*<(?:!doctype|\?xml|html|head|body|svg|script|iframe|!--)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One format that is taken: how it is served, what it is called, and the endings that say so truthfully."""

    content_type: str
    words: str
    endings: tuple[str, ...]


PDF = Format(content_type="application/pdf", words="PDF", endings=("pdf",))
PNG = Format(content_type="image/png", words="PNG", endings=("png",))
JPEG = Format(content_type="image/jpeg", words="JPEG", endings=("jpg", "jpeg"))
GIF = Format(content_type="image/gif", words="GIF", endings=("gif",))
WEBP = Format(content_type="image/webp", words="WebP", endings=("webp",))
_OFFICE = "application/vnd.openxmlformats-officedocument."
WORD = Format(content_type=f"{_OFFICE}wordprocessingml.document", words="Word", endings=("docx",))
EXCEL = Format(content_type=f"{_OFFICE}spreadsheetml.sheet", words="Excel", endings=("xlsx",))
SLIDES = Format(content_type=f"{_OFFICE}presentationml.presentation", words="PowerPoint", endings=("pptx",))
CSV = Format(content_type="text/csv", words="CSV", endings=("csv",))
TEXT = Format(content_type="text/plain", words="text", endings=("txt", "log"))
FORMATS = (PDF, PNG, JPEG, GIF, WEBP, WORD, EXCEL, SLIDES, CSV, TEXT)
ENDINGS = {ending: known for known in FORMATS for ending in known.endings}
ACCEPTED = ", ".join(known.words for known in FORMATS[:-1]) + f" and {FORMATS[-1].words}"
ACCEPT_ATTRIBUTE = ",".join(f".{ending}" for ending in ENDINGS)  # of the file field in a form

_PARTS = {"word/document.xml": WORD, "xl/workbook.xml": EXCEL, "ppt/presentation.xml": SLIDES}


def recognise(name: str, content: bytes) -> Format:
    """The format of a file that is called `name`; raises ValidationError with a sentence for one that is not taken."""
    _, dot, ending = name.rpartition(".")
    named = ENDINGS.get(ending.lower())
    if named is None:
        what = f"Files that end in .{ending.lower()}" if dot else "Files whose name has no ending"
        raise ValidationError({"file": f"{what} are not accepted. Accepted are {ACCEPTED} files."})
    found = CSV if named is CSV and _is_text(name, content) else _found(name, content)
    if found is not named:
        inside = f"is {found.words} inside" if found else "is none of the accepted formats inside, or is damaged"
        raise ValidationError(
            {"file": f"“{name}” says that it is {named.words}, but it {inside}. Save it anew in its own format."}
        )
    return found


def words_of(content_type: str) -> str:
    """What the format is called on a page."""
    return next((known.words for known in FORMATS if known.content_type == content_type), content_type)


def _found(name: str, content: bytes) -> Format | None:
    """The format that the content shows, whatever its name says."""
    for known, beginning in (
        (PDF, b"%PDF-"),
        (PNG, b"\x89PNG\r\n\x1a\n"),
        (JPEG, b"\xff\xd8\xff"),
        (GIF, b"GIF87a"),
        (GIF, b"GIF89a"),
    ):
        if content.startswith(beginning):
            return known
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return WEBP
    if content.startswith(b"PK\x03\x04"):
        return _office(name, content)
    if content.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        raise ValidationError(
            {"file": f"“{name}” is an old Office file, or one with a password. Save it as .docx, .xlsx or .pptx."}
        )
    return TEXT if _is_text(name, content) else None


def _office(name: str, content: bytes) -> Format | None:
    """An Office file is a package of parts with a manifest; nothing in it is unpacked but the manifest."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            entries = package.infolist()
            if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
                raise ValidationError({"file": f"“{name}” would unpack to more than 500 MB. Split it up."})
            if any(entry.flag_bits & 1 for entry in entries):
                raise ValidationError({"file": f"“{name}” has a password. Save it without one."})
            parts = [entry.filename for entry in entries]
            if MANIFEST not in parts or len(set(parts)) < len(parts):
                return None
            with package.open(MANIFEST) as manifest:
                types = manifest.read(MOST_MANIFEST)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, ValueError):
        return None
    if b"macroenabled" in types.lower() or any(part.lower().endswith("vbaproject.bin") for part in parts):
        raise ValidationError({"file": f"“{name}” contains macros. Save it without them."})
    main = [known for part, known in _PARTS.items() if part in parts]
    return main[0] if len(main) == 1 else None


def _is_text(name: str, content: bytes) -> bool:
    """Readable UTF-8; text that a browser would take for a page is refused."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        if name.lower().endswith(("csv", "txt", "log")) and not _CONTROL.search(content.decode("cp1252", "replace")):
            raise ValidationError(
                {"file": f"“{name}” is not in UTF-8. In Excel choose “CSV UTF-8”, else save the text as UTF-8."}
            ) from None
        return False
    if _CONTROL.search(text):
        return False
    if _MARKUP.match(text):
        raise ValidationError({"file": f"“{name}” is a web page, XML or SVG inside. Save it as PDF."})
    return True
