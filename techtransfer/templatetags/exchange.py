"""Where a programme's plan comes in and goes out as a file, for its page."""

from typing import Any

from django import template

from oversight.kernel.access.scope import Actor
from oversight.kernel.records.addresses import place
from techtransfer.exchange.exporting import FORMATS
from techtransfer.exchange.staging import may_import
from techtransfer.models import Programme

register = template.Library()


@register.simple_tag
def plan_files(programme: Programme, actor: Actor) -> dict[str, Any]:
    """Addresses: `bring` is empty for who may not import, or while nothing can be; `brought` for who is narrowed."""
    may = programme.status == Programme.Status.ACTIVE and actor.cdmos is None and may_import(actor)
    imports = place("programmes-imports", actor, pk=programme.pk)
    formats = {ending: each.words for ending, each in FORMATS.items()} | {"ics": "Calendar"}
    return {
        "bring": imports if may else "",
        "brought": imports if actor.cdmos is None else "",
        "give": [
            (place(f"programmes-plan-{ending}", actor, pk=programme.pk), words) for ending, words in formats.items()
        ],
    }
