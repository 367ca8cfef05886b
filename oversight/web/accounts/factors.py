"""What proves a sign-in besides the password: an authenticator app, passkeys, and codes for a lost phone."""

import time
from dataclasses import dataclass

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.db import transaction
from django.http import HttpRequest

from oversight.kernel.access import secrecy
from oversight.kernel.access.models import SecurityEvent, User
from oversight.kernel.access.security import log_security

SHOWN_UNTIL = "recovery_codes_shown_until"
SHOWN_FOR = 10 * 60  # seconds in which new recovery codes can be read and saved
Type = Authenticator.Type
REAL = (Type.TOTP, Type.WEBAUTHN)  # recovery codes are no factor of their own


class FactorAdapter(DefaultMFAAdapter):
    """allauth keeps the factors; their secrets are kept as ours."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "The passkey was not accepted. Try again, or sign in with your password.",
    }

    def encrypt(self, text: str) -> str:
        return secrecy.conceal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return secrecy.reveal(encrypted_text)

    def get_totp_issuer(self) -> str:
        return "Oversight"


@dataclass(frozen=True, slots=True)
class Factors:
    """What one person has."""

    app: Authenticator | None
    passkeys: tuple[Authenticator, ...]
    recovery: Authenticator | None

    @property
    def any(self) -> bool:
        return self.app is not None or bool(self.passkeys)

    @property
    def codes_left(self) -> int:
        return len(RecoveryCodes(self.recovery).get_unused_codes()) if self.recovery else 0


def factors_of(person: User) -> Factors:
    """The second factors of a person."""
    kept = list(Authenticator.objects.filter(user_id=person.pk).order_by("pk"))
    found = {each.type: each for each in kept}
    passkeys = tuple(each for each in kept if each.type == Type.WEBAUTHN)
    return Factors(found.get(Type.TOTP), passkeys, found.get(Type.RECOVERY_CODES))


def added(request: HttpRequest, person: User) -> bool:
    """Note that the person has one more factor; the first one brings recovery codes. True: they are new."""
    log_security(SecurityEvent.Kind.FACTOR_ADDED, request, user_id=person.pk, email=person.email)
    if Authenticator.objects.filter(user_id=person.pk, type=Type.RECOVERY_CODES).exists():
        return False
    RecoveryCodes.activate(person)
    show_codes(request)
    return True


def remove(request: HttpRequest, factor: Authenticator) -> None:
    """Take a factor away; with the last one go the recovery codes."""
    with transaction.atomic():
        factor.delete()
        if not Authenticator.objects.filter(user_id=factor.user_id, type__in=REAL).exists():
            Authenticator.objects.filter(user_id=factor.user_id).delete()
        person = factor.user
        log_security(SecurityEvent.Kind.FACTOR_REMOVED, request, user_id=person.pk, email=person.email)


def renew_codes(request: HttpRequest, person: User) -> None:
    """Ten new recovery codes in place of the old ones."""
    with transaction.atomic():
        User.objects.select_for_update().get(pk=person.pk)
        Authenticator.objects.filter(user_id=person.pk, type=Type.RECOVERY_CODES).delete()
        RecoveryCodes.activate(person)
        log_security(SecurityEvent.Kind.CODES_RENEWED, request, user_id=person.pk, email=person.email)
    show_codes(request)


def show_codes(request: HttpRequest) -> None:
    """From now on, for ten minutes and in this session only, the recovery codes can be read."""
    request.session[SHOWN_UNTIL] = int(time.time()) + SHOWN_FOR


def readable_codes(request: HttpRequest, factors: Factors) -> list[str]:
    """The unused recovery codes while they can be read; empty afterwards."""
    if factors.recovery is None or int(time.time()) > request.session.get(SHOWN_UNTIL, 0):
        return []
    return [f"{code[:4]} {code[4:]}" for code in RecoveryCodes(factors.recovery).get_unused_codes()]
