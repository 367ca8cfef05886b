"""The sponsors, CDMOs and sites that are measured, written set-based through the write door."""

from dataclasses import dataclass
from typing import Any, Self

from django.db import connection

from cdmos.models import CDMO, Site
from oversight.kernel.access.models import Sponsor
from oversight.kernel.access.scope import Actor
from oversight.kernel.access.sponsors import found_sponsor
from oversight.kernel.trail.change import change
from oversight.roles import Role

from .members import actor_of, join, system, told_of
from .plain import make_plain

SITES = 100_000  # of all sponsors together
LARGE_SHARE = 0.8  # of the sites, at the sponsor that is measured
CDMOS = 300
SMALL_SPONSORS = 4
SMALL_CDMOS = 20
GRANTED = 3  # CDMOs that the narrowed reviewer sees
FEW = (1, 50, 500)  # sites of the sponsors whose list pages are compared

_SITES = """
INSERT INTO cdmos_site (tenant_id, version, number, status, cdmo_id, name, address, city, country, time_zone,
                        fei_number, working_week)
SELECT tenant_id, 1, 'SITE-' || lpad(n::text, 6, '0'), 'ACTIVE', id, 'Site ' || lpad(n::text, 6, '0'),
       n || ' Harbour Road', 'City ' || n %% 997, (ARRAY['CH', 'DE', 'AT', 'IE', 'US'])[1 + n %% 5], 'Europe/Zurich',
       lpad((3000000 + n)::text, 10, '0'), 'MON_FRI'
  FROM (SELECT tenant_id, id, row_number() OVER (ORDER BY id) - 1 AS place, count(*) OVER () AS cdmos
          FROM cdmos_cdmo WHERE tenant_id = %(tenant)s) c
  JOIN generate_series(0, %(sites)s - 1) n ON n %% c.cdmos = c.place
"""


@dataclass(frozen=True, slots=True)
class World:
    """Who acts in the figures, and on what."""

    staff: Actor  # sees the whole of the large sponsor
    partner: Actor  # sees one CDMO of it
    narrowed: Actor  # sees the few CDMOs that were granted
    cdmos: tuple[int, ...]  # of the large sponsor
    site: int  # a site of the partner's CDMO
    few: dict[int, Actor]  # number of sites → staff of a sponsor that has as many

    def told(self) -> dict[str, Any]:
        """As JSON holds it."""
        actors = {name: told_of(getattr(self, name)) for name in ("staff", "partner", "narrowed")}
        few = {str(sites): told_of(actor) for sites, actor in self.few.items()}
        return actors | {"cdmos": self.cdmos, "site": self.site, "few": few}

    @classmethod
    def of(cls, told: dict[str, Any]) -> Self:
        """The world that was told."""
        actors = {name: actor_of(told[name]) for name in ("staff", "partner", "narrowed")}
        few = {int(sites): actor_of(actor) for sites, actor in told["few"].items()}
        return cls(**actors, cdmos=tuple(told["cdmos"]), site=told["site"], few=few)


def fill_world() -> dict[str, Any]:
    """Fill the empty database: several sponsors, the large one with most of the sites; and the plain sites beside."""
    world = build()
    make_plain()
    return world.told()


def build() -> World:
    """Several sponsors with people, CDMOs and sites."""
    large = found_sponsor(slug="large", name="Large Therapeutics")
    sites = int(SITES * LARGE_SHARE)
    cdmos = _fill(large, cdmos=CDMOS, sites=sites)
    for number in range(SMALL_SPONSORS):
        small = found_sponsor(slug=f"small-{number}", name=f"Small {number}")
        _fill(small, cdmos=SMALL_CDMOS, sites=(SITES - sites) // SMALL_SPONSORS)
    few = {}
    for number in FEW:
        sponsor = found_sponsor(slug=f"few-{number}", name=f"Few {number}")
        _fill(sponsor, cdmos=1, sites=number)
        few[number] = join(sponsor, Role.QA_DIRECTOR)
    chosen = cdmos[CDMOS // 2]
    granted = cdmos[CDMOS // 2 : CDMOS // 2 + GRANTED]
    partner = join(large, Role.CDMO_QA, cdmo=chosen)
    narrowed = join(large, Role.QA_REVIEWER, grants=granted)
    staff = join(large, Role.QA_DIRECTOR)
    with change(by=staff):
        site = Site.objects.visible_to(staff).filter(cdmo_id=chosen).earliest("id").pk
    return World(staff, partner, narrowed, cdmos, site, few)


def _fill(sponsor: Sponsor, *, cdmos: int, sites: int) -> tuple[int, ...]:
    with change(by=system(sponsor), reason="Filled for the benchmark"):
        made = CDMO.objects.bulk_create(
            CDMO(
                tenant_id=sponsor.pk,
                number=f"CDMO-{n:04}",
                name=f"CDMO {n:03}",
                country="CH",
                outsourcing_model="PREFERRED",
                analytical=True,
            )
            for n in range(cdmos)
        )
        with connection.cursor() as cursor:
            cursor.execute(_SITES, {"tenant": sponsor.pk, "sites": sites})
    return tuple(cdmo.pk for cdmo in made)
