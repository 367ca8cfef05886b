"""The components as tags: `{% load ui %}`. What needs more markup than a line is a partial in templates/components/."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from oversight.kernel.components import drawings, fishbone, marks
from oversight.kernel.components.marks import NOTHING

register = template.Library()

for tag in (
    marks.icon,
    marks.glyph,
    marks.status,
    marks.badge,
    marks.slip,
    marks.due,
    marks.avatar,
    drawings.ring,
    drawings.spark,
    drawings.heat,
    drawings.meter,
    fishbone.fishbone,
):
    register.simple_tag(tag)
register.filter(marks.initials)
register.filter(marks.inside)

SEALS = {"danger": "critical", "warn": "warn", "ok": "ok", "info": "info", "neutral": "info"}


@register.filter
def recno(number: Any) -> SafeString:
    """A record's number, which must not break at its hyphens."""
    return format_html('<span class="nowrap">{}</span>', number)


@register.filter
def under(shelves: Any, name: str) -> Any:
    """What lies in a mapping under a name that only the page knows; nothing where there is none."""
    return shelves.get(name, ()) if shelves else ()


@register.simple_tag
def clock_face(face: Any, large: bool = False) -> SafeString:
    """A ring and its words. `face` has tone, left, over, words and small (oversight/kernel/clocks/face.py)."""
    return format_html(
        '<span class="clock{}" data-tone="{}">{}<span><b>{}</b><small>{}</small></span></span>',
        " clock--lg" if large else "",
        face.tone,
        drawings.ring(face.left, face.over),
        face.words,
        face.small,
    )


@register.simple_tag
def figure(label: str, value: Any, small: Any = "", *, href: str, tone: str = "", shape: str = "") -> SafeString:
    """One number above a page, as a link to its list; at most four stand in a `.figures`."""
    return format_html(
        '<a class="figure" href="{}"{}><span class="figure__label">{}{}</span>'
        '<span class="figure__value">{}{}</span></a>',
        href,
        format_html(' data-tone="{}"', tone) if tone else NOTHING,
        marks.glyph(shape) if shape else NOTHING,
        label,
        value,
        format_html(" <small>{}</small>", small) if small else NOTHING,
    )


@register.simple_block_tag
def notice(content: str, tone: str, shape: str = "", **attributes: str) -> SafeString:
    """What has to be known before anything else on the page. `role="status"` where it answers an act."""
    return format_html(
        '<div class="notice" data-tone="{}"{}>{}<div>{}</div></div>',
        tone,
        _attributes(attributes),
        marks.glyph(shape or SEALS[tone]),
        mark_safe(content.strip()),  # noqa: S308  rendered by the template around it
    )


@register.simple_block_tag
def empty(content: str, symbol: str, title: str, level: int = 2) -> SafeString:
    """An empty place: what will be here, and the one thing to do."""
    return format_html(
        '<div class="empty">{icon}<h{level}>{title}</h{level}>{content}</div>',
        icon=marks.icon(symbol),
        level=level,
        title=title,
        content=mark_safe(content.strip()),  # noqa: S308  rendered by the template around it
    )


def _attributes(given: dict[str, str]) -> SafeString:
    return mark_safe("".join(format_html(' {}="{}"', name.replace("_", "-"), value) for name, value in given.items()))  # noqa: S308
