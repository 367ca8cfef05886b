"""Small pieces of every page: icons, status shapes, badges."""

from functools import lru_cache
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from lucide.templatetags.lucide import lucide

register = template.Library()


@register.simple_tag
@lru_cache(maxsize=500)
def icon(name: str, extra: str = "") -> str:
    """A Lucide icon, hidden from screen readers: the words beside it say it."""
    classes = f"icon {extra}".strip()
    return lucide(name, size=16, **{"class": classes, "aria_hidden": "true"})


@register.simple_tag
@lru_cache(maxsize=100)
def glyph(name: str) -> SafeString:
    """One of our status shapes, from the sprite at the top of the page."""
    return format_html('<svg class="glyph" aria-hidden="true"><use href="#g-{}"/></svg>', name)


@register.simple_tag
def status(tone: str, shape: str, words: Any) -> SafeString:
    """Shape, word and colour, always all three."""
    return format_html('<span class="status" data-tone="{}">{}{}</span>', tone, glyph(shape), words)


@register.filter
def inside(label: str) -> str:
    """A label as it stands inside a sentence: without its capital, unless the first word is an acronym."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


@register.filter
def initials(name: str) -> str:
    """Two capitals for the round or square mark beside a name."""
    words = [word for word in str(name).replace("-", " ").split() if word[0].isalnum()]
    if len(words) > 1:
        return (words[0][0] + words[1][0]).upper()
    return str(name)[:2].upper()
