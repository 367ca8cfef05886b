"""What a sponsor asks of everybody who works in its records."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from .models import Policy
from .scope import Actor

MEANWHILE = "Somebody changed the policy after you opened it. Look at it again."
SAME = "This is what holds already."


def policy_of(actor: Actor) -> Policy:
    """The policy of the actor's sponsor; without a row of its own, the defaults, not saved."""
    found: Policy | None = Policy.objects.visible_to(actor).first()
    return found or Policy(tenant_id=actor.tenant, version=0)


def ask_second_factor(who: Policy.SecondFactor, *, by: Actor, seen: int) -> Policy:
    """Say who must prove a sign-in by more than a password; inside a `change`. Raises ValidationError."""
    found: Policy | None = Policy.objects.visible_to(by).select_for_update().first()
    if (found.version if found else 0) != seen:
        raise ValidationError(MEANWHILE, code="meanwhile")
    if (found.second_factor if found else Policy.SecondFactor.NOBODY) == who:
        raise ValidationError({"second_factor": SAME})
    policy = found or Policy(tenant_id=by.tenant)
    policy.second_factor = who
    policy.full_clean(exclude=["tenant"])
    try:
        with transaction.atomic():
            policy.save()
    except IntegrityError:  # the first one, set twice at the same moment
        raise ValidationError(MEANWHILE, code="meanwhile") from None
    return policy
