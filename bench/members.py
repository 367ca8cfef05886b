"""Sponsors, and people who act for them, in the figures."""

from dataclasses import asdict
from datetime import date
from typing import Any

from cdmos.models import CDMO
from oversight.kernel.access.grants import narrow
from oversight.kernel.access.models import Membership, Sponsor, User
from oversight.kernel.access.scope import Actor
from oversight.kernel.trail.change import change
from oversight.roles import Role


def join(sponsor: Sponsor, role: Role, *, cdmo: int | None = None, grants: tuple[int, ...] | None = None) -> Actor:
    """A person of the sponsor's or a partner's staff, and the actor that the membership makes."""
    name = f"{role.label} of {sponsor.name}"
    mailbox = role if grants is None else f"{role}-narrowed"
    with change(by=system(sponsor), reason="Joined for the benchmark"):
        user = User.objects.create(email=f"{mailbox}@{sponsor.slug}.example", name=name)
        membership = Membership.objects.create(
            tenant=sponsor, user=user, role=role, org=sponsor.name, cdmo_id=cdmo, valid_from=date(2026, 1, 1)
        )
        if grants is not None:
            narrow(membership, to=list(CDMO.objects.filter(pk__in=grants)))
    return Actor(
        tenant=sponsor.pk,
        sponsor=sponsor.slug,
        sponsor_name=sponsor.name,
        membership=membership.pk,
        user=user.pk,
        name=name,
        role=role,
        org=sponsor.name,
        cdmo=cdmo,
        grants=grants,
        source="portal" if cdmo else "browser",
    )


def told_of(actor: Actor) -> dict[str, Any]:
    """The actor as JSON holds it."""
    return asdict(actor)


def actor_of(told: dict[str, Any]) -> Actor:
    """The actor that was told."""
    return Actor(**told | {"grants": None if told["grants"] is None else tuple(told["grants"])})


def system(sponsor: Sponsor) -> Actor:
    """The system at work for one sponsor."""
    return Actor(tenant=sponsor.pk, name="Oversight")


def system_of(actor: Actor) -> Actor:
    """The system at work for the sponsor of `actor`."""
    return Actor(tenant=actor.tenant, name="Oversight")
