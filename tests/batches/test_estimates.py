"""How long a hold may take: the partner's own past investigations, else the network's, never zero."""

from datetime import UTC, datetime, timedelta

from batches.services.estimates import Estimate, estimate
from cdmos.models import Site
from oversight.kernel.access.scope import Actor, scope
from oversight.kernel.trail.change import change
from quality.models import Deviation
from tests.cast import World, system

BEGAN = datetime(2025, 3, 3, 9, 0, tzinfo=UTC)


def took(by: Actor, site: Site, *days: int, status: str = "CLOSED") -> None:
    """Past investigations of so many days, put on file past their workflow."""
    with change(by=by):
        for count in days:
            Deviation.objects.create(
                tenant_id=by.tenant, cdmo_id=site.cdmo_id, site=site, title="Past", description="Past",
                severity="MAJOR", event_type="RECORD_DISCREPANCY", status=status,
                occurred_at=BEGAN, aware_at=BEGAN, closed_at=BEGAN + timedelta(days=count, hours=7),
            )  # fmt: skip


def guess(world: World, cdmo: int) -> Estimate:
    by = system(world.acme)
    with scope(by):
        return estimate(cdmo, by=by)


def test_eight_of_its_own_are_enough(world: World) -> None:
    took(system(world.acme), world.lyra_site, 10, 12, 20, 23, 25, 30, 41, 60)
    took(system(world.acme), world.orion_site, 1, 2, 3)
    took(system(world.acme), world.lyra_site, 400, status="VOID")
    took(system(world.rival), world.foreign_site, 900, 901, 902)
    # Nearest rank of 8: the 4th (ceil of 4.0) and the 7th (ceil of 6.4).
    assert guess(world, world.lyra.pk) == Estimate(23, 41, 8, "PARTNER")


def test_fewer_than_eight_are_counted_with_those_of_the_network(world: World) -> None:
    took(system(world.acme), world.lyra_site, 10, 12, 20, 23, 25, 30, 41)
    took(system(world.acme), world.orion_site, 5, 7, 90)
    # Ten of them: the 5th and the 8th.
    assert guess(world, world.lyra.pk) == guess(world, world.orion.pk) == Estimate(20, 30, 10, "NETWORK")


def test_where_none_is_known_the_house_gives_thirty_days(world: World) -> None:
    took(system(world.rival), world.foreign_site, 5)
    assert guess(world, world.lyra.pk) == Estimate(30, 30, 0, "DEFAULT")


def test_an_estimate_is_never_zero(world: World) -> None:
    took(system(world.acme), world.lyra_site, *([0] * 8))
    assert guess(world, world.lyra.pk) == Estimate(1, 1, 8, "PARTNER")
