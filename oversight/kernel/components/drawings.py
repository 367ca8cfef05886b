"""Small drawings: the ring of a clock, a trend, a level of risk.

Attributes and classes only, so that they pass the content policy, follow the theme and print. Every number is computed
here and every text goes through `format_html`.
"""

from collections.abc import Sequence
from itertools import starmap

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from .marks import icon

LEVELS = ("", "low", "moderate", "elevated", "high", "critical")
WIDTH, HEIGHT = 96, 28  # of a trend
SPAN = 36.0  # points that every trend spans, so that a flat line is a flat line


def ring(left: float, over: bool = False) -> SafeString:
    """The share of a clock that is left, 0 to 1; a disc when it ran out. Decoration: the words stand beside it."""
    if over:
        drawn = '<circle class="clock__over" cx="12" cy="12" r="10.5"/>'
    else:
        share = round(min(max(float(left), 0.0), 1.0) * 100, 1)
        drawn = (
            '<circle class="clock__track" cx="12" cy="12" r="9"/><circle class="clock__left" cx="12" cy="12" r="9"'
            f' pathLength="100" stroke-dasharray="{share} {round(100 - share, 1)}"/>'
        )
    return mark_safe(f'<svg viewBox="0 0 24 24" aria-hidden="true">{drawn}</svg>')  # noqa: S308  numbers only


def spark(values: Sequence[float], label: str) -> SafeString:
    """A trend over equal steps of time; the label says what a look at it tells."""
    if not values:
        return mark_safe("")
    middle = (min(values) + max(values)) / 2
    reach = max(SPAN, max(values) - min(values))
    step = (WIDTH - 6) / max(len(values) - 1, 1)

    def place(number: int, value: float) -> tuple[float, float]:
        return round(number * step + 2, 1), round(HEIGHT - 3 - ((value - middle) / reach + 0.5) * (HEIGHT - 6), 1)

    points = list(starmap(place, enumerate(values)))
    line = "M" + " L".join(f"{x} {y}" for x, y in points)
    (first, _), (last, height) = points[0], points[-1]
    return format_html(
        '<svg class="spark" viewBox="0 0 {} {}" role="img" aria-label="{}"><path class="spark__area" d="{}"/>'
        '<path d="{}"/><circle cx="{}" cy="{}" r="2.5"/></svg>',
        WIDTH,
        HEIGHT,
        label,
        f"{line} L{last} {HEIGHT - 1} L{first} {HEIGHT - 1} Z",
        line,
        last,
        height,
    )


def heat(value: int, level: int, label: str, *, change: int = 0, href: str = "") -> SafeString:
    """A level of risk, 1 to 5: the number, how it moved in 90 days, and as many pips as the level."""
    way, said = ("arrow-up", "up ") if change > 0 else ("arrow-down", "down ") if change < 0 else ("minus", "unchanged")
    pips = format_html_join("", "<i{}></i>", ((mark_safe(' class="on"') if n <= level else "",) for n in range(1, 6)))
    tag, link = ("a", format_html(' href="{}"', href)) if href else ("span", mark_safe(""))
    return format_html(
        '<{tag} class="heat"{link} data-level="{level}"><span class="visually-hidden">{label}: </span><b>{value}</b>'
        '<span class="visually-hidden"> of 100, {word}, </span><span class="heat__delta">{icon}'
        '<span class="visually-hidden">{said}</span>{by}<span class="visually-hidden"> in 90 days</span></span>'
        '<span class="pips" data-level="{level}" aria-hidden="true">{pips}</span></{tag}>',
        tag=tag,
        link=link,
        level=level,
        label=label,
        value=value,
        word=LEVELS[level],
        icon=icon(way),
        said=said,
        by=abs(change) or "",
        pips=pips,
    )


def meter(value: float, most: float, label: str, tone: str = "") -> SafeString:
    """How much of a whole; a real element, because a width in a style would be blocked."""
    toned = format_html(' data-tone="{}"', tone) if tone else ""
    return format_html('<progress class="meter" value="{}" max="{}" aria-label="{}"{}>{} of {}</progress>',
                       value, most, label, toned, value, most)  # fmt: skip
