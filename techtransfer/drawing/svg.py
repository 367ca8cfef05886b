"""The drawing itself: lanes, months, today, arrows, and of each step what `bars` draws.

It is hidden from screen readers, to whom the column beside it and the table of dates say the same.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from django.utils.safestring import SafeString, mark_safe

from .bars import drawn, folded, short
from .period import Period
from .places import Place, places
from .values import AXIS, LANE, Arrow, Lane, row_height

HATCH = (
    '<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<line class="hatch-line" x1="0" y1="0" x2="0" y2="6"/></pattern></defs>'
)
LETTER = 6.2  # pixels, of the names of months


def draw(lanes: Sequence[Lane], arrows: Sequence[Arrow], period: Period, *, today: date) -> SafeString:
    """The plan of that period."""
    row, width = row_height(lanes), period.width
    height = AXIS + sum(LANE + row * len(lane.shown) for lane in lanes) + 6
    where = places(lanes, period)
    parts = [
        f'<svg class="chart gantt" width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
        ' aria-hidden="true">',
        HATCH,
        *_rows(lanes, row, width),
        *_months(period, height),
        *_today(period, today, height),
        *_arrows(arrows, where, width),
        *(part for lane in lanes for part in _lane(lane, where, period)),
        "</svg>",
    ]
    return mark_safe("".join(parts))  # noqa: S308  numbers, and texts that are escaped


def _rows(lanes: Sequence[Lane], row: int, width: int) -> Iterator[str]:
    top = AXIS
    for lane in lanes:
        yield f'<rect class="lane-alt" x="0" y="{top}" width="{width}" height="{LANE}"/>'
        top += LANE
        for _ in lane.shown:
            top += row
            yield f'<line class="grid" x1="0" x2="{width}" y1="{top}" y2="{top}"/>'


def _months(period: Period, height: int) -> Iterator[str]:
    """A line at each; the first that is named and every January carry the year."""
    free_from = 0.0
    for month in (period.first, *period.months()):
        x, is_year = period.at(month), month.month == 1
        if x:
            strong = "-strong" if is_year else ""
            yield f'<line class="grid{strong}" x1="{x}" x2="{x}" y1="22" y2="{height}"/>'
        with_year = is_year or not free_from
        mark, words = (' class="t-mid"', f"{month:%b} {month.year}") if with_year else ("", f"{month:%b}")
        ends = x + 6 + len(words) * LETTER
        if x >= free_from and ends <= period.width:
            free_from = ends
            yield f'<text x="{x + 6}" y="33"{mark}>{words}</text>'
    yield f'<line class="grid-strong" x1="0" x2="{period.width}" y1="{AXIS}" y2="{AXIS}"/>'


def _today(period: Period, today: date, height: int) -> Iterator[str]:
    if not period.has(today):
        return
    x = period.at(today)
    middle = min(max(x, 27), period.width - 27)
    yield f'<line class="today" x1="{x}" x2="{x}" y1="18" y2="{height}"/>'
    yield f'<rect class="today-tag" x="{round(middle - 27, 1)}" y="2" width="54" height="17" rx="8.5"/>'
    yield f'<text class="today-text" x="{middle}" y="14.5" text-anchor="middle">{short(today)}</text>'


def _lane(lane: Lane, where: Mapping[int, Place], period: Period) -> Iterator[str]:
    for bar in lane.bars:
        if lane.is_folded:
            yield folded(where[bar.id])
        else:
            yield from drawn(where[bar.id], period)


def _arrows(arrows: Sequence[Arrow], where: Mapping[int, Place], width: int) -> Iterator[str]:
    """The critical ones last, so that they lie above the others; none between what shares a row."""
    found = []
    for arrow in arrows:
        before, after = where.get(arrow.before), where.get(arrow.after)
        if before and after and before.top != after.top and before.is_drawn and after.is_drawn:
            critical = before.bar.is_critical and after.bar.is_critical and not after.bar.is_done
            found.append((critical, _arrow(arrow.link, before, after, width, "--crit" if critical else "")))
    found.sort(key=lambda each: each[0])
    return (path for _, path in found)


def _arrow(link: str, before: Place, after: Place, width: int, tone: str) -> str:
    """Leaves a bar downwards or upwards, runs along the border of its row, and drops into the other."""
    x0 = _foot(before, at_end=link[0] == "F", inset=6, width=width)
    x1 = _foot(after, at_end=link[1] == "F", inset=7, width=width)
    if after.top > before.top:
        border, tip = before.low - (15 if before.low - before.top > LANE else 4), after.bar_top - 1
        path, head = f"M{x0} {before.bar_low} V{border} H{x1} V{tip - 5}", f"M{x1 - 4} {tip - 6} h8 l-4 6z"
    else:
        tip = after.bar_low + 1
        path, head = f"M{x0} {before.bar_top} V{before.top + 2} H{x1} V{tip + 5}", f"M{x1 - 4} {tip + 6} h8 l-4 -6z"
    return f'<path class="link link{tone}" d="{path}"/><path class="link-head link-head{tone}" d="{head}"/>'


def _foot(place: Place, *, at_end: bool, inset: int, width: int) -> float:
    """Where on a bar an arrow begins or ends: a little inside of it."""
    if place.bar.is_moment:
        x = place.left
    else:
        inset = min(inset, (place.right - place.left) / 2)
        x = place.right - inset if at_end else place.left + inset
    return round(min(max(x, 4), width - 4), 1)
