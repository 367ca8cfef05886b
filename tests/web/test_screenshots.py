"""The pictures of the product are made smaller without another look."""

import struct
import zlib

import pytest

from docs.screenshots import SHOTS, reduced


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _picture(lines: bytes, width: int, height: int, colour_type: int) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, colour_type, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(lines)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, body) for kind, body in chunks)


def _shown(png: bytes) -> list[list[bytes]]:
    """The colours of a picture with a palette, whose rows are not filtered."""
    at, found = 8, {}
    while at < len(png):
        length = int.from_bytes(png[at : at + 4], "big")
        found[png[at + 4 : at + 8]] = png[at + 8 : at + 8 + length]
        at += 12 + length
    width, palette, lines = struct.unpack(">I", found[b"IHDR"][:4])[0], found[b"PLTE"], zlib.decompress(found[b"IDAT"])
    rows = [lines[start + 1 : start + 1 + width] for start in range(0, len(lines), width + 1)]
    return [[palette[n * 3 : n * 3 + 3] for n in row] for row in rows]


# Two pixels a row: first red (200, 10, 20), then blue (5, 15, 210); each row says it by another filter.
RED, BLUE = (200, 10, 20), (5, 15, 210)
FILTERED = {
    0: (*RED, *BLUE),
    1: (*RED, *((b - r) % 256 for r, b in zip(RED, BLUE, strict=True))),
    2: (0, 0, 0, 0, 0, 0),
    3: (*(r - r // 2 for r in RED), *((b - (r + b) // 2) % 256 for r, b in zip(RED, BLUE, strict=True))),
    4: (0, 0, 0, 0, 0, 0),
}


@pytest.mark.parametrize("kind", FILTERED)
def test_a_picture_keeps_its_colours_by_whichever_filter_it_was_written(kind: int) -> None:
    lines = bytes((0, *RED, *BLUE)) + bytes((kind, *FILTERED[kind]))
    assert _shown(reduced(_picture(lines, 2, 2, 2))) == [[bytes(RED), bytes(BLUE)]] * 2


def test_a_colour_too_many_becomes_the_nearest_and_transparency_is_dropped() -> None:
    many = b"".join(bytes((n // 2, 0, 0, 255)) for n in range(512))  # each of 256 reds twice
    row = _shown(reduced(_picture(b"\0" + many + bytes((9, 2, 0, 255)), 513, 1, 6)))[0]
    assert row == [bytes((n // 2, 0, 0)) for n in range(512)] + [bytes((9, 0, 0))]


def test_each_page_has_a_name_of_its_own() -> None:
    assert len({shot.name for shot in SHOTS}) == len(SHOTS) == 21
