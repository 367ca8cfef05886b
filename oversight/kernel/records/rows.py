"""The lines of a list, and what stands in their cells, as HTML.

Put together here and not by a template: a list is read more often than anything else, and for 25 lines a template looks
up some 2,000 names. Every text goes through `escape`.
"""

from collections.abc import Iterable
from html import escape

from django.utils.safestring import SafeString, mark_safe

from oversight.kernel.components.marks import glyph, status

from .facts import Fact


def shown(fact: Fact) -> SafeString:
    """What stands beside a label."""
    return mark_safe(_shown(fact))  # noqa: S308  every text below is escaped


def _shown(fact: Fact) -> str:
    if fact.badges:
        badges = "".join(f'<span class="badge">{escape(one)}</span>' for one in fact.badges)
        return f'<span class="badges">{badges}</span>'
    if not fact.text:
        return '<span class="absent">Not given</span>'
    if fact.tone:
        return status(fact.tone, fact.glyph, fact.text)
    text = escape(fact.text)
    if fact.external:
        return f'<a href="{escape(fact.href)}" rel="noopener noreferrer external">{text}</a>'
    if fact.href:
        return f'<a href="{escape(fact.href)}">{text}</a>'
    return f'<div class="prose">{text}</div>' if fact.long else text


def line(title: str, href: str, beneath: Iterable[Fact], columns: Iterable[Fact]) -> SafeString:
    """One record: its title, which leads to its page, with what stands beneath it, and its columns."""
    under = "".join(_mark(fact) for fact in beneath)
    meta = f'<div class="meta">{under}</div>' if under else ""
    lead = f'<td class="cell-lead"><a class="cell-main" href="{escape(href)}">{escape(title)}</a>{meta}</td>'
    cells = (f'<td data-label="{escape(fact.label)}"><span>{_shown(fact)}</span></td>' for fact in columns)
    return mark_safe(f"<tr>{lead}{''.join(cells)}</tr>")  # noqa: S308  every text above is escaped


def _mark(fact: Fact) -> str:
    if fact.tone:
        shape = glyph(fact.glyph) if fact.glyph else ""
        return f'<span class="badge" data-tone="{escape(fact.tone)}">{shape}{escape(fact.text)}</span>'
    return f'<span class="id">{escape(fact.text)}</span>' if fact.text else ""
