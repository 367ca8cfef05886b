"""`{% bell as present %}`: how many notices the present actor has not opened yet, and where they stand."""

from dataclasses import dataclass
from typing import Any

from django import template

from oversight.kernel.notifications.reading import unread
from oversight.kernel.records.addresses import place

register = template.Library()


@dataclass(frozen=True, slots=True)
class Bell:
    """What the bell in the bar shows."""

    href: str
    count: int

    @property
    def words(self) -> str:
        """How many are unread, in words."""
        return "more than 99 unread" if self.count > 99 else f"{self.count} unread"


@register.simple_tag(takes_context=True)
def bell(context: dict[str, Any]) -> Bell | None:
    """None outside a sponsor."""
    actor = context.get("actor")
    if actor is None:
        return None
    frame = context.get("frame")  # what a page counts once for all that stands around it
    return Bell(
        place("notices", actor),
        frame.unread.number if frame is not None else unread(actor),
    )
