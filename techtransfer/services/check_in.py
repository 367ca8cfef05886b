"""What a check-in takes from its step, and what it does to the step's date."""

from typing import Any

from django.core.exceptions import ValidationError

from oversight.kernel.access.scope import Actor
from oversight.kernel.workflow.writing import perform
from techtransfer.models import CheckIn, Milestone

SAID_WITH = "Said with a check-in."


def begin(record: CheckIn, actor: Actor) -> None:
    """It is of the step's CDMO, and of today at the site if no day is given."""
    if record.milestone_id is None:
        return
    rows: Any = Milestone.objects.visible_to(actor).select_related("site")
    if (step := rows.filter(pk=record.milestone_id).first()) is None:
        return
    record.milestone, record.cdmo_id = step, step.cdmo_id
    record.on_behalf = step.cdmo_id is not None and not actor.is_partner
    record.as_of = record.as_of or step.today


def begun(record: CheckIn, actor: Actor, reason: str) -> None:
    """An end that differs from the one known moves the date of the step, as the move would."""
    from techtransfer.workflows.milestone import MILESTONE_WORKFLOW  # which asks services itself

    if record.expected_end is None or record.expected_end == record.milestone.partner_end:
        return
    values = {"partner_end": record.expected_end}
    try:
        perform(
            MILESTONE_WORKFLOW, "forecast", record.milestone_id, by=actor, values=values,
            reason=record.remark or SAID_WITH,
        )  # fmt: skip
    except ValidationError as refusal:
        said = refusal.message_dict
        raise ValidationError({"expected_end": said.pop("partner_end", []), **said}) from None
