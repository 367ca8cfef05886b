"""What must be kept secret and yet be read again is kept encrypted: a stolen copy of the database gives no codes."""

import base64
import secrets
from collections.abc import Iterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.utils.crypto import salted_hmac

_VERSION = "v1:"
_NONCE = 12


class Unreadable(ValueError):
    """What is kept was not encrypted with a key of this installation."""


def conceal(text: str) -> str:
    """Encrypt with the key that SECRET_KEY makes."""
    nonce = secrets.token_bytes(_NONCE)
    sealed = AESGCM(next(_keys())).encrypt(nonce, text.encode(), None)
    return _VERSION + base64.urlsafe_b64encode(nonce + sealed).decode()


def reveal(concealed: str) -> str:
    """Decrypt with the present key, or one of SECRET_KEY_FALLBACKS; raises Unreadable."""
    if not concealed.startswith(_VERSION):
        raise Unreadable("This was not encrypted here.")
    whole = base64.urlsafe_b64decode(concealed.removeprefix(_VERSION))
    for key in _keys():
        try:
            return AESGCM(key).decrypt(whole[:_NONCE], whole[_NONCE:], None).decode()
        except InvalidTag:
            continue
    raise Unreadable("No key of this installation opens it.")


def _keys() -> Iterator[bytes]:
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        yield salted_hmac("oversight.secrecy", "key", secret=secret, algorithm="sha256").digest()
