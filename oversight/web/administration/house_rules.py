"""The rules by which the house sets clocks, on the shelves on which a person would look for them."""

from dataclasses import dataclass

from batches.services.rules import LIFE as LIFE_OF_A_BATCH
from oversight.kernel.clocks.rules import Rule
from quality.models import Deviation
from quality.services import rules


@dataclass(frozen=True, slots=True)
class Shelf:
    """Rules that belong together."""

    title: str
    rules: tuple[tuple[str, Rule], ...]  # what is due, in full; the rule


def shelves() -> tuple[Shelf, ...]:
    """All of them: each of `rules.house_rules`, and of those of a batch, stands on one shelf."""
    notice = tuple(
        (f"{rule.label}, {Deviation.Severity(severity).label.lower()} deviation", rule)
        for severity, rule in rules.NOTICE.items()
    )
    responses = tuple(
        Shelf(
            f"Response to: {str(Deviation.EventType(kind).label).lower()}", tuple((r.label, r) for r in response.steps)
        )
        for kind, response in rules.RESPONSES.items()
    )
    course = (*notice, *((rule.label, rule) for rule in rules.LIFE))
    added = Shelf("Tasks added by hand", ((rules.ADDED_TASK.label, rules.ADDED_TASK),))
    batches = Shelf("Course of a batch", tuple((rule.label, rule) for rule in LIFE_OF_A_BATCH))
    return (Shelf("Course of a deviation", course), *responses, added, batches)


def rule_named(name: str) -> tuple[str, Rule] | None:
    """One rule with what is due."""
    return next((pair for shelf in shelves() for pair in shelf.rules if pair[1].name == name), None)
