"""The fact beside a label, as on a list."""

from django import template

from oversight.kernel.records.facts import Fact
from oversight.kernel.records.rows import shown

register = template.Library()


@register.simple_tag
def fact_shown(fact: Fact) -> str:
    """What stands beside the label of the fact."""
    return shown(fact)
