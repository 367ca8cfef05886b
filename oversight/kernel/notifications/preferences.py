"""How a member wants to hear of things: read, and chosen."""

from collections.abc import Mapping

from django.core.exceptions import ValidationError

from oversight.kernel.access.scope import Actor
from oversight.kernel.records.models import own_of
from oversight.kernel.workflow.refusals import Refused
from oversight.roles import QUALITY

from .groups import DEFAULTS, Group, Way
from .models import Preference

NOTHING_OPEN = "Nothing is open to you yet, so there is nothing to choose."
CRITICAL_COMES = "Critical events come to the quality unit by e-mail: choose at once, or once a day."


def ways_for(group: Group, actor: Actor) -> tuple[Way, ...]:
    """What this member may choose: the sponsor's quality unit hears of critical events by e-mail in any case."""
    if group == Group.CRITICAL and not actor.is_partner and actor.role in QUALITY:
        return (Way.INSTANT, Way.DAILY)
    return tuple(Way)


def chosen(actor: Actor) -> dict[Group, Way]:
    """The way of each group, as chosen or as the house does it."""
    rows = Preference.objects.visible_to(actor).filter(membership_id=actor.membership)
    return {**DEFAULTS, **{Group(row.group): Way(row.way) for row in rows}}


def choose(wanted: Mapping[str, str], *, by: Actor) -> None:
    """Keep what the member chose; raises ValidationError, by group, for a way that is none."""
    if by.grants == ():
        raise Refused(NOTHING_OPEN)
    problems = {}
    for group in groups_for(by):
        way = wanted.get(group, "")
        if way not in ways_for(group, by):
            known = way in set(Way)
            problems[group.value] = CRITICAL_COMES if known else "Choose how you want to hear of this."
    if problems:
        raise ValidationError(problems)
    present = chosen(by)
    for group in groups_for(by):
        if present[group] != wanted[group]:
            kept = Preference(
                tenant_id=by.tenant, **own_of(by), of_partner=by.is_partner, group=group, way=wanted[group]
            )
            Preference.objects.bulk_create(
                [kept], update_conflicts=True, update_fields=["way"], unique_fields=["tenant", "membership_id", "group"]
            )


def groups_for(actor: Actor) -> tuple[Group, ...]:
    """The groups of which this member may ever hear."""
    return tuple(group for group in Group if group != Group.HOUSE or actor.can("webhook.manage"))
