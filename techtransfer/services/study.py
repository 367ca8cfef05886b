"""What follows when a study is put on file and when it starts."""

from django.core.exceptions import ValidationError
from django.utils import timezone

from oversight.kernel.access.scope import Actor
from techtransfer.models import Programme, Study

from .plan import demand_open

FUTURE = "This lies in the future. Enter what has happened."


def begin(record: Study, actor: Actor) -> None:
    """A study of a programme that is planned; whoever opens it answers for it."""
    # Locked already: it is part of its programme.
    demand_open(Programme.objects.visible_to(actor).filter(pk=record.programme_id).first(), "programme")
    if actor.user:
        record.owner_id, record.owner_name = actor.user, actor.name


def start(record: Study, actor: Actor) -> None:
    """Nothing is forecast any more: the day is known, and by how much it missed the one that was agreed."""
    day = record.actual_first_patient_in
    if day is None:
        return
    if day > timezone.now().date():
        raise ValidationError({"actual_first_patient_in": FUTURE})
    agreed = record.agreed_first_patient_in
    record.forecast_before, record.forecast_first_patient_in = record.forecast_first_patient_in, day
    record.slip_days = (day - agreed).days if agreed else None
