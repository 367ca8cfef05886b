"""The programme whose plan is about to change: locked, still open, and its product's code on what belongs to it."""

from typing import Any

from django.core.exceptions import ValidationError

from oversight.kernel.access.scope import Actor
from techtransfer.models import Programme

CLOSED = "This programme is closed. Reopen it first."


def locked(pk: int | None, by: Actor) -> Programme | None:
    """The programme, locked: who adds to its plan and who computes its dates wait for each other.

    No key is changed, so that nobody has to wait who only refers to it.
    """
    return Programme.objects.visible_to(by).select_for_update(no_key=True).filter(pk=pk).first() if pk else None


def demand_open(programme: Programme | None, beside: str) -> None:
    """Refuse to add to a plan that is closed, in a sentence beside the field."""
    if programme is not None and programme.status == Programme.Status.CLOSED:
        raise ValidationError({beside: CLOSED})


def join(record: Any, actor: Actor) -> None:
    """A row of a programme that is open bears its product's code, which alone of the programme partners read."""
    found = Programme.objects.visible_to(actor).select_related("product").filter(pk=record.programme_id).first()
    demand_open(found, "programme")
    record.product_code = found.product.code if found else ""
