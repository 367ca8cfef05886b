"""What a programme takes from whoever opens it or takes the lead."""

from oversight.kernel.access.scope import Actor
from techtransfer.models import Programme


def lead(record: Programme, actor: Actor) -> None:
    """The person who leads it; a program leads nothing."""
    if actor.user:
        record.owner_id, record.owner_name = actor.user, actor.name
