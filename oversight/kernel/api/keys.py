"""API keys are made and revoked; finding one at the door is the database's (access.enter_by_key)."""

from datetime import UTC, datetime, timedelta

from django.core.exceptions import ValidationError

from oversight.kernel.access.entrance import digest_of, new_secret
from oversight.kernel.access.models import Membership
from oversight.kernel.access.scope import Actor
from oversight.kernel.trail.change import change
from oversight.roles import Role

from .models import ApiKey

MARK = "ovs_"
SHOWN = len(MARK) + 6
LONGEST_DAYS = 730
NOT_IN_A_NAME = "A key speaks for a program, never in a person's name. Add the program first."


def make_key(membership: int, *, by: Actor, name: str, writes: bool, days: int, reason: str) -> str:
    """Make a key for one membership of the actor's sponsor; the secret is returned here and nowhere else."""
    if not 1 <= days <= LONGEST_DAYS:
        raise ValidationError({"days": f"A key lasts between 1 and {LONGEST_DAYS} days."})
    secret = MARK + new_secret()
    with change(by=by, reason=reason):
        holder = Membership.objects.visible_to(by).get(pk=membership)
        # Whoever is shown a key can act as its holder; at the command line the operator answers for that.
        if by.user is not None and holder.role != Role.API_CLIENT:
            raise ValidationError({"membership": NOT_IN_A_NAME})
        key = ApiKey(
            tenant_id=by.tenant,
            membership=holder,
            cdmo_id=holder.cdmo_id,
            name=name,
            digest=digest_of(secret),
            prefix=secret[:SHOWN],
            writes=writes,
            expires_at=datetime.now(UTC) + timedelta(days=days),
        )
        key.full_clean()
        key.save()
    return secret


def revoke_key(key: int, *, by: Actor, reason: str) -> ApiKey:
    """End a key before its time, from the next request on; one that was revoked stays as it is."""
    with change(by=by, reason=reason):
        found: ApiKey = ApiKey.objects.visible_to(by).select_for_update().get(pk=key)
        if found.revoked_at is None:
            found.revoked_at = datetime.now(UTC)
            found.save()
    return found
