"""The key of a member's calendar feed: made, renewed, revoked, and entered by."""

import base64
import secrets

from django.db import connection

from oversight.kernel.access.entrance import digest_of
from oversight.kernel.access.scope import Actor, Told, remember
from oversight.kernel.records.models import own_of
from oversight.kernel.workflow.refusals import Refused

from .models import CalendarKey

RANDOM_BYTES = 20  # 160 bits
NOTHING_OPEN = "Nothing is open to you yet, so there is no calendar to follow."

_ENTER = """SELECT tenant, sponsor, sponsor_name, membership, person, name, role, org, cdmo, grants, tz, demo
              FROM access.enter_by_calendar(%s, %s)"""


def key_of_calendar(actor: Actor) -> CalendarKey | None:
    """The key that the member's feed has, without its secret."""
    found: CalendarKey | None = CalendarKey.objects.visible_to(actor).filter(membership_id=actor.membership).first()
    return found


def renew(*, by: Actor) -> str:
    """Give the feed a new secret, answered this once; the former one opens nothing any more."""
    if by.grants == ():
        raise Refused(NOTHING_OPEN)
    secret = base64.b32encode(secrets.token_bytes(RANDOM_BYTES)).decode().lower()
    revoke(by=by)
    CalendarKey.objects.create(tenant_id=by.tenant, **own_of(by), of_partner=by.is_partner, digest=digest_of(secret))
    return secret


def revoke(*, by: Actor) -> bool:
    """Let nobody follow the member's calendar any more; False when nobody could."""
    gone, _ = CalendarKey.objects.visible_to(by).filter(membership_id=by.membership).delete()
    return bool(gone)


def enter_by_calendar(secret: str, *, request: str) -> Actor | None:
    """Find whose calendar the secret opens, and tell the scope to the open transaction. None: nobody's."""
    with connection.cursor() as cursor:
        cursor.execute(_ENTER, [digest_of(secret), request])
        row = cursor.fetchone()
    if row is None:
        return None
    tenant, sponsor, sponsor_name, membership, person, name, role, org, cdmo, grants, tz, demo = row
    actor = Actor(
        tenant=tenant,
        sponsor=sponsor,
        sponsor_name=sponsor_name,
        membership=membership,
        user=person,
        name=name,
        role=role,
        org=org,
        cdmo=cdmo,
        grants=None if grants is None else tuple(grants),
        tz=tz,
        source="calendar",
        request=request,
        demo=demo,
    )
    remember(Told(actor))
    return actor
