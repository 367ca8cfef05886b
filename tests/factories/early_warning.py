"""Early warnings: one of a step at each CDMO of the cast. No person raises one: the arithmetic does."""

from datetime import UTC, date, datetime

from cdmos.models import Site
from oversight.kernel.access.scope import Actor
from oversight.kernel.trail.change import change
from techtransfer.models import EarlyWarning

from . import Specimen, planner_of
from .milestone import step


def warning(by: Actor, site: Site, title: str) -> EarlyWarning:
    """One warning of a step of its own, put on file as the system would."""
    of = step(by, site, title=title)
    with change(by=by):
        return EarlyWarning.objects.create(
            tenant_id=by.tenant,
            programme=of.programme,
            product_code="ACM-101",
            cdmo=site.cdmo,
            milestone=of,
            title=title,
            level="AMBER",
            chance=71,
            basis="LEARNT",
            learnt_from=14,
            learnt_here=9,
            says="Likely to end late: 71 % at one check-in, from 14 finished steps of its kind, 9 of them here.",
            agreed_on=date(2026, 12, 1),
            raised_at=datetime(2026, 11, 20, 9, 0, tzinfo=UTC),
        )


SPECIMEN = Specimen(
    own=lambda world: warning(world.omar, world.lyra_site, "Lyra's warning"),
    sibling=lambda world: warning(world.omar, world.orion_site, "Orion's warning"),
    foreign=lambda world: warning(planner_of(world, "rival"), world.foreign_site, "Rival's warning"),
    title="title",
)
