"""What the palette offers before anything was typed."""

from typing import Any

from django import template

from oversight.kernel.records.addresses import address

from ..sources import kinds_found

register = template.Library()


@register.simple_tag(takes_context=True)
def new_records(context: dict[str, Any]) -> list[tuple[str, str]]:
    """What the actor may put on record, and where."""
    actor = context["actor"]
    return [
        (kind.to_add, address(kind, "create", actor))
        for kind in kinds_found().values()
        if kind.may_write(actor, "create")
    ]
