"""Days, drivers and links of a plan as a person reads them."""

from dataclasses import dataclass
from datetime import date

from oversight.kernel.records.words import day_in_words
from techtransfer.models import Dependency, Milestone

UNSEEN_STEP = "a step out of your sight"
# How a step hangs on the one before it.
AFTER = {"FS": "after", "SS": "from the start of", "FF": "ends with", "SF": "ends with the start of"}


@dataclass(frozen=True, slots=True)
class Words:
    """A clause, the end of which may lead somewhere: after | DS-26-014 manufacture."""

    text: str
    name: str = ""
    href: str = ""

    def __str__(self) -> str:
        return f"{self.text} {self.name}".strip()


def on(day: date | None) -> str:
    """15 Nov 2026; nothing for none."""
    return day_in_words(day) if day else ""


def days(count: int) -> str:
    """1 day, 3 days."""
    return f"{abs(count)} {'day' if abs(count) == 1 else 'days'}"


def signed(count: int) -> str:
    """+3 d, −3 d."""
    return f"{'+' if count > 0 else '−' if count < 0 else ''}{abs(count)} d"


def driven(step: Milestone, *, before: str, before_href: str, held_by: str, held_href: str) -> Words:
    """What drives the dates of a step; `before` is the step that does, `held_by` the number of what holds it."""
    start = step.forecast_start
    match step.driver:
        case Milestone.Driver.LINK:
            return Words(AFTER.get(step.driver_link, "after"), before or UNSEEN_STEP, before_href)
        case Milestone.Driver.HOLD:
            return Words("hold", held_by, held_href)
        case Milestone.Driver.SLOT:
            return Words(f"slot of {step.line}, {on(start)}")
        case Milestone.Driver.NOT_BEFORE:
            return _not_before(step, start)
        case Milestone.Driver.STATUS:
            return Words(f"under way since {on(step.actual_start)}" if step.actual_start else "today")
        case Milestone.Driver.ACTUAL:
            return Words("happened" if step.actual_end else f"began {on(step.actual_start)}")
    return Words("")


def _not_before(step: Milestone, start: date | None) -> Words:
    """What keeps it from beginning earlier: a day that was set, a batch that is made again, or the partner's date."""
    if step.again_from and step.again_from == start:
        return Words(f"made again, not before {on(start)}")
    if step.partner_end and step.earliest_start != start:
        return Words(f"date given, {on(step.partner_end)}")
    return Words(f"not before {on(start)}")


def link_words(link: Dependency) -> str:
    """FS +3 d, working days."""
    lag = f" {signed(link.lag_days)}" if link.lag_days else ""
    unit = ", working days" if link.lag_days and link.lag_unit == Dependency.LagUnit.WORKING else ""
    return f"{link.link}{lag}{unit}"
