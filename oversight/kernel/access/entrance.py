"""From a person, or an API key, and a path to an actor: the functions of the database that look across sponsors."""

from base64 import b32encode
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from secrets import token_bytes
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from oversight.roles import Role, signs

from .models import Policy
from .scope import Actor, Told, remember

RANDOM_BYTES = 20
# The first namespace of a path is a door: who may pass it, and what the trail calls it.
DOORS = {"workspace": (False, "browser"), "portal": (True, "portal")}

_ENTER = """SELECT ambiguous, tenant, sponsor_name, membership, name, role, org, cdmo, grants, tz, demo, demands
              FROM access.enter(%s, %s, %s, %s, %s, %s)"""
_ENTER_BY_KEY = """SELECT elsewhere, key, writes, tenant, sponsor_name, membership, person AS "user", name, role, org,
                          cdmo, grants, tz, demo, demands
                     FROM access.enter_by_key(%s, %s, %s)"""
_USED = "UPDATE api_apikey SET last_used_on = %s WHERE id = %s AND last_used_on IS DISTINCT FROM %s"
_used_today: dict[int, date] = {}  # what this process has noted beside keys, so that it is one statement a day
_MEMBERSHIPS = """SELECT membership, sponsor, sponsor_name, role, org, cdmo, valid_until, demo
                    FROM access.memberships_of(%s)"""


class Ambiguous:
    """The person has several memberships behind this door and has chosen none."""


@dataclass(frozen=True, slots=True)
class FactorMissing:
    """The sponsor lets the person in by a second factor only, and the person has none yet."""

    sponsor: str
    sponsor_name: str


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who came with an API key, by which key, and whether it may be used to write."""

    actor: Actor
    key: int
    writes: bool


class NoKey(Exception):
    """The request bears no API key, or one that is unknown, expired, revoked or of a membership that ended."""


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
    def read_only(self) -> bool:
        return self.role in (Role.VIEWER, Role.INSPECTOR, Role.CDMO_VIEWER)

    @property
    def role_label(self) -> str:
        return str(Role(self.role).label)


def chosen_key(sponsor: str) -> str:
    """Where a session keeps which of several memberships at one sponsor was chosen."""
    return f"membership:{sponsor}"


Entered = Actor | Ambiguous | FactorMissing | None


def enter(
    person: int, sponsor: str, door: str, *, chosen: int | None, request: str, on_behalf: bool = False
) -> Entered:
    """Find the person's membership and tell its scope to the open transaction: one statement. None: not a member.

    `chosen` is the membership to take where there are several; `request` the id that the trail will carry.
    Where a second factor is missing, nothing can be read: Python is not told. `on_behalf`: a worker or an operator does
    something for the member, who passes no door; then a missing factor keeps from signing only.
    """
    partner, source = DOORS[door]
    with connection.cursor() as cursor:
        cursor.execute(_ENTER, [person, sponsor, partner, chosen, source, request])
        found = answered(cursor)
    if found is None:
        return None
    if found.pop("ambiguous"):
        return Ambiguous()
    lacks_factor = is_asked(found["role"], found.pop("demands"))
    if lacks_factor and not on_behalf:
        return FactorMissing(sponsor, found["sponsor_name"])
    return let_in(**found, sponsor=sponsor, user=person, source=source, request=request, lacks_factor=lacks_factor)


def answered(cursor: CursorWrapper) -> dict[str, Any] | None:
    """What a function of the database says of whoever comes, by the names of its columns; None: nobody's."""
    row = cursor.fetchone()
    return None if row is None else dict(zip((column.name for column in cursor.description), row, strict=True))


def let_in(*, grants: list[int] | None, **facts: Any) -> Actor:
    """The actor whose scope the function has told to the database: noted for Python, too."""
    actor = Actor(grants=None if grants is None else tuple(grants), **facts)
    remember(Told(actor))
    return actor


def is_asked(role: str, demands: str | None) -> bool:
    """Whether a sponsor that `demands` a second factor of some asks one of this role."""
    return demands == Policy.SecondFactor.EVERYBODY or (demands == Policy.SecondFactor.SIGNERS and signs(role))


def new_secret() -> str:
    """What opens something to whoever has it: 160 random bits, in letters and digits."""
    return b32encode(token_bytes(RANDOM_BYTES)).decode().lower()


def digest_of(secret: str) -> str:
    """By which a secret is found. It is random, so that one plain hash of it tells nothing."""
    return sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()


def enter_by_key(authorization: str, sponsor: str, *, request: str) -> Bearer | None:
    """Find the key's membership and tell its scope to the open transaction: one statement. None: not at this sponsor.

    `authorization` is the header as it came; raises NoKey when it opens nothing anywhere.
    """
    scheme, _, secret = authorization.partition(" ")
    if scheme.lower() != "bearer" or not secret.strip():
        raise NoKey
    with connection.cursor() as cursor:
        cursor.execute(_ENTER_BY_KEY, [digest_of(secret.strip()), sponsor, request])
        found = answered(cursor)
    if found is None:
        raise NoKey
    key, writes = found.pop("key"), found.pop("writes")
    if found.pop("elsewhere"):
        return None
    lacks_factor = is_asked(found["role"], found.pop("demands"))
    actor = let_in(**found, sponsor=sponsor, source="api", request=request, lacks_factor=lacks_factor)
    _note_use(key)
    return Bearer(actor, key, writes)


def _note_use(key: int) -> None:
    """Beside the key stands the last day on which it was answered; what is refused is rolled back with this."""
    today = datetime.now(UTC).date()
    if _used_today.get(key) != today:
        with connection.cursor() as cursor:
            cursor.execute(_USED, [today, key, today])
        transaction.on_commit(lambda: _used_today.update({key: today}))


def memberships_of(person: int | None) -> tuple[MembershipCard, ...]:
    """Every sponsor that the person may enter today, by the sponsor's name."""
    with connection.cursor() as cursor:
        cursor.execute(_MEMBERSHIPS, [person])
        return tuple(MembershipCard(*row) for row in cursor.fetchall())
