"""The filters of a list as chips: what is set can be taken away, what is not can be added; without any script."""

from collections.abc import Iterable
from dataclasses import dataclass

from django import template
from django.http import QueryDict

from ..filters import Filter

register = template.Library()
LINKED = 12  # options that are links; more than these are a box to choose from


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter: set, with the link that takes it away; or not, with what may be chosen."""

    filter: Filter
    without: str = ""
    links: tuple[tuple[str, str], ...] = ()

    @property
    def label(self) -> str:
        return self.filter.label


@register.simple_tag
def chips(filters: Iterable[Filter], view: str) -> tuple[list[Chip], list[Chip]]:
    """Those that are set and those that may be added; `view` is the query string of what is shown."""
    on, off = list[Chip](), list[Chip]()
    for one in filters:
        if one.value:
            on.append(Chip(one, without=_link(view, one.name, "")))
        elif one.is_day:
            off.append(Chip(one))
        elif one.options:
            links = tuple((words, _link(view, one.name, value)) for value, words in one.options)
            off.append(Chip(one, links=links if len(links) <= LINKED else ()))
    return on, off


def _link(view: str, name: str, value: str) -> str:
    """The present view with another value of one filter; an address of the same page."""
    state = QueryDict(view, mutable=True)
    state.pop(name, None)
    if value:
        state[name] = value
    return "?" + state.urlencode()
