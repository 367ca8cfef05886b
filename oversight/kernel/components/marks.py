"""The small pieces of every page: icons, status shapes, badges, avatars. Shape, word and colour, always all three."""

from functools import lru_cache
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from lucide.templatetags.lucide import lucide

NOTHING = mark_safe("")


@lru_cache(maxsize=500)
def icon(name: str, extra: str = "") -> SafeString:
    """A Lucide icon, hidden from screen readers: the words beside it say it."""
    classes = f"icon {extra}".strip()
    drawn = lucide(name, size=16, **{"class": classes, "aria_hidden": "true"})
    return mark_safe(drawn)  # noqa: S308  drawn from the library's own files


@lru_cache(maxsize=100)
def glyph(name: str) -> SafeString:
    """One of our status shapes, from the sprite at the top of the page."""
    return format_html('<svg class="glyph" aria-hidden="true"><use href="#g-{}"/></svg>', name)


def status(tone: str, shape: str, words: Any) -> SafeString:
    """How something stands."""
    return format_html('<span class="status" data-tone="{}">{}{}</span>', tone, glyph(shape), words)


def badge(tone: str, words: Any, shape: str = "") -> SafeString:
    """A quiet label; without a shape only where the words need none."""
    drawn = glyph(shape) if shape else NOTHING
    return format_html('<span class="badge" data-tone="{}">{}{}</span>', tone, drawn, words)


def slip(days: int, unit: str = "d") -> SafeString:
    """By how much a date moved: two weeks later is danger, later a warning, earlier good."""
    tone = "danger" if days >= 14 else "warn" if days > 0 else "ok"
    way = "arrow-right" if days > 0 else "arrow-left" if days < 0 else "minus"
    sign = "+" if days > 0 else "−" if days < 0 else ""
    said = "later" if days > 0 else "earlier" if days < 0 else "no change"
    return format_html(
        '<span class="slip" data-tone="{}">{}<span aria-hidden="true">{}{} {}</span>'
        '<span class="visually-hidden">{} {} {}</span></span>',
        tone,
        icon(way),
        sign,
        abs(days),
        unit,
        abs(days),
        unit if unit != "d" else "day" if abs(days) == 1 else "days",
        said,
    )


def due(tone: str, words: Any, small: Any, shape: str = "") -> SafeString:
    """A date with what is left of it, where there is no room or no need for a ring."""
    drawn = glyph(shape) if shape else NOTHING
    return format_html(
        '<span class="due" data-tone="{}"><b>{}{}</b><small>{}</small></span>', tone, drawn, words, small
    )


def avatar(name: str, size: str = "") -> SafeString:
    """The round mark before a person's name, which always stands beside it."""
    classes = f"avatar avatar--{size}" if size else "avatar"
    return format_html('<span class="{}" aria-hidden="true">{}</span>', classes, initials(name))


def initials(name: str) -> str:
    """Two capitals for the round or square mark beside a name."""
    words = [word for word in str(name).replace("-", " ").split() if word[0].isalnum()]
    if len(words) > 1:
        return (words[0][0] + words[1][0]).upper()
    return str(name)[:2].upper()


def inside(label: str) -> str:
    """A label as it stands inside a sentence: without its capital, unless the first word is an acronym."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]
