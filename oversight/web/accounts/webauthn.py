"""The ceremonies of passkeys (WebAuthn), by allauth and fido2; nonsense from a browser is refused in words."""

import json
import struct
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth
from cryptography.exceptions import InvalidSignature
from django.core.exceptions import ValidationError

from oversight.kernel.access.models import User

NOT_ACCEPTED = "The passkey was not accepted. Try again, or use another way."
MOST = 20_000  # characters of a browser's answer
_REFUSALS = (
    ValidationError, ValueError, TypeError, LookupError, AttributeError, InvalidSignature, RecursionError, struct.error
)  # fmt: skip


def options_for(person: User | None) -> dict[str, Any]:
    """What the browser is asked for; None: whichever passkey the person picks, with a fingerprint or a PIN."""
    return auth.begin_authentication(person)


def creation_options(person: User) -> dict[str, Any]:
    """What the browser needs to make a passkey that signs in by itself."""
    return auth.begin_registration(person, True)


def authenticated(answer: str, person: User | None) -> Authenticator | None:
    """The passkey that answered the challenge of this session; None when it did not, or its person was switched off."""
    try:
        credential = _read(answer)
        auth.parse_authentication_response(credential)
        found = auth.complete_authentication(person or auth.extract_user_from_response(credential), credential)
    except _REFUSALS:
        return None
    return found if found.user.is_active else None


def registered(answer: str, person: User, *, name: str) -> Authenticator | None:
    """Keep a new passkey of that name; None when the browser's answer is not one to this session's challenge."""
    try:
        credential = _read(answer)
        auth.parse_registration_response(credential)
        if not auth.complete_registration(credential).is_user_verified():
            return None
    except _REFUSALS:
        return None
    made: Authenticator = auth.WebAuthn.add(person, name, credential).instance
    return made


def _read(answer: str) -> dict[str, Any]:
    if len(answer) > MOST:
        raise ValueError("too long")
    credential = json.loads(answer)
    if not isinstance(credential, dict):
        raise ValueError("no object")
    return credential
