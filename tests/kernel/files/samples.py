"""Files as people send them, good and bad, made in memory."""

import struct
import zipfile
import zlib
from io import BytesIO

MANIFEST = '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
MACRO_MANIFEST = MANIFEST.replace(
    "/>", '><Override ContentType="application/vnd.ms-excel.sheet.macroEnabled"/></Types>'
)

PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xd9"
GIF = (
    b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
)
WEBP = b"RIFF\x1a\x00\x00\x00WEBPVP8L\x0d\x00\x00\x00/\x00\x00\x00\x10\x07\x10\x11\x11\x88\x88\xfe\x07\x00"
CSV = "\ufeffBatch;Result\nLB-0412;98,7 %\n".encode()
TEXT = "Column pressure rose to 3.2 bar at 14:05.\n\tObserved by the operator, naïvely.\n".encode()
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
PROGRAM = b"MZ\x90\x00\x03\x00\x00\x00" + bytes(120)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
PAGE = b"  <!DOCTYPE html><html><script>alert(1)</script></html>"


def png() -> bytes:
    """One grey pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\x00\x80")) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def package(*parts: str, manifest: str | None = MANIFEST, big: int = 0) -> bytes:
    """A zip of parts; `big` adds one that unpacks to so many bytes."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        if manifest:
            file.writestr("[Content_Types].xml", manifest)
        for part in parts:
            file.writestr(part, "<x/>")
        if big:
            with file.open("xl/media/big.xml", "w") as entry:
                for _ in range(big // 2**20):
                    entry.write(bytes(2**20))
    return out.getvalue()


def damaged() -> bytes:
    """A package whose manifest does not unpack."""
    data = bytearray(package("word/document.xml"))
    at = data.index(b"[Content_Types].xml") + len("[Content_Types].xml")
    data[at : at + 6] = b"\xff" * 6
    return bytes(data)


def locked() -> bytes:
    """A package whose entries say that they have a password."""
    data = bytearray(package("xl/workbook.xml"))
    at = 0
    while (at := data.find(b"PK\x01\x02", at)) >= 0:
        data[at + 8] |= 1
        at += 4
    return bytes(data)


DOCX, XLSX, PPTX = package("word/document.xml"), package("xl/workbook.xml"), package("ppt/presentation.xml")

# name as sent, content, content type as kept
TAKEN = [
    ("Batch record.pdf", PDF, "application/pdf"),
    ("BATCH.PDF", PDF, "application/pdf"),
    ("pixel.png", png(), "image/png"),
    ("Frit photo.jpg", JPEG, "image/jpeg"),
    ("Frit photo.jpeg", JPEG, "image/jpeg"),
    ("trend.gif", GIF, "image/gif"),
    ("trend.webp", WEBP, "image/webp"),
    ("Report.docx", DOCX, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("Filter load.xlsx", XLSX, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("Pack.pptx", PPTX, "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    ("Pressure trend, skid C-204.csv", CSV, "text/csv"),
    ("notes.txt", TEXT, "text/plain"),
    ("skid.log", TEXT, "text/plain"),
]
# name as sent, content, what the sentence says
REFUSED = [
    ("setup.exe", PROGRAM, "Files that end in .exe are not accepted. Accepted are PDF, PNG,"),
    ("setup.pdf", PROGRAM, "“setup.pdf” says that it is PDF, but it is none of the accepted formats inside"),
    ("invoice.pdf.exe", PDF, "Files that end in .exe"),
    ("gpj\u202efdp.exe", PDF, "Files that end in .exe"),
    ("trick.exe . ", PDF, "Files that end in .exe"),
    ("drawing.svg", SVG, "Files that end in .svg"),
    ("drawing.txt", SVG, "is a web page, XML or SVG inside"),
    ("page.html", PAGE, "Files that end in .html"),
    ("page.csv", PAGE, "is a web page, XML or SVG inside"),
    ("data.xml", MANIFEST.encode(), "Files that end in .xml"),
    ("archive.zip", package("a.txt", manifest=None), "Files that end in .zip"),
    ("archive.xlsx", package("a.txt", manifest=None), "says that it is Excel, but it is none of the accepted"),
    ("README", TEXT, "Files whose name has no ending"),
    ("photo.png", JPEG, "says that it is PNG, but it is JPEG inside"),
    ("report.docx", XLSX, "says that it is Word, but it is Excel inside"),
    ("damaged.docx", damaged(), "says that it is Word, but it is none of the accepted formats inside"),
    ("both.docx", package("word/document.xml", "xl/workbook.xml"), "but it is none of the accepted formats"),
    ("macro.xlsm", package("xl/workbook.xml", "xl/vbaProject.bin"), "Files that end in .xlsm"),
    ("macro.xlsx", package("xl/workbook.xml", "xl/vbaProject.bin"), "contains macros. Save it without them."),
    ("macro.docx", package("word/document.xml", manifest=MACRO_MANIFEST), "contains macros"),
    ("locked.xlsx", locked(), "has a password. Save it without one."),
    ("old.xlsx", OLD_OFFICE, "is an old Office file, or one with a password"),
    ("bomb.xlsx", package("xl/workbook.xml", big=501 * 2**20), "would unpack to more than 500 MB"),
    ("cut.xlsx", XLSX[: len(XLSX) // 2], "says that it is Excel, but it is none of the accepted formats"),
    ("latin.csv", "Größe;3 µm\n".encode("cp1252"), "is not in UTF-8. In Excel choose “CSV UTF-8”"),
    ("wide.csv", "Batch;1\n".encode("utf-16"), "says that it is CSV, but it is none of the accepted formats"),
    ("nul.txt", b"a\x00b", "says that it is text, but it is none of the accepted formats"),
    ("escape.txt", b"\x1b]0;title\x07", "says that it is text"),
    ("late.pdf", b"\n" * 2000 + PDF, "says that it is PDF, but it is text inside"),
    ("empty.pdf", b"", "“empty.pdf” is empty."),
    ("note.pdf", TEXT, "says that it is PDF, but it is text inside"),
]
