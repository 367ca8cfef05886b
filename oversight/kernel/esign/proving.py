"""Proving who signs: the password at every signing, and five wrong ones lock."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import cast
from zoneinfo import ZoneInfo

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import check_password
from django.db.models import TextChoices

from oversight.kernel.access.scope import Actor
from oversight.roles import Role

from .tries import Try, tally

NO_SYSTEM = "The system signs for nobody: a person has to sign."
NO_PROGRAM = "A program cannot sign: a person has to sign."
NO_ADMIN = "An administrator signs for nobody: whoever answers for the record has to sign."
NO_PASSWORD = "Sign with your password."  # noqa: S105  a sentence
_LEFT = ("No try is", "One try is", "Two tries are", "Three tries are", "Four tries are")


class Method(TextChoices):
    """By what a signer proved who it was."""

    PASSWORD = "PASSWORD", "Password"
    PASSWORD_TOTP = "PASSWORD_TOTP", "Password and one-time code"
    PASSKEY = "PASSKEY", "Passkey"


@dataclass(frozen=True, slots=True)
class Proof:
    """What a person signs with. Never printed, never kept."""

    password: str = field(repr=False)
    otp: str = field(default="", repr=False)


class NotProven(Exception):
    """It is not shown that the person signs who should; says in a sentence what to do."""


class Locked(NotProven):
    """After five wrong passwords nothing is looked at until `until`, the right one neither."""

    def __init__(self, sentence: str, until: datetime) -> None:
        super().__init__(sentence)
        self.until = until


def objection(actor: Actor) -> str:
    """Why `actor` can sign nothing at all, in a sentence; empty for a person who can."""
    if actor.user is None:
        return NO_SYSTEM
    return {Role.ADMIN.value: NO_ADMIN, Role.API_CLIENT.value: NO_PROGRAM}.get(str(actor.role), "")


def prove(by: Actor, proof: Proof, *, now: datetime | None = None) -> Method:
    """Check that the person who acts is the one whose password this is; answers by what it was shown.

    Raises NotProven, or Locked. A wrong password leaves a count and a line in the security log, which outlast the
    rollback of the request, and nothing else. By the browser or with an API key: it is the same password.
    """
    if sentence := objection(by):
        raise NotProven(sentence)
    if not proof.password:
        raise NotProven(NO_PASSWORD)
    person = get_user_model().objects.get(pk=cast(int, by.user))  # the system was refused above
    with tally(by, email=person.email) as tries:
        tried = tries.count(now)
        if not tried.unread and person.is_active and check_password(proof.password, person.password):
            method = _second_factor(proof)
            tries.forgive(tried)
            return method
        tries.log(tried)
    raise _refusal(tried, by)


def _second_factor(proof: Proof) -> Method:
    """Nobody is enrolled for one-time codes yet: a code that comes along is not looked at."""
    return Method.PASSWORD


def _refusal(tried: Try, by: Actor) -> NotProven:
    if tried.locked_until is None:
        return NotProven(f"This is not your password. {_LEFT[tried.left]} left.")
    when = _when(tried.locked_until, by.tz)
    if tried.unread:
        return Locked(f"Signing is locked until {when}, after five wrong passwords.", tried.locked_until)
    return Locked(
        f"This was the fifth wrong password: signing is locked until {when}."
        " If it was not you, tell your administrator.",
        tried.locked_until,
    )


def _when(until: datetime, zone: str) -> str:
    """The next full minute, so that nobody comes a few seconds early."""
    full = (until + timedelta(seconds=59)).astimezone(UTC)
    if zone in ("", "UTC"):
        return f"{full:%H:%M} UTC"
    return f"{full:%H:%M} UTC ({full.astimezone(ZoneInfo(zone)):%H:%M} in {zone.replace('_', ' ')})"
