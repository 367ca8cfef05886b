"""What is drawn of each step: its forecast, its slip, its baseline and where a what-if puts it."""

from collections.abc import Iterator
from datetime import date
from html import escape

from oversight.kernel.records.words import day_in_words

from .period import Period
from .places import Place
from .values import LANE, Bar, Span

LETTER, STRONG = 5.9, 6.9  # pixels, of the small type and the strong one
BESIDE = 6  # between a bar and its words
SLIP = 50  # pixels, of the mark of a slip
LATE = 14  # days, from which a slip is in the colour of danger


def drawn(place: Place, period: Period) -> Iterator[str]:
    """A step in a row of its own."""
    bar, end = place.bar, place.right
    if bar.baseline and _meets(bar.baseline, period):
        yield _baseline(bar.baseline, place, period)
    if bar.span and _meets(bar.span, period):
        yield _moment(bar, place) if bar.is_moment else _activity(bar, place)
        words, end = _words(bar, bar.span, place, period)
        yield words
        if bar.slip:
            yield _slip(bar.slip, end, place.top, period)
    if bar.imagined:
        yield _imagined(bar, place, period)


def folded(place: Place) -> str:
    """A step in the row of its folded lane."""
    bar = place.bar
    if not place.is_drawn:
        return ""
    if bar.is_moment:
        return _diamond(_of("ms", bar), place.left, place.top + LANE / 2, 5, told(bar))
    return _rect(_of("bar", bar), place.left, place.right, place.bar_top, 10, told(bar))


def short(day: date) -> str:
    """9 Nov."""
    return f"{day.day} {day:%b}"


def told(bar: Bar) -> str:
    """What a hand that rests on it is told."""
    said = bar.title
    if bar.span:
        said += f": {'done' if bar.is_done else 'forecast'} {_range(bar.span, moment=bar.is_moment)}"
    if bar.baseline:
        said += f", baseline {_range(bar.baseline, moment=bar.is_moment)}"
    return said


def _meets(span: Span, period: Period) -> bool:
    return span.start <= period.last and span.end >= period.first


def _of(name: str, bar: Bar) -> str:
    kind = "done" if bar.is_done else "crit" if bar.is_critical else ""
    return f"{name} {name}--{kind}" if kind else name


def _rect(name: str, left: float, right: float, top: float, height: int, said: str) -> str:
    width, curve = round(max(right - left, 2), 1), min(3, height / 2)
    return (
        f'<rect class="{name}" x="{left}" y="{top}" width="{width}" height="{height}" rx="{curve}">'
        f"<title>{escape(said)}</title></rect>"
    )


def _diamond(name: str, x: float, middle: float, half: int, said: str) -> str:
    shape = f"M{x} {middle - half} l{half} {half} -{half} {half} -{half} -{half}z"
    return f'<path class="{name}" d="{shape}"><title>{escape(said)}</title></path>'


def _text(name: str, x: float, y: float, words: str, anchor: str = "") -> str:
    anchored = f' text-anchor="{anchor}"' if anchor else ""
    return f'<text class="{name}" x="{round(x, 1)}" y="{y}"{anchored}>{escape(words)}</text>'


def _activity(bar: Bar, place: Place) -> str:
    rect = _rect(_of("bar", bar), place.left, place.right, place.bar_top, 17, told(bar))
    return f'<a href="{escape(bar.href)}" tabindex="-1">{rect}</a>'


def _moment(bar: Bar, place: Place) -> str:
    return _diamond(_of("ms", bar), place.left, place.top + 15, 8, told(bar))


def _words(bar: Bar, span: Span, place: Place, period: Period) -> tuple[str, float]:
    """The dates, inside the bar where they fit, else behind it, else before it; and where the slip may stand."""
    y, half = place.top + 18.5, 7 if bar.is_moment else 0
    words = short(span.end) if bar.is_moment else f"{short(span.start)} – {short(span.end)}"
    room, name = (len(words) * STRONG, "t-strong") if bar.is_moment else (len(words) * LETTER, "t-mid")
    behind = place.right + half + BESIDE
    if place.right - place.left > room + 2 * BESIDE:
        plain = "" if bar.is_critical and not bar.is_done else " bar-label--on-plain"
        return _text(f"bar-label{plain}", place.left + 7, y, words), behind
    if behind + room + (SLIP if bar.slip else 0) < period.width:
        return _text(name, behind, y, words), behind + room + BESIDE
    return _text(name, place.left - half - BESIDE, y, words, "end"), behind


def _baseline(span: Span, place: Place, period: Period) -> str:
    said = f"Baseline {_range(span, moment=place.bar.is_moment)}"
    if place.bar.is_moment:
        return _diamond("ms-base", period.at(span.start), place.top + 15, 7, said)
    return _rect("base-fill", period.at(span.start), period.after(span.end), place.top + 26, 3, said)


def _slip(days: int, x: float, top: float, period: Period) -> str:
    words = f"{'+' if days > 0 else '−'}{abs(days)} d"
    width = round(9 + 6.2 * len(words), 1)
    x = round(min(x, period.width - width), 1)
    tone = "danger" if days >= LATE else "ok" if days < 0 else ""
    ground, ink = (f"slip-bg slip-bg--{tone}", f"slip-text slip-text--{tone}") if tone else ("slip-bg", "slip-text")
    rect = f'<rect class="{ground}" x="{x}" y="{top + 7}" width="{width}" height="15" rx="3"/>'
    return rect + _text(ink, x + width / 2, top + 18, words, "middle")


def _imagined(bar: Bar, place: Place, period: Period) -> str:
    """Beneath the bar: where a what-if puts it, or a cross and a word."""
    found, top = bar.imagined, place.top
    if found is None or (found.span and not _meets(found.span, period)):
        return ""
    if found.span is None:
        x = max(place.left, 0) + 2
        return f'<path class="wi-x" d="M{x} {top + 34} l7 7 m0 -7 l-7 7"/>' + _text(
            "wi-text", x + 13, top + 42, found.word
        )
    left, right = period.at(found.span.start), period.after(found.span.end)
    if bar.is_moment:
        words = f"{found.word} {short(found.span.start)}".strip()
        return _diamond("wi-ms", left, top + 36, 8, words) + _text("wi-text", left - 14, top + 40, words, "end")
    words = f"{short(found.span.start)} – {short(found.span.end)}" + (f", {found.word}" if found.word else "")
    fits = right + BESIDE + len(words) * LETTER < period.width
    x, anchor = (right + BESIDE, "") if fits else (left - BESIDE, "end")
    return _rect("wi", left, right, top + 33, 11, words) + _text("wi-text", x, top + 42.5, words, anchor)


def _range(span: Span, *, moment: bool) -> str:
    return day_in_words(span.end) if moment else f"{short(span.start)} to {day_in_words(span.end)}"
