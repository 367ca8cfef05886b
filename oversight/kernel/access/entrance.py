"""From a signed-in person and a path to an actor: the two functions of the database that look across sponsors."""

from dataclasses import dataclass
from datetime import date

from django.db import connection

from oversight.roles import Role

from .scope import Actor, Told, remember

# The first namespace of a path is a door: who may pass it, and what the trail calls it.
DOORS = {"workspace": (False, "browser"), "portal": (True, "portal")}

_ENTER = """SELECT ambiguous, tenant, sponsor_name, membership, name, role, org, cdmo, grants, tz, demo
              FROM access.enter(%s, %s, %s, %s, %s, %s)"""
_MEMBERSHIPS = """SELECT membership, sponsor, sponsor_name, role, org, cdmo, valid_until, demo
                    FROM access.memberships_of(%s)"""


class Ambiguous:
    """The person has several memberships behind this door and has chosen none."""


@dataclass(frozen=True, slots=True)
class MembershipCard:
    """One sponsor that a person may enter, as the chooser and the partner's inbox show it."""

    id: int
    sponsor: str
    sponsor_name: str
    role: str
    org: str
    cdmo: int | None
    valid_until: date | None
    demo: bool

    @property
    def side(self) -> str:
        return "workspace" if self.cdmo is None else "portal"

    @property
    def role_label(self) -> str:
        return str(Role(self.role).label)


def chosen_key(sponsor: str) -> str:
    """Where a session keeps which of several memberships at one sponsor was chosen."""
    return f"membership:{sponsor}"


def enter(person: int, sponsor: str, door: str, *, chosen: int | None, request: str) -> Actor | Ambiguous | None:
    """Find the person's membership and tell its scope to the open transaction: one statement. None: not a member.

    `chosen` is the membership to take where there are several; `request` the id that the trail will carry.
    """
    partner, source = DOORS[door]
    with connection.cursor() as cursor:
        cursor.execute(_ENTER, [person, sponsor, partner, chosen, source, request])
        row = cursor.fetchone()
    if row is None:
        return None
    ambiguous, tenant, sponsor_name, membership, name, role, org, cdmo, grants, tz, demo = row
    if ambiguous:
        return Ambiguous()
    actor = Actor(
        tenant=tenant,
        sponsor=sponsor,
        sponsor_name=sponsor_name,
        membership=membership,
        user=person,
        name=name,
        role=role,
        org=org,
        cdmo=cdmo,
        grants=None if grants is None else tuple(grants),
        tz=tz,
        source=source,
        request=request,
        demo=demo,
    )
    remember(Told(actor))
    return actor


def memberships_of(person: int | None) -> tuple[MembershipCard, ...]:
    """Every sponsor that the person may enter today, by the sponsor's name."""
    with connection.cursor() as cursor:
        cursor.execute(_MEMBERSHIPS, [person])
        return tuple(MembershipCard(*row) for row in cursor.fetchall())
