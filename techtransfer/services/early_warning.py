"""What follows when a person answers a warning, or sets it aside."""

from django.core.exceptions import ValidationError
from django.utils import timezone

from oversight.kernel.access.scope import Actor
from techtransfer.models import EarlyWarning

SAID = "That is said of it already. Say what has changed since."


def answered(record: EarlyWarning, actor: Actor) -> None:
    """Raises ValidationError for what is said of it already."""
    before = EarlyWarning.objects.visible_to(actor).filter(pk=record.pk).values_list("response", flat=True).get()
    if before == record.response:
        raise ValidationError({"response": SAID})


def set_aside(record: EarlyWarning, actor: Actor) -> None:
    """Somebody knows better; whether they did is seen when the step ends."""
    record.ended, record.ended_at = EarlyWarning.Ended.SET_ASIDE, timezone.now()
