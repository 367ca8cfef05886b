"""Draws how each figure grows: `python -m bench.curves .data/bench/figures.json`, into docs/performance/.

One curve a drawing, both scales logarithmic; beside it, dashed, the steepest growth that its goal allows.
"""

import json
import math
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from oversight.runtime.processes import ROOT

from .exponent import Curve

DRAWN = ROOT / "docs" / "performance"
WIDTH, HEIGHT = 640, 280
LEFT, RIGHT, TOP, BOTTOM = 96, 590, 60, 232
STYLE = """
svg{background:#fff}text{font:12px system-ui,sans-serif;fill:#333}.title{font-weight:600;font-size:13px}
.axis{stroke:#bbb}.curve{stroke:#1b5fa8;fill:none;stroke-width:2}.dot{fill:#1b5fa8}
.goal{stroke:#a8551b;fill:none;stroke-dasharray:5 4;stroke-width:1.5}
@media(prefers-color-scheme:dark){svg{background:#16181c}text{fill:#ddd}.axis{stroke:#555}.curve{stroke:#7db4f0}
.dot{fill:#7db4f0}.goal{stroke:#f0a35e}}
"""


def draw(figure: str, grows: float, curve: Curve, goal: float | None) -> str:
    """One curve as SVG: the sizes along, the milliseconds up; `grows`: its exponent where it is judged."""
    sizes = [size for size, _ in curve]
    allowed = _allowed(curve, goal)
    low, high = _decades([seconds * 1000 for _, seconds in (*curve, *allowed)])
    first, last = math.log10(sizes[0]), math.log10(sizes[-1])

    def place(size: float, milliseconds: float) -> tuple[float, float]:
        x = LEFT + (RIGHT - LEFT) * (math.log10(size) - first) / (last - first)
        y = BOTTOM - (BOTTOM - TOP) * (math.log10(milliseconds) - low) / (high - low)
        return round(x, 1), round(y, 1)

    parts = [f'<text x="12" y="22" class="title">{escape(figure)}</text>']
    said = f"exponent {grows:.2f}" + (f"; dashed: goal {goal:g}" if goal is not None else "")
    parts.append(f'<text x="12" y="40">{said}</text>')
    for decade in range(low, high + 1):
        _, y = place(sizes[0], 10.0**decade)
        parts.append(f'<path class="axis" d="M{LEFT} {y}H{RIGHT}"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y + 4}" text-anchor="end">{10.0**decade:,g} ms</text>')
    for size in sizes:
        x, _ = place(size, 10.0**low)
        parts.append(f'<text x="{x}" y="{BOTTOM + 20}" text-anchor="middle">{size:,}</text>')
    for name, points in (("goal", allowed), ("curve", curve)):
        if points:
            way = " ".join(f"{x},{y}" for x, y in (place(size, seconds * 1000) for size, seconds in points))
            parts.append(f'<polyline class="{name}" points="{way}"/>')
    for size, seconds in curve:
        x, y = place(size, seconds * 1000)
        parts.append(f'<circle class="dot" cx="{x}" cy="{y}" r="3.5"/>')
    frame = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">'
    return f"{frame}<title>{escape(figure)}: {said}</title><style>{STYLE}</style>{''.join(parts)}</svg>\n"


def _allowed(curve: Curve, goal: float | None) -> Curve:
    """From the first point on as steep as the goal allows."""
    if goal is None:
        return ()
    (least, seconds), (most, _) = curve[0], curve[-1]
    return (least, seconds), (most, seconds * (most / least) ** goal)


def _decades(milliseconds: Sequence[float]) -> tuple[int, int]:
    low, high = math.floor(math.log10(min(milliseconds))), math.ceil(math.log10(max(milliseconds)))
    return low, max(high, low + 1)


def draw_all(figures: dict[str, Any], folder: Path) -> list[Path]:
    """Draw every figure that has a curve; answers the files."""
    folder.mkdir(parents=True, exist_ok=True)
    drawn = []
    for row in figures["rows"]:
        if row["curve"]:
            file = folder / f"{row['id'].lower()}.svg"
            curve = tuple((size, seconds) for size, seconds in row["curve"])
            file.write_text(draw(f"{row['id']}: {row['figure']}", row["value"], curve, row["goal"]))
            drawn.append(file)
    return drawn


if __name__ == "__main__":
    for path in draw_all(json.loads(Path(sys.argv[1]).read_text()), DRAWN):
        print(path.relative_to(ROOT))
