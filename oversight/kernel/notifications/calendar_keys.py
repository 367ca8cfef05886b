"""The key of a member's calendar feed: made, renewed, revoked, and entered by."""

from django.db import connection

from oversight.kernel.access.entrance import answered, digest_of, is_asked, let_in, new_secret
from oversight.kernel.access.scope import Actor
from oversight.kernel.records.models import own_of
from oversight.kernel.workflow.refusals import Refused

from .models import CalendarKey

NOTHING_OPEN = "Nothing is open to you yet, so there is no calendar to follow."

_ENTER = """SELECT tenant, sponsor, sponsor_name, membership, person AS "user", name, role, org, cdmo, grants, tz, demo,
                    demands
              FROM access.enter_by_calendar(%s, %s)"""


def key_of_calendar(actor: Actor) -> CalendarKey | None:
    """The key that the member's feed has, without its secret."""
    found: CalendarKey | None = CalendarKey.objects.visible_to(actor).filter(membership_id=actor.membership).first()
    return found


def renew(*, by: Actor) -> str:
    """Give the feed a new secret, answered this once; the former one opens nothing any more."""
    if by.grants == ():
        raise Refused(NOTHING_OPEN)
    secret = new_secret()
    revoke(by=by)
    CalendarKey.objects.create(tenant_id=by.tenant, **own_of(by), of_partner=by.is_partner, digest=digest_of(secret))
    return secret


def revoke(*, by: Actor) -> bool:
    """Let nobody follow the member's calendar any more; False when nobody could."""
    gone, _ = CalendarKey.objects.visible_to(by).filter(membership_id=by.membership).delete()
    return bool(gone)


def enter_by_calendar(secret: str, *, request: str) -> Actor | None:
    """Find whose calendar the secret opens, and tell the scope to the open transaction.

    None: nobody's, or that of a member of whom the sponsor asks a second factor first.
    """
    with connection.cursor() as cursor:
        cursor.execute(_ENTER, [digest_of(secret), request])
        found = answered(cursor)
    if found is None or is_asked(found["role"], found.pop("demands")):
        return None
    return let_in(**found, source="calendar", request=request)
