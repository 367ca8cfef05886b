"""Marks of a plan: by how much a date moved, quiet where it did not."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from oversight.kernel.components.marks import slip

register = template.Library()

NO_CHANGE = mark_safe('<span class="muted">0 d</span>')


@register.simple_tag
def slipped(days: int | None, nothing: str = "None") -> SafeString:
    """By how many days; `nothing` where there is nothing to compare with."""
    if days is None:
        return format_html('<span class="absent">{}</span>', nothing)
    return slip(days) if days else NO_CHANGE
