"""A whole file beside a whole plan: what importing it would change."""

from dataclasses import dataclass

from oversight.kernel.access.scope import Actor
from techtransfer.models import Closure

from .closed import compare_closures
from .links import Links, compare_links
from .standing import Standing
from .steps import StepComparison, Steps
from .values import Findings, PlanFile


@dataclass(slots=True)
class Comparison:
    """What a file would do to a plan."""

    steps: Steps
    links: Links
    closures: list[Closure]
    closures_unchanged: int
    findings: Findings

    @property
    def changes(self) -> int:
        """How many rows would be written."""
        found = (self.steps.new, self.steps.changed, self.links.new, self.links.changed, self.closures)
        return sum(len(some) for some in found)


def compare(plan: PlanFile, standing: Standing, *, by: Actor) -> Comparison:
    """Compare without writing anything. The findings of the reading are carried on."""
    findings = Findings(list(plan.findings.all), plan.findings.errors, plan.findings.warnings)
    steps = StepComparison(standing, findings, by).compare(plan.steps)
    links = compare_links(plan.links, standing, steps.by_id, {row.id for row in plan.steps}, findings)
    closures, unchanged = compare_closures(plan, standing, findings)
    return Comparison(steps, links, closures, unchanged, findings)
