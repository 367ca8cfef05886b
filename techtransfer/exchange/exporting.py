"""A programme as a plan file: its own fields, and what is computed beside them to be read."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from oversight.kernel.access.scope import Actor
from techtransfer.models import Closure, Milestone, Programme

from .cells import unseen_in
from .columns import STEP_FIELDS
from .csv_out import write_csv
from .mspdi_out import write_mspdi
from .standing import Standing, read_standing
from .values import ClosureRow, LinkRow, Place, PlanFile, StepRow, Week
from .xlsx_out import write_xlsx

NOWHERE = Place("")
NAMED = frozenset({"partner", "site"})
TOLD = ("number", "status", "forecast_start", "forecast_end", "baseline_start", "baseline_end")


@dataclass(frozen=True, slots=True)
class PlanFormat:
    """One format in which a plan is given out."""

    ending: str
    words: str
    content_type: str


FORMATS = {
    "xml": PlanFormat("xml", "Microsoft Project XML", "application/xml"),
    "xlsx": PlanFormat("xlsx", "Excel", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "csv": PlanFormat("csv", "CSV", "text/csv; charset=utf-8"),
}


def export_plan(programme: Programme, ending: str, *, by: Actor) -> bytes:
    """The plan as far as the actor sees it, as a file; read in six statements whatever its size."""
    standing = read_standing(programme, by=by)
    plan = plan_of(standing, by=by)
    match ending:
        case "xml":
            return write_mspdi(plan, today=timezone.now().date())
        case "xlsx":
            return write_xlsx(plan)
    return write_csv(plan)


def plan_of(standing: Standing, *, by: Actor) -> PlanFile:
    """The plan as files tell it."""
    plan = PlanFile("", title=standing.programme.title)
    for name, step in standing.steps.items():
        told = {key: _told(step, key) for key in TOLD}
        plan.steps.append(StepRow(NOWHERE, name, {key: _value(step, key) for key in STEP_FIELDS}, told))
    for link in standing.links:
        before, after = standing.ids.get(link.predecessor_id), standing.ids.get(link.successor_id)
        if before and after:
            plan.links.append(
                LinkRow(NOWHERE, before, after, link.link, link.lag_days, link.lag_unit, _seen(link.note))
            )
    _add_sites(plan, standing, by)
    return plan


def _value(step: Milestone, name: str) -> Any:
    if name in NAMED:
        place = step.cdmo if name == "partner" else step.site
        return place.name if place else ""
    return _seen(getattr(step, name))


def _seen(value: Any) -> Any:
    """What no file takes back is left out of a text that somebody typed here with it."""
    return value if not isinstance(value, str) else "".join(mark for mark in value if not unseen_in(mark))


def _told(step: Milestone, name: str) -> date | str | None:
    return step.get_status_display() if name == "status" else getattr(step, name)


def _add_sites(plan: PlanFile, standing: Standing, by: Actor) -> None:
    """The weeks and the closures of the sites at which it works."""
    sites = {step.site_id: step.site for step in standing.steps.values() if step.site_id and step.site}
    for site in sites.values():
        plan.weeks.append(Week(site.cdmo.name, site.name, site.WORKING_DAYS[site.working_week]))
    rows = Closure.objects.visible_to(by).filter(site_id__in=sites, status=Closure.Status.ACTIVE)
    for closure in rows.order_by("site_id", "starts_on", "pk"):
        site = sites[closure.site_id]
        plan.closures.append(
            ClosureRow(
                NOWHERE,
                site.cdmo.name,
                site.name,
                _seen(closure.title),
                closure.why,
                closure.starts_on,
                closure.ends_on,
            )
        )
