"""What the page of a brought file shows of its report: the first of each, and how many there are."""

from dataclasses import dataclass
from typing import Any

from techtransfer.models import PlanImport

MOST = 100


@dataclass(frozen=True, slots=True)
class Shelf:
    """One section: its first rows, and how many more there are."""

    rows: list[Any]
    more: int

    @property
    def count(self) -> int:
        return len(self.rows) + self.more


@dataclass(frozen=True, slots=True)
class Shown:
    """A report, cut to what a person reads; the API answers all of it."""

    errors: int
    warnings: int
    changes: int
    findings: Shelf
    new: Shelf
    changed: Shelf
    unchanged: int
    missing: Shelf
    new_links: Shelf
    changed_links: Shelf
    missing_links: Shelf
    links_unchanged: int
    closures: Shelf


def shown(staged: PlanImport) -> Shown | None:
    """What of the report stands on the page; None for one that was thrown away."""
    if not (report := staged.report):
        return None
    steps, links = report["steps"], report["links"]
    return Shown(
        errors=report["errors"],
        warnings=report["warnings"],
        changes=report["changes"],
        findings=_shelf(report["findings"], total=report["errors"] + report["warnings"], most=2 * MOST),
        new=_shelf(steps["new"]),
        changed=_shelf(steps["changed"]),
        unchanged=steps["unchanged"],
        missing=_shelf(steps["missing"]),
        new_links=_shelf(links["new"]),
        changed_links=_shelf(links["changed"]),
        missing_links=_shelf(links["missing"]),
        links_unchanged=links["unchanged"],
        closures=_shelf(report["closures"]["new"]),
    )


def _shelf(rows: list[Any], *, total: int | None = None, most: int = MOST) -> Shelf:
    return Shelf(rows[:most], max(0, (len(rows) if total is None else total) - most))
