"""Who may do what today: every membership in one table, for whoever reviews the accesses."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone

from cdmos.models import CDMO
from oversight.kernel.access.models import Membership
from oversight.kernel.access.people import State, grants_of, people, state_of
from oversight.kernel.access.scope import Actor
from oversight.kernel.api.models import ApiKey
from oversight.roles import Role

from .frame import today_of
from .histories import newest_versions
from .people_list import LOOKS, factor_of, second_factors, sight_of

HEAD = (
    *("Name", "E-mail", "Role", "Organisation", "Sees", "First day", "Last day", "State", "Second factor"),
    *("API keys in use", "Last change", "Changed by", "Reason"),
)


@dataclass(frozen=True, slots=True)
class Access:
    """One membership as it stands today."""

    called: str
    email: str
    role: str
    org: str
    sees: str
    valid_from: date
    valid_until: date | None
    state: State
    factor: str
    keys: int
    changed_at: datetime | None
    changed_by: str
    reason: str

    @property
    def look(self) -> tuple[str, str]:
        """Tone and shape of the state."""
        return LOOKS[self.state]

    @property
    def row(self) -> tuple[str, ...]:
        """The line of the file; its columns are those of HEAD."""
        return (
            *(self.called, self.email, self.role, self.org, self.sees, self.valid_from.isoformat()),
            *(self.valid_until.isoformat() if self.valid_until else "", str(self.state.label), self.factor),
            *(str(self.keys), f"{self.changed_at:%Y-%m-%d %H:%M} UTC" if self.changed_at else ""),
            *(self.changed_by, self.reason),
        )


def read_review(actor: Actor) -> tuple[Access, ...]:
    """Every membership that has not ended, by name: the same few statements however many there are."""
    today = today_of(actor)
    rows = people(actor).exclude(valid_until__lt=today).order_by("called", "pk")
    return tuple(_told(list(rows), actor, today))


def about(actor: Actor) -> tuple[tuple[str, ...], ...]:
    """What stands above the table in a file."""
    return (
        ("Access review", actor.sponsor_name),
        ("As of", f"{timezone.now():%Y-%m-%d %H:%M} UTC"),
        ("Made by", actor.name),
    )


def _told(rows: list[Any], actor: Actor, today: date) -> Iterator[Access]:
    users = [each.user_id for each in rows]
    granted, factors = grants_of(users, actor), second_factors(users)
    names = dict(CDMO.objects.visible_to(actor).values_list("pk", "name"))
    keys, newest = _keys(actor), newest_versions(Membership, actor)
    for each in rows:
        last = newest.get(each.pk)
        yield Access(
            called=each.called,
            email=each.user.email,
            role=str(Role(each.role).label),
            org=each.org,
            sees=sight_of(each, granted, names),
            valid_from=each.valid_from,
            valid_until=each.valid_until,
            state=state_of(each, today=today),
            factor=factor_of(each, factors),
            keys=keys.get(each.pk, 0),
            changed_at=last and last.history_date,
            changed_by=last.history_user_name if last else "",
            reason=last.history_change_reason if last else "",
        )


def _keys(actor: Actor) -> dict[int, int]:
    counted: dict[int, int] = {}
    live = ApiKey.objects.visible_to(actor).filter(Q(revoked_at=None), expires_at__gt=timezone.now())
    for membership in live.values_list("membership_id", flat=True):
        counted[membership] = counted.get(membership, 0) + 1
    return counted
