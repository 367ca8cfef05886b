"""What follows when a scenario is kept, shared, adopted, and when its time is over."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone

from oversight.kernel.access.scope import Actor
from oversight.kernel.outbox import publish
from oversight.kernel.trail.change import change
from oversight.kernel.workflow.refusals import Refused
from techtransfer.models import Programme, Scenario
from techtransfer.models.scenario import KEPT_FOR, odd
from techtransfer.showing.words import signed
from techtransfer.whatif.outcome import OnStudy, first_of
from techtransfer.whatif.preview import preview
from techtransfer.whatif.suppositions import Impossible, parse, written

from .plan import demand_open

PROGRAM_SHARES = "A program keeps nothing for itself: share it."
NOT_THE_AUTHOR = "Whoever kept it decides with whom it is shared."
NAMELESS = "Give it a name."
EXPIRED = "Its time is over."


def begin(record: Scenario, actor: Actor) -> None:
    """Compute it once more on the plan as it is now, and freeze what it comes to."""
    record.author_id, record.author_name = actor.user or 0, actor.name
    record.expires_on = record.expires_on or timezone.now().date() + KEPT_FOR
    if not actor.user and not record.shared:
        raise ValidationError({"shared": PROGRAM_SHARES})
    programme = Programme.objects.visible_to(actor).filter(pk=record.programme_id).first()
    if programme is None or actor.cdmos is not None:
        return  # who does not see every step keeps nothing
    demand_open(programme, "programme")
    try:
        found = preview(programme, parse(record.suppositions), by=actor)
    except Impossible as refusal:
        raise _with_the_rest(record, {"suppositions": str(refusal)}) from refusal
    except Refused as refusal:
        raise ValidationError({"programme": list(refusal.sentences)}) from refusal
    first = first_of(found.outcome)
    record.suppositions = written(found.suppositions)
    record.title = record.title.strip() or _title(len(found.suppositions), first)
    record.computed_at, record.forecast_at = timezone.now(), found.forecast_at
    record.days = first.days if first else None
    record.studies = [study.kept() for study in found.outcome.studies]
    record.steps = [step.kept() for step in found.outcome.moved]
    record.consequences = [each.kept() for each in found.outcome.consequences]


def _title(count: int, first: OnStudy | None) -> str:
    """What it comes to, and no step of a partner's: who sees some CDMOs alone reads titles, too."""
    changes = "One change" if count == 1 else f"{count} changes"
    return f"{changes}, {first.code} {signed(first.days)}" if first else changes


def _with_the_rest(record: Scenario, problems: dict[str, Any]) -> ValidationError:
    """What is wrong besides is said in the same answer."""
    try:
        record.clean()
    except ValidationError as refusal:
        return ValidationError(refusal.update_error_dict({}) | problems)
    return ValidationError(problems)


def amended(record: Scenario, actor: Actor, columns: frozenset[str]) -> None:
    """Only its author takes it back from the others, or gives it to them; it has a name and a day to come."""
    if not record.title.strip():
        raise ValidationError({"title": NAMELESS})
    if "expires_on" in columns and (problem := odd(record.expires_on)):
        raise ValidationError({"expires_on": problem})
    if "shared" in columns and actor.user != record.author_id:
        raise ValidationError({"shared": NOT_THE_AUTHOR})


def expire(*, by: Actor, today: date | None = None) -> int:
    """End what was kept long enough; answers how many. Safe to repeat."""
    day = today or timezone.now().date()
    rows = Scenario.objects.visible_to(by).select_for_update(of=("self",)).order_by("pk")
    over = list(rows.filter(Q(expires_on__lt=day), status=Scenario.Status.KEPT))
    for record in over:
        with change(by=by, reason=EXPIRED):
            record.status = Scenario.Status.EXPIRED
            record.save()
            publish("scenario.expired", record=record, by=by, status=record.status)
    return len(over)


def adopt(record: Scenario, actor: Actor, reason: str) -> None:
    """Write what can be planned, each through the door of its own record, with the scenario named as the cause."""
    from techtransfer.whatif.adopting import write

    write(record, by=actor, reason=f"{record.number}: {reason}"[:1000])
