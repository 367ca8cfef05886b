"""What follows when a step is opened, begun, finished, moved or taken."""

from django.core.exceptions import ValidationError

from oversight.kernel.access.scope import Actor
from oversight.kernel.records.words import day_in_words
from techtransfer.models import Milestone

from .plan import join

KNOWN = "This date was given today. Nothing would change."
PAST = "This lies in the past. Enter when it will end, or finish the step."


def begin(record: Milestone, actor: Actor) -> None:
    """It joins its programme; whoever opens it answers for it."""
    join(record, actor)
    take(record, actor)


def take(record: Milestone, actor: Actor) -> None:
    """The person of the sponsor's who answers for it."""
    if actor.user:
        record.owner_id, record.owner_name = actor.user, actor.name


def start(record: Milestone, actor: Actor) -> None:
    """It begins today at the site, unless the person says when it did."""
    record.actual_start = record.actual_start or record.today
    remember_fact(record, f"it began on {day_in_words(record.actual_start)}")


def finish(record: Milestone, actor: Actor) -> None:
    """A moment begins and ends on one day."""
    if record.actual_end and not record.actual_start and not record.duration_days:
        record.actual_start = record.actual_end
    if record.actual_end:
        remember_fact(record, f"it was finished on {day_in_words(record.actual_end)}")


def forecast(record: Milestone, actor: Actor) -> None:
    """Who does it says when it will end; that stands until they say otherwise."""
    if record.partner_end and record.partner_end < record.today:
        raise ValidationError({"partner_end": PAST})
    known = Milestone.objects.filter(pk=record.pk, partner_end=record.partner_end, confirmed_on=record.today)
    if record.partner_end and known.exists():
        raise ValidationError({"partner_end": KNOWN})
    record.confirmed_on = record.today
    if record.partner_end:
        who = "the partner" if actor.is_partner else "the sponsor"
        remember_fact(record, f"{who} moved it to {day_in_words(record.partner_end)}")


def confirm(record: Milestone, actor: Actor) -> None:
    """Since when the dates are stood by."""
    record.confirmed_on = record.today


def reopen(record: Milestone, actor: Actor) -> None:
    """It has not ended after all."""
    record.actual_end = None
    remember_fact(record, "it was opened again")


def remember_fact(record: Milestone, words: str) -> None:
    """What it says of itself is the last that fixed its dates."""
    record.fact_kind, record.fact_id = record._meta.db_table, record.pk or 0
    record.fact_number, record.fact = record.number, words
