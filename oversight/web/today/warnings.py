"""Steps that are likely to end late, red first: before anybody has moved their date."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Case, IntegerField, Value, When

from oversight.kernel.access.scope import Actor
from techtransfer.models import EarlyWarning
from techtransfer.records import EARLY_WARNING, MILESTONE
from techtransfer.showing.warnings import WarningLine, line

SHOWN = 5
Level = EarlyWarning.Level


@dataclass(frozen=True, slots=True)
class Warned:
    """One warning, and the product that it is about."""

    line: WarningLine
    code: str


def warned(actor: Actor, *, most: int = SHOWN) -> tuple[Warned, ...]:
    """The red ones, then those that end soonest, in one statement; what is only worth a look stays on its programme."""
    if not EARLY_WARNING.may(actor, "view"):
        return ()
    rows: Any = EarlyWarning.objects.visible_to(actor).filter(
        status=EarlyWarning.Status.OPEN, level__in=(Level.RED, Level.AMBER)
    )
    rows = rows.annotate(turn=Case(When(level=Level.RED, then=Value(0)), default=1, output_field=IntegerField()))
    found = rows.order_by("turn", "agreed_on", "pk")[:most]
    return tuple(Warned(line(row, EARLY_WARNING, MILESTONE, actor, answers=False), row.product_code) for row in found)
