"""Impact alerts: one for each CDMO of the cast. No person raises one: the forecast does."""

from datetime import UTC, date, datetime

from cdmos.models import CDMO
from oversight.kernel.access.scope import Actor
from oversight.kernel.trail.change import change
from techtransfer.models import ImpactAlert

from . import Specimen, planner_of
from .programme import plan


def alert(by: Actor, cdmo: CDMO | None, title: str) -> ImpactAlert:
    """One alert of a programme of its own, put on file as the forecast would."""
    programme = plan(by)
    with change(by=by):
        return ImpactAlert.objects.create(
            tenant_id=by.tenant,
            programme=programme,
            product_code="ACM-101",
            cdmo=cdmo,
            title=title,
            steps=2,
            was_on=date(2027, 2, 1),
            now_on=date(2027, 2, 27),
            days=26,
            cause="The capture column was held",
            raised_at=datetime(2026, 11, 20, 9, 0, tzinfo=UTC),
        )


SPECIMEN = Specimen(
    own=lambda world: alert(world.omar, world.lyra, "Lyra's alert"),
    sibling=lambda world: alert(world.omar, world.orion, "Orion's alert"),
    foreign=lambda world: alert(planner_of(world, "rival"), world.foreign, "Rival's alert"),
    title="title",
)
