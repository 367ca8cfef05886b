"""Raw data of the demo world: small files made up from their names, so that the same name is always the same file."""

import itertools
import struct
import zlib
from random import Random

WIDTH, HEIGHT = 480, 200
PAPER, AXIS, LINE, LIMIT = 0, 1, 2, 3
PALETTE = bytes((255, 255, 255, 90, 97, 110, 31, 92, 168, 178, 58, 46))


def content_of(name: str) -> bytes:
    """The bytes of the file of that name: a table of readings, a chart, or a page of text."""
    values = _readings(name)
    return {"csv": _table, "png": _chart, "pdf": _page}[name.rpartition(".")[2]](name, values)


def _readings(name: str) -> list[float]:
    """Forty readings around 50, two of which are outside."""
    dice = Random(name)  # noqa: S311  a drawing, not a secret
    values = [50 + dice.gauss(0, 4) for _ in range(40)]
    values[27:29] = [74 + dice.random(), 71 + dice.random()]
    return values


def _table(name: str, values: list[float]) -> bytes:
    lines = ["reading,minute,value", *(f"{n},{n * 3},{value:.2f}" for n, value in enumerate(values, 1))]
    return "\r\n".join(lines).encode() + b"\r\n"


def _chart(name: str, values: list[float]) -> bytes:
    """A line over its limit, drawn point by point."""
    rows = [bytearray([PAPER]) * WIDTH for _ in range(HEIGHT)]
    for x in range(30, WIDTH - 10):
        rows[HEIGHT - 20][x] = AXIS
        if x % 8 < 5:
            rows[_height(65)][x] = LIMIT
    for y in range(10, HEIGHT - 20):
        rows[y][30] = AXIS
    step = (WIDTH - 50) // len(values)
    for n, (value, following) in enumerate(itertools.pairwise(values)):
        for x in range(step):
            here = _height(value + (following - value) * x / step)
            there = _height(value + (following - value) * (x + 1) / step)
            for y in range(min(here, there), max(here, there) + 2):
                rows[y][34 + n * step + x] = LINE
    pixels = zlib.compress(b"".join(b"\0" + bytes(row) for row in rows), 9)
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 3, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"PLTE", PALETTE), (b"IDAT", pixels), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _height(value: float) -> int:
    return round(HEIGHT - 20 - (value - 30) * 3)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _page(name: str, values: list[float]) -> bytes:
    """One page of a report, as the PDF reference writes the smallest one."""
    lines = [f"Report {name.removesuffix('.pdf')}", "Invented raw data of the demo world.", ""]
    lines += [f"Reading {n:>2}    {value:6.2f}" for n, value in enumerate(values, 1)]
    text = " ".join(f"({line}) Tj T*" for line in lines)
    stream = f"BT /F1 10 Tf 14 TL 60 780 Td {text} ET".encode()
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
    ]
    document, places = b"%PDF-1.4\n", []
    for number, body in enumerate(bodies, 1):
        places.append(len(document))
        document += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    document += b"xref\n0 5\n0000000000 65535 f \n" + table + b"trailer\n<< /Size 5 /Root 1 0 R >>\n"
    return document + b"startxref\n%d\n%%%%EOF\n" % document.rindex(b"xref\n0 5")
