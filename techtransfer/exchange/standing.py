"""The plan of a programme as it stands, with whatever a file may name: read once, in a few statements."""

from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from django.utils import timezone

from cdmos.models import CDMO, Site
from oversight.kernel.access.scope import Actor
from techtransfer.models import Closure, Dependency, Milestone, Programme

SEPARATOR = "~"  # after a number that another step bears as its id


@dataclass(slots=True)
class Standing:
    """Steps by the id that a file calls them by, links, and the partners, sites and closures in the actor's sight."""

    programme: Programme
    product_code: str
    steps: dict[str, Milestone]
    ids: dict[int, str]
    links: list[Dependency]
    partners: dict[int, CDMO]
    sites: dict[int, Site]
    closures: set[tuple[int, date, date]]

    @property
    def digest(self) -> str:
        """Another whenever a step, a link, a closure, a partner or a site is another than before, and each hour.

        What is past somewhere is a matter of the clock: what was right to say at night may be wrong in the morning.
        """
        told = [
            *(f"{step.pk}.{step.version}" for step in self.steps.values()),
            "links",
            *(f"{link.pk}.{link.version}" for link in self.links),
            "places",
            *(f"{each.pk}.{each.version}" for each in (*self.partners.values(), *self.sites.values())),
            *(f"{site}.{first}.{last}" for site, first, last in sorted(self.closures)),
            self.programme.status,
            f"{timezone.now():%Y-%m-%d %H}",
        ]
        return sha256("\n".join(told).encode()).hexdigest()


def read_standing(programme: Programme, *, by: Actor) -> Standing:
    """Read it, in six statements."""
    steps = list(
        Milestone.objects.visible_to(by)
        .filter(programme=programme)
        .exclude(status=Milestone.Status.VOID)
        .order_by("pk")
    )
    partners = {each.pk: each for each in CDMO.objects.visible_to(by).order_by("pk")}
    sites = {each.pk: each for each in Site.objects.visible_to(by).order_by("pk")}
    for site in sites.values():
        site.cdmo = partners[site.cdmo_id]
    for step in steps:  # what each belongs to is known: nothing more is read for it
        step.programme = programme
        step.cdmo = partners.get(step.cdmo_id) if step.cdmo_id else None
        step.site = sites.get(step.site_id) if step.site_id else None
    links = Dependency.objects.visible_to(by).filter(programme=programme, status=Dependency.Status.ACTIVE)
    closures = Closure.objects.visible_to(by).filter(status=Closure.Status.ACTIVE)
    by_id = ids_of(steps)
    return Standing(
        programme=programme,
        product_code=programme.product.code,
        steps=by_id,
        ids={step.pk: name for name, step in by_id.items()},
        links=list(links.order_by("pk")),
        partners=partners,
        sites=sites,
        closures=set(closures.order_by().values_list("site_id", "starts_on", "ends_on")),
    )


def ids_of(steps: list[Milestone]) -> dict[str, Milestone]:
    """What a file calls each step: its own id, and its number where no file ever gave it one."""
    taken, found = {step.external_id for step in steps}, dict[str, Milestone]()
    for step in steps:
        name = step.external_id or step.number
        while not step.external_id and name in taken:
            name += SEPARATOR
        found[name] = step
    return found
