"""Who is told that a step is likely to end late: whoever answers for it, once for each level."""

from collections.abc import Iterator
from typing import cast

from oversight.kernel.notifications.audience import Audience, Circle
from oversight.kernel.outbox.models import Event
from oversight.kernel.trail.models import Record
from oversight.roles import Role
from techtransfer.models import EarlyWarning

Level = EarlyWarning.Level


def warned(event: Event, record: Record, audience: Audience) -> Iterator[tuple[str, Circle]]:
    """The owners of the step and of its programme; of a red one the CMC director, too. Facts alone tell nobody."""
    warning = cast(EarlyWarning, record)
    level = str(event.facts.get("level", ""))
    if warning.status != EarlyWarning.Status.OPEN or warning.level != level:
        return  # over, or another level, before anybody could be told
    owners = audience.people({warning.milestone.owner_id, warning.programme.owner_id} - {0}) & audience.sponsors
    if level == Level.RED:
        yield "warned-red", owners | audience.roles(Role.CMC_DIRECTOR)
    elif level == Level.AMBER and event.facts.get("was") != Level.RED:
        yield "warned-amber", owners
