"""How long the hold of a step may take, for its page and for simulations: what is known of the batch it follows."""

from oversight.kernel.access.scope import Actor
from techtransfer.forecast.days import day_of
from techtransfer.models import Milestone
from techtransfer.ports import HoldTimes

from .models import BatchHold
from .showing import takes


def hold_takes(step: Milestone, actor: Actor) -> str:
    """What the open hold of its batch that the step stands under is judged by; nothing where that is out of sight."""
    rows = BatchHold.objects.visible_to(actor).filter(batch_id=step.batch_id, lifted_on=None)
    rows = rows.filter(cause_kind=step.hold_kind, cause_id=step.hold_id).select_related("batch__cdmo")
    hold = rows.order_by("since_on", "id").first() if step.batch_id else None
    return takes(hold, str(hold.batch.cdmo), actor) if hold is not None and hold.days_p50 else ""


def hold_times(programme: int, actor: Actor) -> dict[int, HoldTimes]:
    """For each held step of the programme what its batch's open hold is judged by, in two statements."""
    steps = Milestone.objects.visible_to(actor).filter(programme=programme, held_until__isnull=False)
    named = {
        (batch, kind, key): pk
        for pk, batch, kind, key in steps.exclude(batch_id=0).values_list("pk", "batch_id", "hold_kind", "hold_id")
    }
    if not named:
        return {}
    rows = BatchHold.objects.visible_to(actor).filter(batch_id__in={batch for batch, _, _ in named}, lifted_on=None)
    rows = rows.exclude(days_p50=None).order_by("-since_on", "-id")  # of two, the first stands last
    columns = ("batch_id", "cause_kind", "cause_id", "since_on", "days_p50", "days_p80")
    return {
        named[batch, kind, key]: HoldTimes(day_of(since), p50, p80)
        for batch, kind, key, since, p50, p80 in rows.values_list(*columns)
        if (batch, kind, key) in named
    }
