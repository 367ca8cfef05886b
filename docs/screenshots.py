"""Takes the pictures of the product: `python -m docs.screenshots http://localhost:8000` against a running demo world.

Each page at two widths, light and dark, into `docs/screenshots/`. Chromium is the system's (`CHROMIUM` names another).
Colours are reduced to a palette of 256 by the standard library, which keeps each picture at about a third.
"""

import os
import struct
import sys
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

PLACE = Path(__file__).parent / "screenshots"
PASSWORD = "a-demo-of-oversight"  # noqa: S105  printed beside the sign-ins of the demo world
QA, PARTNER, ADMIN = "ingrid.solvang@marrowfen.example", "lena.brunner@corvane.example", "tobias.frey@marrowfen.example"
CMC = "marta.oliveira@marrowfen.example"
PLAN = "MRF-101 supply chain"
WIDTHS, THEMES = (1440, 390), ("light", "dark")
TALLEST = {1440: 1500, 390: 2200}  # of a picture; what is below is more of the same


@dataclass(frozen=True, slots=True)
class Shot:
    """One page: whose, where, and the words of links to follow from there, one after the other."""

    name: str
    email: str
    path: str
    follow: tuple[str, ...] = ()


SHOTS = (
    Shot("login", "", "/accounts/login/"),
    Shot("home", QA, "/marrowfen/"),
    Shot("list", QA, "/marrowfen/deviations/"),
    Shot("deviation", QA, "/marrowfen/deviations/?q=Pressure+excursion", ("Pressure excursion on Protein A column",)),
    Shot("programmes", CMC, "/marrowfen/programmes/"),
    Shot("programme", CMC, "/marrowfen/programmes/", (PLAN,)),
    Shot("what-if", CMC, "/marrowfen/programmes/", (PLAN, "Work every day on")),
    Shot("scenario", CMC, "/marrowfen/programmes/", (PLAN, "Three more weeks on drug substance 19")),
    Shot("simulation", CMC, "/marrowfen/programmes/", (PLAN, "All simulations", "UTC")),
    Shot("warnings", CMC, "/marrowfen/warnings/"),
    Shot("import", CMC, "/marrowfen/programmes/", (PLAN, "Import a plan")),
    Shot("batch", QA, "/marrowfen/batches/?q=CB-DS-0282", ("DS-",)),
    Shot("milestone", PARTNER, "/portal/marrowfen/milestones/?q=Drug+substance+19", ("Drug substance 19",)),
    Shot("audit-trail", QA, "/marrowfen/audit-trail/"),
    Shot("portal", PARTNER, "/portal/marrowfen/"),
    Shot("inbox", PARTNER, "/portal/"),
    Shot("report", PARTNER, "/portal/marrowfen/deviations/new/"),
    Shot("notices", QA, "/marrowfen/notices/"),
    Shot("search", QA, "/marrowfen/search/?q=filter"),
    Shot("settings", ADMIN, "/marrowfen/settings/"),
    Shot("components", QA, "/help/components/"),
)


def take(base: str, names: list[str]) -> Iterator[tuple[str, int]]:
    """Every picture with its size in bytes, or only those of the pages that are named."""
    PLACE.mkdir(exist_ok=True)
    shots = [shot for shot in SHOTS if not names or shot.name in names]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=["--no-sandbox"]
        )
        for width in WIDTHS:
            for theme in THEMES:
                yield from _all(browser, base, shots, width, theme)
        browser.close()


def _all(browser: Browser, base: str, shots: list[Shot], width: int, theme: str) -> Iterator[tuple[str, int]]:
    pages: dict[str, Page] = {}
    for shot in shots:
        if shot.email not in pages:
            pages[shot.email] = _signed_in(browser, base, shot.email, width, theme)
        page = pages[shot.email]
        answer = page.goto(base + shot.path)
        if answer is None or not answer.ok:
            sys.stderr.write(f"No picture: {shot.path} answered {answer.status if answer else 'nothing'}.\n")
            continue
        for words in shot.follow:
            page.get_by_role("link", name=words).first.click()
            page.wait_for_load_state()
        height = page.evaluate("document.documentElement.scrollHeight")
        page.set_viewport_size({"width": width, "height": max(900, min(height, TALLEST[width]))})
        name = f"{shot.name}-{width}{'-dark' if theme == 'dark' else ''}.png"
        picture = reduced(page.screenshot(animations="disabled"))
        (PLACE / name).write_bytes(picture)
        page.set_viewport_size({"width": width, "height": 900})
        yield name, len(picture)


