"""One-time codes from an authenticator app (RFC 6238), each of which counts once, at signing in as at signing."""

import hmac
import time

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.db.backends.utils import CursorWrapper

from .secrecy import conceal, reveal

PERIOD = 30
DIGITS = 6
DRIFT = 1  # periods by which the clock of a phone may be off, either way

# One statement takes a code: of simultaneous tries with the same one, one finds it unused. An older code is used, too.
_TAKE = """
UPDATE mfa_authenticator
   SET data = jsonb_set(data, '{used}', to_jsonb(%(period)s::bigint)), last_used_at = clock_timestamp()
 WHERE id = %(id)s AND coalesce((data->>'used')::bigint, 0) < %(period)s
"""


def enrolled(person: int) -> Authenticator | None:
    """The person's authenticator app, if there is one."""
    return Authenticator.objects.filter(user_id=person, type=Authenticator.Type.TOTP).first()


def matching_period(secret: str, code: str, *, now: float | None = None) -> int | None:
    """The period whose code this is, close enough to now; None for any other."""
    code = "".join(code.split())
    present = int(time.time() if now is None else now) // PERIOD
    found = None
    for period in range(present - DRIFT, present + DRIFT + 1):
        if hmac.compare_digest(format_hotp_value(hotp_value(secret, period)).encode(), code.encode()):
            found = period
    return found


def take(app: Authenticator, code: str, cursor: CursorWrapper) -> bool:
    """Whether `code` is right and was never used; it is used now. `cursor`: where no rollback gives it back."""
    period = matching_period(reveal(app.data["secret"]), code)
    if period is None:
        return False
    cursor.execute(_TAKE, {"id": app.pk, "period": period})
    return bool(cursor.rowcount == 1)


def enrol(person: int, secret: str, *, period: int) -> Authenticator:
    """Keep the app of a person who has just shown a code of `period`, which is used with that."""
    data = {"secret": conceal(secret), "used": period}
    return Authenticator.objects.create(user_id=person, type=Authenticator.Type.TOTP, data=data)
