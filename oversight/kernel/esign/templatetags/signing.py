"""What the pages of a signature ask for."""

from django import template

from oversight.kernel.access.scope import Actor
from oversight.kernel.esign import signing

register = template.Library()


@register.simple_tag
def sign_block(actor: Actor) -> signing.SignBlock:
    """As whom the person signs, and what the first signature agrees to."""
    return signing.sign_block(actor)
