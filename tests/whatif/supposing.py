"""What the stories of what-ifs ask: a preview of a supply chain, in days from today."""

from datetime import date

from oversight.kernel.access.scope import scope
from techtransfer.whatif.preview import Preview, preview
from techtransfer.whatif.suppositions import parse
from tests.cascade.supply import Supply, today


def supposed(supply: Supply, *lines: str) -> Preview:
    """What Omar sees when he supposes this."""
    omar = supply.world.omar
    with scope(omar):
        return preview(supply.read(supply.programme), parse("\n".join(lines)), by=omar)


def ends(found: Preview) -> dict[str, int]:
    """On which day from today each step would end, by its title."""
    return {step.title: (step.end - today()).days for step in found.outcome.steps.values()}


def starts_and_ends(found: Preview) -> dict[int, tuple[date, date]]:
    """The dates that the preview shows, by step."""
    return {key: (step.start, step.end) for key, step in found.outcome.steps.items()}


def said(found: Preview) -> list[str]:
    """The sentences of consequences."""
    return [each.words for each in found.outcome.consequences]


def moved(found: Preview) -> list[int]:
    """By how many days each study moves."""
    return [study.days for study in found.outcome.studies]
