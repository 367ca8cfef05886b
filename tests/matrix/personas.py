"""Who knocks at Acme: people with a session, programs with a key, and what each of them sees there."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from django.db.models import QuerySet
from django.test import Client

from oversight.kernel.access.models import Membership, User
from oversight.kernel.access.scope import Actor
from oversight.kernel.api.keys import revoke_key
from oversight.kernel.api.models import ApiKey
from oversight.kernel.records.kind import RecordKind
from oversight.kernel.trail.change import change
from oversight.roles import Role
from tests.api.calling import key_of
from tests.cast import World, join, person, sign_in, system
from tests.contract.specimens import held_by_cdmo

SEES = {  # of Acme's records: those of Lyra ("own"), those of Orion ("sibling")
    "nina": {"own", "sibling"},
    "omar": {"own", "sibling"},
    "vera": {"own", "sibling"},
    "adam": {"own", "sibling"},
    "connie": {"own"},
    "paul": {"own"},
    "vito": {"own"},
    "olga": {"sibling"},
}
ELSEWHERE = ("riva", "petra")  # members of Rival


@dataclass(frozen=True, slots=True)
class Persona:
    """One who asks. `actor` None: nobody whom Acme lets in, and `status` is the answer to everything."""

    name: str
    actor: Actor | None
    sees: set[str] = field(default_factory=set)
    status: int = 404
    cookies: dict[str, str] = field(default_factory=dict)
    key: str = ""
    writes: bool = True

    def sees_of(self, kind: RecordKind) -> set[str]:
        """Of a kind that is the sponsor's own, whoever is narrowed sees all of it, and no partner anything."""
        if held_by_cdmo(kind) or self.actor is None:
            return self.sees
        return set() if self.actor.is_partner else {"own", "sibling"}


def people(world: World) -> list[Persona]:
    """Everybody with a session, and who has none."""
    found = [Persona("anonymous", None, status=302)]
    for name, sees in SEES.items():
        actor = getattr(world, name)
        found.append(Persona(name, actor, sees, cookies=_session(actor)))
    found += [Persona(name, None, cookies=_session(getattr(world, name))) for name in ELSEWHERE]
    ellen, dora, sue = (_member(world, name) for name in ("Ellen Frost", "Dora Klein", "Sue Root"))
    sessions = {actor.name: _session(actor) for actor in (ellen, dora, sue)}
    _end(world, ellen)
    _switch_off(world, dora)
    _raise_to_superuser(world, sue)
    return [
        *found,
        Persona("a member whose time ended", None, cookies=sessions[ellen.name]),
        Persona("a person switched off", None, status=302, cookies=sessions[dora.name]),
        Persona("a superuser without membership", None, cookies=sessions[sue.name]),
    ]


def programs(world: World, sessions: list[Persona]) -> list[Persona]:
    """Everybody with a key, and who has none; a session counts for nothing here."""
    found = [Persona(f"{each.name}, no key", None, status=401, cookies=each.cookies) for each in sessions]
    for name, sees in SEES.items():
        actor = getattr(world, name)
        found.append(Persona(f"{name}'s key", actor, sees, key=key_of(actor)))
    reading = key_of(world.nina, writes=False)
    found.append(Persona("nina's reading key", world.nina, SEES["nina"], key=reading, writes=False))
    found += [Persona(f"{name}'s key", None, key=key_of(getattr(world, name))) for name in ELSEWHERE]
    erik, diana = _member(world, "Erik Boss"), _member(world, "Diana Voss")
    dead = {"unknown": "ovs_" + "a" * 32, "ended": key_of(erik), "switched off": key_of(diana)}
    dead |= {"expired": _expired(world), "revoked": _revoked(world)}
    _end(world, erik)
    _switch_off(world, diana)
    return [*found, *(Persona(f"{name} key", None, status=401, key=key) for name, key in dead.items())]


def _session(actor: Actor) -> dict[str, str]:
    client = Client()
    sign_in(client, actor)
    return {name: morsel.value for name, morsel in client.cookies.items()}


def _member(world: World, name: str) -> Actor:
    with change(by=system(world.acme), reason="Joined"):
        return join(world.acme, person(name), Role.QA_DIRECTOR, world.acme.name)


def _end(world: World, actor: Actor) -> None:
    with change(by=system(world.acme), reason="Contract ended"):
        Membership.objects.filter(pk=actor.membership).update(valid_until=date(2026, 1, 31))


def _switch_off(world: World, actor: Actor) -> None:
    with change(by=system(world.acme), reason="Left the company"):
        User.objects.filter(pk=actor.user).update(is_active=False)


def _raise_to_superuser(world: World, actor: Actor) -> None:
    """Django's own flag opens nothing here; the membership has ended, so that nothing else does either."""
    _end(world, actor)
    with change(by=system(world.acme), reason="Runs the machines"):
        User.objects.filter(pk=actor.user).update(is_superuser=True)


def _expired(world: World) -> str:
    key = key_of(world.nina)
    with change(by=system(world.acme), reason="Time went by"):
        _newest().update(expires_at=datetime.now(UTC) - timedelta(hours=1))
    return key


def _revoked(world: World) -> str:
    key = key_of(world.nina)
    with change(by=system(world.acme), reason="Found in a log"):
        found = _newest().get()
    revoke_key(found.pk, by=system(world.acme), reason="Found in a log")
    return key


def _newest() -> "QuerySet[ApiKey]":
    latest = ApiKey.objects.order_by("-pk").values_list("pk", flat=True)[0]
    return ApiKey.objects.filter(pk=latest)
