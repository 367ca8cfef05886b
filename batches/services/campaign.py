"""What follows when a campaign is opened."""

from batches.models import Campaign
from oversight.kernel.access.scope import Actor
from techtransfer.services.plan import join


def begin(record: Campaign, actor: Actor) -> None:
    """It joins its programme."""
    join(record, actor)
