"""The closures of a file beside those that stand; a site's working week is the site's, whatever a file says."""

from techtransfer.models import Closure
from techtransfer.models.closure import BACKWARDS, LONGEST

from .places import Places, Unknown
from .standing import Standing
from .values import ClosureRow, Findings, Place, PlanFile

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def compare_closures(plan: PlanFile, standing: Standing, findings: Findings) -> tuple[list[Closure], int]:
    """The closures that are new, and how many stand already: by site and days."""
    places, new, unchanged = Places(standing), list[Closure](), 0
    seen = set(standing.closures)
    for row in plan.closures:
        closure = _read(row, places, findings, standing)
        if closure is None:
            continue
        key = (closure.site_id, closure.starts_on, closure.ends_on)
        if key in seen:
            unchanged += 1
            continue
        seen.add(key)
        new.append(closure)
    _say_weeks(plan, places, findings)
    return new, unchanged


def _read(row: ClosureRow, places: Places, findings: Findings, standing: Standing) -> Closure | None:
    column = "Partner"
    try:
        partner = places.partner(row.partner)
        column = "Site"
        site = places.site(row.site, partner)
    except Unknown as trouble:
        findings.error(row.place.at(column), str(trouble))
        return None
    if row.ends_on < row.starts_on:
        findings.error(row.place.at("Last day"), BACKWARDS)
        return None
    if (row.ends_on - row.starts_on).days >= LONGEST:
        findings.error(row.place.at("Last day"), "That is more than a year. Enter shorter ones.")
        return None
    return Closure(
        tenant_id=standing.programme.tenant_id, cdmo=partner, site=site, title=row.title, why=row.why,
        starts_on=row.starts_on, ends_on=row.ends_on, status=Closure.Status.ACTIVE,
    )  # fmt: skip


def _say_weeks(plan: PlanFile, places: Places, findings: Findings) -> None:
    """A calendar of the file that works on other days than the site it stands for."""
    for week in plan.weeks:
        try:
            site = places.site(week.site, places.partner(week.partner))
        except Unknown:
            continue  # said beside the step
        if (here := site.WORKING_DAYS[site.working_week]) != week.days:
            findings.warn(
                Place("Calendars", 0, site.name),
                f"The file works {_days(week.days)}, the site {_days(here)}: the site's week counts.",
            )


def _days(days: frozenset[int]) -> str:
    return ", ".join(DAYS[day] for day in sorted(days)) or "on no day"
