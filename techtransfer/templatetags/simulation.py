"""Numbers and states of simulations as pages write them."""

from typing import Any

from django import template
from django.utils.safestring import SafeString

from oversight.kernel.components.marks import status
from techtransfer.models import Simulation

register = template.Library()

TONES = {
    "QUEUED": ("neutral", "open"),
    "RUNNING": ("info", "progress"),
    "DONE": ("ok", "ok"),
    "FAILED": ("warn", "warn"),
}


@register.filter
def runs(count: int) -> str:
    """2,000."""
    return f"{count:,}"


@register.simple_tag
def simulation_status(simulation: Simulation) -> SafeString:
    """Its state: a shape, a word and a tone."""
    return status(*TONES[simulation.status], simulation.get_status_display())


@register.simple_tag
def named(addresses: dict[Any, str], key: Any) -> str:
    """What stands under a key that only the page knows."""
    return addresses[key]