def _signed_in(browser: Browser, base: str, email: str, width: int, theme: str) -> Page:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=theme)  # type: ignore[arg-type]
    page = context.new_page()
    if email:
        page.goto(f"{base}/accounts/login/")
        page.fill("input[name=login]", email)
        page.fill("input[name=password]", PASSWORD)
        page.press("input[name=password]", "Enter")
        page.wait_for_load_state()
    return page


def reduced(png: bytes) -> bytes:
    """The same picture with at most 256 colours: those that are most in use, and for each other one the nearest."""
    width, height, rows = _pixels(png)
    counts = Counter(row[x : x + 3] for row in rows for x in range(0, len(row), 3))
    palette = [colour for colour, _ in counts.most_common(256)]
    index = {colour: number for number, colour in enumerate(palette)}
    for colour in counts.keys() - index.keys():
        index[colour] = min(range(len(palette)), key=lambda n: _distance(palette[n], colour))
    lines = b"".join(b"\0" + bytes(index[row[x : x + 3]] for x in range(0, len(row), 3)) for row in rows)
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"PLTE", b"".join(palette)), (b"IDAT", zlib.compress(lines, 9)), (b"IEND", b""))
    return png[:8] + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )


def _distance(one: bytes, other: bytes) -> int:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))


def _pixels(png: bytes) -> tuple[int, int, list[bytes]]:
    """Width, height and rows of RGB, of a picture as Chromium writes it: 8 bits, three or four channels."""
    at, data, header = 8, b"", b""
    while at < len(png):
        length = int.from_bytes(png[at : at + 4], "big")
        kind, body = png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        header = body if kind == b"IHDR" else header
        data += body if kind == b"IDAT" else b""
        at += 12 + length
    width, height, channels = *struct.unpack(">II", header[:8]), {2: 3, 6: 4}[header[9]]
    raw, stride = zlib.decompress(data), width * channels
    rows, before = [], bytearray(stride)
    for start in range(0, len(raw), stride + 1):
        row = _unfiltered(raw[start], bytearray(raw[start + 1 : start + 1 + stride]), before, channels)
        rows.append(bytes(row) if channels == 3 else b"".join(bytes(row[x : x + 3]) for x in range(0, stride, 4)))
        before = row
    return width, height, rows


def _unfiltered(kind: int, row: bytearray, before: bytearray, channels: int) -> bytearray:
    """One row as it was before one of the five filters of PNG."""
    for x in range(len(row)) if kind else ():
        left = row[x - channels] if x >= channels else 0
        up = before[x]
        if kind == 1:
            guess = left
        elif kind == 2:
            guess = up
        elif kind == 3:
            guess = (left + up) // 2
        else:
            corner = before[x - channels] if x >= channels else 0
            sum_ = left + up - corner
            guess = min((abs(sum_ - left), 0, left), (abs(sum_ - up), 1, up), (abs(sum_ - corner), 2, corner))[2]
        row[x] = (row[x] + guess) & 255
    return row


def main(arguments: list[str]) -> None:
    """The address of a running instance, then perhaps names of pages."""
    if not arguments:
        sys.exit("python -m docs.screenshots http://localhost:8000 [home list …]")
    total = 0
    for name, size in take(arguments[0].rstrip("/"), arguments[1:]):
        total += size
        sys.stdout.write(f"{size // 1024:5} kB  {name}\n")
    sys.stdout.write(f"{total // 1024:5} kB  together\n")


if __name__ == "__main__":
    main(sys.argv[1:])
