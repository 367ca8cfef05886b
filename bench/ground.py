"""Programmes of many steps, filled in as the service would have put them on file, and dated by a first run."""

from dataclasses import asdict, dataclass
from typing import Any, Self

from django.db import connection
from django.utils import timezone

from cdmos.models import CDMO, Site
from oversight.kernel.access.scope import Actor
from oversight.kernel.access.sponsors import found_sponsor
from oversight.kernel.database.roles import connection_as
from oversight.kernel.trail.change import change
from oversight.roles import Role
from techtransfer.causes import Cause
from techtransfer.forecast import Reasons, recascade
from techtransfer.models import Milestone, Product, Programme, Study
from techtransfer.schedule import Link, Node

from .members import actor_of, join, system
from .plans import SITES, realistic

SIZES = (200, 1_000, 10_000, 100_000)
STATUS_DAY = 100  # of the networks that `realistic` makes: that day is today
NOTED = Reasons(Cause(words="Measured"))

_STEPS = """
INSERT INTO techtransfer_milestone (tenant_id, version, number, status, programme_id, product_code, title, step, stage,
    cdmo_id, site_id, calendar, line, owner_id, owner_name, duration_days, earliest_start, actual_start, actual_end,
    batch_id, batch_number, held_until, held_since, stopped_days, hold_kind, hold_id, hold_number, hold_cause,
    fact_kind, fact_id, fact_number, fact, moved_because, cause_kind, cause_id, cause_number, driver, driver_id,
    driver_link, hold_days, is_critical, warning, external_id)
SELECT %(tenant)s, 1, 'MS-' || lpad(n::text, 6, '0'),
       CASE WHEN ended IS NOT NULL THEN 'DONE' WHEN began IS NOT NULL THEN 'IN_PROGRESS' ELSE 'PLANNED' END,
       %(programme)s, 'BENCH', 'Step ' || n, 'OTHER', 'DS', %(cdmo)s, (%(sites)s::bigint[])[site],
       CASE WHEN site IS NULL THEN 'EVERY_DAY' ELSE 'SITE' END, '', 0, '', length, day0 + floor, day0 + began,
       day0 + ended - CASE WHEN length > 0 THEN 1 ELSE 0 END, 0, '', day0 + held,
       CASE WHEN held IS NOT NULL THEN day0 END, 0, '', 0, '', '', '', 0, '', '', '', '', 0, '', '', 0, '', 0, false,
       '', ''
  FROM unnest(%(keys)s::int[], %(lengths)s::int[], %(places)s::int[], %(floors)s::int[], %(begins)s::int[],
              %(ends)s::int[], %(holds)s::int[]) v (n, length, site, floor, began, ended, held),
       (SELECT %(today)s::date - %(status)s AS day0) d
"""
_LINKS = """
INSERT INTO techtransfer_dependency (tenant_id, version, number, status, programme_id, predecessor_id, successor_id,
    link, lag_days, lag_unit, note)
SELECT %(tenant)s, 1, 'DEP-' || lpad(n::text, 7, '0'), 'ACTIVE', %(programme)s, before, after, type, lag, unit, ''
  FROM unnest(%(befores)s::bigint[], %(afters)s::bigint[], %(types)s::text[], %(lags)s::int[], %(units)s::text[])
       WITH ORDINALITY v (before, after, type, lag, unit, n)
"""


@dataclass(frozen=True, slots=True)
class Ground:
    """One programme of so many steps, and the step whose slip is measured."""

    actor: Actor  # the system
    lead: Actor  # who plans
    programme: int
    steps: int
    slipping: int

    def told(self) -> dict[str, Any]:
        """As JSON holds it."""
        return asdict(self)

    @classmethod
    def of(cls, told: dict[str, Any]) -> Self:
        """The ground that was told."""
        return cls(**told | {"actor": actor_of(told["actor"]), "lead": actor_of(told["lead"])})


def fill_grounds() -> dict[str, Any]:
    """One of each size, as JSON holds it."""
    told = {str(size): fill(size).told() for size in SIZES}
    _settle()
    return told


def _settle() -> None:
    """Let the planner know how many there are: it must not guess when 100,000 rows came a moment ago."""
    with connection_as("owner") as owner, owner.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")


def fill(size: int) -> Ground:
    """A sponsor with one programme of `size` steps, dated by a first run."""
    sponsor = found_sponsor(slug=f"plan-{size}", name=f"Plan {size}")
    actor = system(sponsor)
    nodes, links, _ = realistic(size, 7)
    with change(by=actor, reason="Filled for the benchmark"):
        cdmo = CDMO.objects.create(name="Maker", country="CH", outsourcing_model="TACTICAL", drug_substance=True)
        told = {"city": "Basel", "country": "CH", "time_zone": "Europe/Zurich"}
        sites = [Site.objects.create(cdmo=cdmo, name=f"Site {n}", **told).pk for n in range(SITES)]
        product = Product.objects.create(code="BENCH", name="Measured", modality="ANTIBODY", dosage_form="SOLUTION")
        programme = Programme.objects.create(product=product, title="Measured", phase="PHASE_2")
        _insert(actor, programme.pk, cdmo.pk, sites, nodes, links)
        last = Milestone.objects.get(number=f"MS-{size - 1:06}")
        Study.objects.create(programme=programme, code="BENCH-1", title="Measured", first_patient_in=last)
        slipping = Milestone.objects.get(number=f"MS-{size - 60:06}").pk
    _settle()
    recascade(programme.pk, by=actor, reasons=NOTED)
    return Ground(actor, join(sponsor, Role.CMC_LEAD), programme.pk, size, slipping)


def _insert(actor: Actor, programme: int, cdmo: int, sites: list[int], nodes: list[Node], links: list[Link]) -> None:
    place = {f"site {number}": number + 1 for number in range(SITES)}
    values = {
        "tenant": actor.tenant,
        "programme": programme,
        "cdmo": cdmo,
        "sites": sites,
        "today": timezone.now().date(),
        "status": STATUS_DAY,
        "keys": [node.id for node in nodes],
        "lengths": [node.duration for node in nodes],
        "places": [place.get(node.calendar or "") for node in nodes],
        "floors": [node.not_before for node in nodes],
        "begins": [node.actual_start for node in nodes],
        "ends": [node.actual_finish for node in nodes],
        "holds": [node.finish_not_before for node in nodes],
    }
    with connection.cursor() as cursor:
        cursor.execute(_STEPS, values)
        cursor.execute(
            "SELECT right(number, 6)::int, id FROM techtransfer_milestone WHERE programme_id = %s", [programme]
        )
        keys = dict(cursor.fetchall())
        cursor.execute(_LINKS, _ties(actor, programme, keys, links))


def _ties(actor: Actor, programme: int, keys: dict[int, int], links: list[Link]) -> dict[str, Any]:
    return {
        "tenant": actor.tenant,
        "programme": programme,
        "befores": [keys[link.pred] for link in links],
        "afters": [keys[link.succ] for link in links],
        "types": [link.type for link in links],
        "lags": [link.lag for link in links],
        "units": ["WORKING" if link.calendar else "ELAPSED" for link in links],
    }
