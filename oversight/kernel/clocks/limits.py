"""The limits that a sponsor sets for its own clocks, in place of the rules' own."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from oversight.kernel.access.scope import Actor
from oversight.kernel.trail.change import change

from .calendar import Unit
from .models import DefaultLimit
from .rules import Rule

MEANWHILE = "Somebody changed this limit after you opened it. Look at it again."
SAME = "This is the limit that holds already."


def limits_of(actor: Actor) -> dict[str, DefaultLimit]:
    """What the sponsor has set, by the name of the rule."""
    return {each.name: each for each in DefaultLimit.objects.visible_to(actor)}


def set_limit(rule: Rule, *, by: Actor, limit: int, unit: Unit, seen: int, reason: str) -> DefaultLimit:
    """Let clocks of `rule` that start from now on run so long; those that run already stay as they are.

    `seen` is the version that the person looked at, 0 where there was none. Raises ValidationError.
    """
    with change(by=by, reason=reason):
        found = DefaultLimit.objects.visible_to(by).select_for_update().filter(name=rule.name).first()
        if (found.version if found else 0) != seen:
            raise ValidationError(MEANWHILE, code="meanwhile")
        if (limit, unit) == ((found.limit, found.unit) if found else (rule.limit, rule.unit)):
            raise ValidationError({"limit": SAME})
        own = found or DefaultLimit(tenant_id=by.tenant, name=rule.name)
        own.limit, own.unit = limit, unit
        own.full_clean()
        try:
            with transaction.atomic():
                own.save()
        except IntegrityError:  # the first one, set twice at the same moment
            raise ValidationError(MEANWHILE, code="meanwhile") from None
    return own
