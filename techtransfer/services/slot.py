"""What is asked of a step for which a slot is booked, and what follows when the slot is free again."""

from django.core.exceptions import ValidationError
from django.utils import timezone

from oversight.kernel.access.scope import Actor
from oversight.kernel.outbox import publish
from techtransfer.models import Milestone, Slot


def book(record: Slot, actor: Actor) -> None:
    """For one step that still has to be done and has no slot; it is locked, so that no two slots are booked for it."""
    if not record.milestone_id:
        return
    rows = Milestone.objects.visible_to(actor).select_for_update(of=("self",), no_key=True)
    if (step := rows.filter(pk=record.milestone_id).first()) is None:
        return
    if record.starts_on and record.starts_on < timezone.now().date():
        raise ValidationError({"starts_on": "This day is over. Book a slot that is still to come."})
    if not step.is_open:
        raise ValidationError({"milestone": "This step is over. Choose one that still has to be done."})
    others = Slot.objects.visible_to(actor).filter(milestone=step, status=Slot.Status.BOOKED).exclude(pk=record.pk)
    if other := others.first():
        raise ValidationError({"milestone": f"{other.number} is booked for this step already. Free that one first."})


def free(record: Slot, actor: Actor) -> None:
    """It is nobody's again."""
    record.milestone = None


def free_slots_of(step: Milestone, actor: Actor, reason: str) -> None:
    """A step that is taken out gives its slots back."""
    for slot in Slot.objects.visible_to(actor).select_for_update(of=("self",)).filter(milestone=step):
        if slot.status == Slot.Status.BOOKED:
            slot.status, slot.milestone = Slot.Status.OPEN, None
            slot.save()
            publish("slot.free", record=slot, by=actor, status=slot.status)
