"""Proving who signs: at every signing the password, and the one-time code of who has an app; five wrong ones lock."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import cast

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import check_password
from django.db.models import TextChoices

from oversight.kernel.access.scope import Actor
from oversight.kernel.access.tries import UNREAD, Fact, Tally, Try, in_words, subject_of, tally
from oversight.roles import Role

NO_SYSTEM = "The system signs for nobody: a person has to sign."
NO_PROGRAM = "A program cannot sign: a person has to sign."
NO_ADMIN = "An administrator signs for nobody: whoever answers for the record has to sign."
NO_PASSWORD = "Sign with your password."  # noqa: S105  a sentence
NO_CODE = "Sign with the 6 digits from your authenticator, too."
NO_FACTOR = "{sponsor} asks everybody who signs for a second factor: set one up on the page of your account, then sign."
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
    """It is not shown that the person signs who should; says in a sentence what to do, and beside which field."""

    def __init__(self, sentence: str, *, field: str = "password") -> None:
        super().__init__(sentence)
        self.field = field


class Locked(NotProven):
    """After five wrong tries nothing is looked at until `until`, what is right neither."""

    def __init__(self, sentence: str, until: datetime) -> None:
        super().__init__(sentence)
        self.until = until


def objection(actor: Actor) -> str:
    """Why `actor` can sign nothing at all, in a sentence; empty for a person who can."""
    if actor.user is None:
        return NO_SYSTEM
    if actor.lacks_factor:
        return NO_FACTOR.format(sponsor=actor.sponsor_name)
    return {Role.ADMIN.value: NO_ADMIN, Role.API_CLIENT.value: NO_PROGRAM}.get(str(actor.role), "")


def asks_for_code(actor: Actor) -> bool:
    """Whether the person signs with a one-time code besides the password."""
    from oversight.kernel.access import codes  # Django imports this package before there are models

    return actor.user is not None and codes.enrolled(actor.user) is not None


def prove(by: Actor, proof: Proof, *, now: datetime | None = None) -> Method:
    """Check that the person who acts is the one whose password this is; answers by what it was shown.

    Raises NotProven, or Locked. A wrong password or code leaves a count and a line in the security log, which outlast
    the rollback of the request, and nothing else. By the browser or with an API key: it is the same proof.
    """
    from oversight.kernel.access import codes
    from oversight.kernel.access.alerts import alert_locked

    if sentence := objection(by):
        raise NotProven(sentence)
    if not proof.password:
        raise NotProven(NO_PASSWORD)
    person = get_user_model().objects.get(pk=cast(int, by.user))  # the system was refused above
    app = codes.enrolled(person.pk)
    if app is not None and not proof.otp.strip():
        raise NotProven(NO_CODE, field="otp")
    with tally(subject_of(person.pk)) as tries:
        tried, wrong = tries.count(now), "password"
        if not tried.unread and person.is_active and check_password(proof.password, person.password):
            wrong = "otp"
            if app is None or codes.take(app, proof.otp, tries.cursor):
                tries.forgive(tried)
                return Method.PASSWORD if app is None else Method.PASSWORD_TOTP
        _log(tries, tried, by, person.email)
    if tried.locks:
        alert_locked(person.email, signing=True)
    raise _refusal(tried, by, wrong)


def _log(tries: Tally, tried: Try, by: Actor, email: str) -> None:
    """Write a try that failed to the security log; and, if it was the last one, that all is locked now."""
    from oversight.kernel.access.models import SecurityEvent

    facts: dict[str, Fact] = {"user_id": by.user, "tenant_id": by.tenant, "email": email, "request": by.request}
    tries.log(SecurityEvent.Kind.SIGNING_FAILED, status=UNREAD if tried.unread else None, **facts)
    if tried.locks:
        tries.log(SecurityEvent.Kind.SIGNING_LOCKED, **facts)


def _refusal(tried: Try, by: Actor, wrong: str) -> NotProven:
    what = "password" if wrong == "password" else "code"
    if tried.locked_until is None:
        said = "This is not your password." if what == "password" else "This code is not right, or was used already."
        return NotProven(f"{said} {_LEFT[tried.left]} left.", field=wrong)
    when = in_words(tried.locked_until, by.tz)
    if tried.unread:
        return Locked(f"Signing is locked until {when}, after five wrong tries.", tried.locked_until)
    return Locked(
        f"This was the fifth wrong try: signing is locked until {when}. If it was not you, tell your administrator.",
        tried.locked_until,
    )
