"""What importing a file would change, in words: as it is kept, shown and answered by the API."""

import json
from hashlib import sha256
from typing import Any

from oversight.kernel.records.words import day_in_words, in_words
from techtransfer.models import Dependency, Milestone

from .comparing import Comparison
from .links import ChangedLink
from .standing import Standing
from .steps import HEADINGS, Changed, Steps
from .values import Finding, LinkRow

LINK_HEADINGS = {"lag_days": "Lag", "lag_unit": "Lag unit", "note": "Note"}
NOTHING = "nothing"
DATED = (
    "earliest_start", "need_by", "planned_start", "planned_end", "actual_start", "actual_end", "partner_end",
)  # fmt: skip


def report_of(found: Comparison, standing: Standing) -> dict[str, Any]:
    """The comparison as JSON takes it."""
    return {
        "steps": _steps(found.steps, standing),
        "links": _links(found),
        "closures": _closures(found),
        "findings": [_finding(each) for each in found.findings],
        "errors": found.findings.errors,
        "warnings": found.findings.warnings,
        "changes": found.changes,
    }


def digest_of(report: dict[str, Any]) -> str:
    """The same for the same changes."""
    told = {name: report[name] for name in ("steps", "links", "closures", "errors")}
    return sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _steps(found: Steps, standing: Standing) -> dict[str, Any]:
    return {
        "new": [
            {"id": step.external_id, "title": step.title, "where": _where(step), "says": _says(step), "row": place.row}
            for place, step in found.new
        ],
        "changed": [
            {
                "id": standing.ids[each.step.pk],
                "number": each.step.number,
                "title": each.was.get("title", each.step.title),
                "row": each.place.row,
                "changes": _changes(each, standing),
            }
            for each in found.changed
        ],
        "unchanged": found.unchanged,
        "missing": [{"number": step.number, "title": step.title} for step in found.missing],
    }


def _links(found: Comparison) -> dict[str, Any]:
    links, steps = found.links, found.steps
    return {
        "new": [_link(row, steps) for row in links.new],
        "changed": [_link(each.row, steps) | {"changes": _link_changes(each)} for each in links.changed],
        "unchanged": links.unchanged,
        "missing": [
            {"number": link.number, "before": _named(before, steps), "after": _named(after, steps), "type": kind}
            for (before, after, kind), link in links.missing
        ],
    }


def _closures(found: Comparison) -> dict[str, Any]:
    return {
        "new": [
            {
                "site": closure.site.name,
                "title": closure.title,
                "first": day_in_words(closure.starts_on),
                "last": day_in_words(closure.ends_on),
            }
            for closure in found.closures
        ],
        "unchanged": found.closures_unchanged,
    }


def _finding(each: Finding) -> dict[str, Any]:
    place = each.place
    return {
        "level": each.level,
        "sheet": place.sheet,
        "row": place.row,
        "column": place.column,
        "sentence": each.sentence,
    }


def _changes(each: Changed, standing: Standing) -> list[dict[str, str]]:
    return [_change(each.step, name, old, standing) for name, old in each.was.items()]


def _change(step: Milestone, name: str, old: Any, standing: Standing) -> dict[str, str]:
    if name == "site":
        was, now = standing.sites.get(old) if old else None, step.site
        return {"field": "Site", "old": was.name if was else NOTHING, "new": now.name if now else NOTHING}
    field, new = Milestone._meta.get_field(name), getattr(step, name)
    label = HEADINGS.get(name, str(field.verbose_name).capitalize())
    return {"field": label, "old": in_words(field, old) or NOTHING, "new": in_words(field, new) or NOTHING}


def _link_changes(each: ChangedLink) -> list[dict[str, str]]:
    return [
        {"field": LINK_HEADINGS[name], "old": _of_link(name, old), "new": _of_link(name, getattr(each.link, name))}
        for name, old in each.was.items()
    ]


def _where(step: Milestone) -> str:
    return ", ".join(str(each) for each in (step.cdmo, step.site) if each)


def _says(step: Milestone) -> list[str]:
    """What a new step would be, as far as it is said: how long it takes, and its days."""
    days = step.duration_days or 0
    unit = "working day" if step.calendar == Milestone.Calendar.SITE else "day"
    length = f"{days} {unit}{'' if days == 1 else 's'}" if days else "a moment"
    told = [f"{step.get_stage_display()}, {step.get_step_display()}", length]
    told += [f"{HEADINGS[name]} {day_in_words(day)}" for name in DATED if (day := getattr(step, name))]
    return [*told, f"Fill line {step.line}"] if step.line else told


def _link(row: LinkRow, steps: Steps) -> dict[str, Any]:
    unit = "elapsed days" if row.lag_unit == "ELAPSED" else "working days"
    return {
        "before": _named(row.before, steps),
        "after": _named(row.after, steps),
        "type": row.link,
        "lag": f"{row.lag_days:+d} {unit}" if row.lag_days else "",
        "row": row.place.row,
    }


def _named(name: str, steps: Steps) -> str:
    step = steps.by_id.get(name)
    return f"{name} {step.title}" if step else name


def _of_link(name: str, value: Any) -> str:
    return (in_words(Dependency._meta.get_field(name), value) if name == "lag_unit" else str(value)) or NOTHING
