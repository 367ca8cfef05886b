"""The people and partners of the stories: sponsor Acme, rival sponsor Rival, CDMOs Lyra and Orion."""

import time
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import connection
from django.test import Client

from cdmos.models import CDMO, Site
from oversight.kernel.access.grants import narrow
from oversight.kernel.access.models import Membership, Sponsor, User
from oversight.kernel.access.scope import Actor
from oversight.kernel.access.sponsors import found_sponsor
from oversight.kernel.trail.change import change
from oversight.kernel.trail.seals import seal
from oversight.roles import Role

PASSWORD = "correct horse battery staple"
ZONE = "Europe/Zurich"


def today_there() -> date:
    """The day that it is at the cast's sites, and for its people: another than in UTC around midnight."""
    return datetime.now(ZoneInfo(ZONE)).date()


@dataclass
class World:
    acme: Sponsor
    rival: Sponsor
    nina: Actor  # Acme, QA director
    omar: Actor  # Acme, CMC lead
    vera: Actor  # Acme, viewer
    adam: Actor  # Acme, administrator
    connie: Actor  # Acme, consultant narrowed to Lyra
    riva: Actor  # Rival, QA director
    paul: Actor  # Lyra's quality person at Acme
    vito: Actor  # Lyra's viewer at Acme
    olga: Actor  # Orion's quality person at Acme
    petra: Actor  # Lyra's quality person at Rival
    lyra: CDMO
    orion: CDMO
    foreign: CDMO  # the company of Lyra, as Rival keeps it
    lyra_site: Site
    orion_site: Site
    foreign_site: Site


def person(name: str) -> User:
    """A user whose e-mail is the first name at example.com; inside a change."""
    first = name.split()[0].lower()
    return User.objects.create_user(f"{first}@example.com", PASSWORD, name=name, time_zone=ZONE)


def join(sponsor: Sponsor, user: User, role: Role, org: str, cdmo: CDMO | None = None, **fields: object) -> Actor:
    """A membership and the actor that it makes; inside a change."""
    membership = Membership.objects.create(
        tenant=sponsor,
        user=user,
        role=role,
        org=org,
        cdmo_id=cdmo and cdmo.pk,
        **{"valid_from": date(2026, 1, 1)} | fields,
    )
    return Actor(
        tenant=sponsor.pk,
        sponsor=sponsor.slug,
        sponsor_name=sponsor.name,
        membership=membership.pk,
        user=user.pk,
        name=user.name,
        role=role,
        org=org,
        cdmo=cdmo and cdmo.pk,
        tz=ZONE,
        source="portal" if cdmo else "browser",
    )


def system(sponsor: Sponsor) -> Actor:
    """The system at work for one sponsor."""
    return Actor(tenant=sponsor.pk, name="Oversight")


def _cdmo(name: str, **fields: object) -> CDMO:
    kept = {"country": "CH", "outsourcing_model": "PREFERRED", "drug_substance": True, "notes": f"{name}: notes canary"}
    return CDMO.objects.create(name=name, **kept | fields)


def _site(cdmo: CDMO, name: str) -> Site:
    return Site.objects.create(cdmo=cdmo, name=name, city=f"{name} city", country="CH", time_zone=ZONE)


def build() -> World:
    acme = found_sponsor(slug="acme", name="Acme Therapeutics")
    rival = found_sponsor(slug="rival", name="Rival Bio")
    with change(by=system(acme), reason="Founded"):
        nina = join(acme, person("Nina Berg"), Role.QA_DIRECTOR, acme.name)
        omar = join(acme, person("Omar Haddad"), Role.CMC_LEAD, acme.name)
        vera = join(acme, person("Vera Lindt"), Role.VIEWER, acme.name)
        adam = join(acme, person("Adam Novak"), Role.ADMIN, acme.name)
        lyra, orion = _cdmo("Lyra Biologics"), _cdmo("Orion Fill", outsourcing_model="TACTICAL", drug_product=True)
        lyra_site, orion_site = _site(lyra, "Lyra Basel"), _site(orion, "Orion Graz")
        paul = join(acme, person("Paul Keller"), Role.CDMO_QA, "Lyra Biologics AG", lyra)
        vito = join(acme, person("Vito Lang"), Role.CDMO_VIEWER, "Lyra Biologics AG", lyra)
        olga = join(acme, person("Olga Wirth"), Role.CDMO_QA, "Orion Fill GmbH", orion)
        connie = join(acme, person("Connie Marsh"), Role.QA_REVIEWER, "Marsh Consulting")
        narrow(Membership.objects.get(pk=connie.membership), to=[lyra])
    with change(by=system(rival), reason="Founded"):
        riva = join(rival, person("Riva Stone"), Role.QA_DIRECTOR, rival.name)
        foreign = _cdmo("Lyra Biologics", notes="Rival: notes canary")
        foreign_site = _site(foreign, "Rival's Basel")
        petra = join(rival, person("Petra Frei"), Role.CDMO_QA, "Lyra Biologics AG", foreign)
    connie = replace(connie, grants=(lyra.pk,))
    return World(
        acme, rival, nina, omar, vera, adam, connie, riva, paul, vito, olga, petra, lyra, orion, foreign,
        lyra_site, orion_site, foreign_site,
    )  # fmt: skip


def sign_in(client: Client, actor: Actor) -> None:
    """Through the sign-in page, as a person does it."""
    email = f"{actor.name.split()[0].lower()}@example.com"
    response = client.post("/accounts/login/", {"login": email, "password": PASSWORD})
    assert response.status_code == 302, response.content.decode()[:2000]


def raw(sql: str, *values: object) -> list[tuple] | int:
    """SQL as the plain role, past every layer of the application."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values or None)
        return cursor.fetchall() if cursor.description else cursor.rowcount


def seal_now() -> int:
    """Seal until there is a block: an ANALYZE of PostgreSQL's own may hold the present back for a moment."""
    deadline = time.monotonic() + 10
    while (number := seal()) is None:
        assert time.monotonic() < deadline, "nothing could be sealed"
        time.sleep(0.05)
    return number
