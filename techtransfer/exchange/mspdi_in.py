"""A plan from Microsoft Project XML (MSPDI): tasks, links and calendars, and what of them has no place here."""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from .cells import Unreadable, read_cell, shortened
from .columns import LINK_NOTES, STAGE, STEP_COLUMNS
from .csv_in import read_notes
from .mspdi_calendars import EVERY_DAY, TOO_MANY_OFF, SavedCalendar, read_calendar, settle, week_of
from .mspdi_task import EMPTY_ROW, Task, read_task
from .mspdi_time import Hours, clock, first_day, moment, whole
from .mspdi_xml import Element, elements, text_of
from .tables import bad_id
from .values import MOST_LINKS, MOST_ROWS, FileRefused, LinkRow, Place, PlanFile, StepRow

MARK = "Oversight plan"  # the subject of a file that was written here
SHEET = "Tasks"
MOST_FIELDS = 100  # that bear the name of a column
MOST_CALENDARS = 2_000
BY_HEADING = {column.heading.casefold(): column for column in (*STEP_COLUMNS, LINK_NOTES)}
NATIVE = frozenset({"title", "duration_days", "earliest_start", "need_by", "actual_start", "actual_end"})


@dataclass(slots=True)
class Saved:
    """What the file says before its tasks."""

    hours: Hours = field(default_factory=Hours)
    start: date | None = None
    ours: bool = False
    calendar: int = -1
    aliases: dict[str, str] = field(default_factory=dict)  # field id → heading
    calendars: dict[int, SavedCalendar] = field(default_factory=dict)
    tasks: list[Task] = field(default_factory=list)
    links: int = 0  # how many there are
    off: int = 0


def read_mspdi(content: bytes) -> PlanFile:
    """The plan that the file tells; raises FileRefused where it is none."""
    plan, saved = PlanFile("MSPDI"), Saved()
    for name, element in elements(content):
        try:
            _take(plan, saved, name, element)
        except Unreadable as trouble:
            raise FileRefused(f"{name} cannot be read: {trouble}") from None
    if not saved.tasks:
        raise FileRefused("The file has no tasks.")
    _build(plan, saved)
    return plan


def _take(plan: PlanFile, saved: Saved, name: str, element: Element) -> None:
    text = (element.text or "").strip()
    match name:
        case "Title" | "Name" if text:
            plan.title = plan.title or shortened(text)
        case "Subject":
            saved.ours = text == MARK
        case "MinutesPerDay":
            minutes = whole(text, 480)
            saved.hours = replace(saved.hours, minutes=minutes if 1 <= minutes <= 1440 else 480)
        case "DefaultStartTime":
            saved.hours = replace(saved.hours, start=clock(text, saved.hours.start))
        case "DefaultFinishTime":
            saved.hours = replace(saved.hours, finish=clock(text, saved.hours.finish))
        case "CalendarUID":
            saved.calendar = whole(text, -1)
        case "StartDate":
            start = moment(text)
            saved.start = first_day(start, saved.hours) if start else None
        case "ExtendedAttributes/ExtendedAttribute":
            heading = text_of(element, "Alias").casefold()
            if len(saved.aliases) >= MOST_FIELDS:
                raise FileRefused(
                    f"The file has more than {MOST_FIELDS} custom fields of one plan. Remove what is over."
                )
            if heading in BY_HEADING:
                saved.aliases[text_of(element, "FieldID")] = heading
        case "Calendars/Calendar":
            calendar = read_calendar(element, plan)
            saved.calendars[calendar.uid] = calendar
            if len(saved.calendars) > MOST_CALENDARS:
                raise FileRefused(
                    f"The file has more than {MOST_CALENDARS:,} calendars. Remove those that nobody uses."
                )
            if (off := saved.off + len(calendar.off)) > MOST_ROWS:
                raise FileRefused(TOO_MANY_OFF)
            saved.off = off
        case "Tasks/Task":
            if len(saved.tasks) > MOST_ROWS:
                raise FileRefused(f"The file has more than {MOST_ROWS:,} tasks. Split the plan.")
            saved.tasks.append(task := read_task(element))
            saved.links += len(task.links)
            if saved.links > MOST_LINKS:
                raise FileRefused(f"The file has more than {MOST_LINKS:,} dependencies. Split the plan.")


def _build(plan: PlanFile, saved: Saved) -> None:
    """From tasks to steps and links; what is no step here says so in its row."""
    told = _told(saved)
    owned = any("id" in values for values in told.values())
    ids = {
        task.uid: str(told[task.uid].get("id") or (f"UID-{task.uid}" if owned else task.uid)) for task in saved.tasks
    }
    kept = {task.uid for task in saved.tasks if not task.left_out}
    stages = _Stages()
    used: dict[int, set[tuple[str, str]]] = {}
    for task in saved.tasks:
        place = Place(SHEET, task.row)
        stages.enter(task)
        if task.left_out:
            if task.left_out != EMPTY_ROW:
                plan.findings.warn(place, task.left_out)
            continue
        if sentence := bad_id(ids[task.uid]):
            plan.findings.error(place.at("ID"), sentence)
            continue
        values = _step(plan, saved, task, place, told[task.uid], kept)
        plan.steps.append(StepRow(place, ids[task.uid], values, {"stage": stages.stage or "TRANSFER", "step": "OTHER"}))
        _links(plan, saved, task, place, ids, kept, told[task.uid])
        calendar = task.calendar if task.calendar in saved.calendars else saved.calendar
        if not task.elapsed and values.get("calendar") != "EVERY_DAY":
            spot = (values.get("partner") or "", values.get("site") or "")
            used.setdefault(calendar, set()).add(spot if all(spot) else ("", ""))
    settle(plan, used, saved.calendars)


def _told(saved: Saved) -> dict[int, dict[str, str]]:
    """What each task says in fields that bear the name of one of our columns."""
    return {
        task.uid: {
            BY_HEADING[saved.aliases[key]].name: text for key, text in task.attributes if key in saved.aliases and text
        }
        for task in saved.tasks
    }


class _Stages:
    """The stage that a summary task names, for all below it."""

    def __init__(self) -> None:
        self._above: list[tuple[int, str]] = []

    def enter(self, task: Task) -> None:
        while self._above and self._above[-1][0] >= task.level:
            self._above.pop()
        if task.is_summary:
            word = task.title.casefold()
            code = next((code for code, label in STAGE.items() if word in (code.casefold(), label.casefold())), "")
            self._above.append((task.level, code or self.stage))

    @property
    def stage(self) -> str:
        return self._above[-1][1] if self._above else ""


def _step(
    plan: PlanFile, saved: Saved, task: Task, place: Place, told: dict[str, str], kept: set[int]
) -> dict[str, Any]:
    values, findings = dict[str, Any](), plan.findings
    for name, text in told.items():
        if name in NATIVE or name in ("id", "notes"):
            continue
        column = next(each for each in STEP_COLUMNS if each.name == name)
        try:
            values[name], said = read_cell(column, text)
        except Unreadable as trouble:
            findings.error(place.at(column.heading), str(trouble))
            continue
        if said:
            findings.warn(place.at(column.heading), said)
    if saved.ours:
        # What an empty field of ours leaves out is empty: a file that was written here says everything.
        blank: dict[str, Any] = dict.fromkeys(("partner", "site", "line"), "")
        blank |= dict.fromkeys(("optimistic_days", "pessimistic_days", "planned_start", "planned_end", "partner_end"))
        values = blank | values
    calendar = saved.calendars.get(task.calendar) or saved.calendars.get(saved.calendar)
    week = week_of(calendar, saved.calendars)
    values.setdefault("calendar", "EVERY_DAY" if task.elapsed or week == EVERY_DAY else "SITE")
    waits = [link for link in task.links if link.before in kept]
    floor = None if saved.ours else _floor(saved, task, [link.link for link in waits])
    values |= task.values(saved.hours, floor, findings, place, ours=saved.ours)
    return values


def _floor(saved: Saved, task: Task, links: list[str]) -> date | None:
    """There nothing is scheduled before the project begins, and a task that waits for none begins where it stands."""
    if {"FS", "SS"} & set(links):
        return None
    start = task.start if not links else None
    return first_day(start, saved.hours) if start else saved.start


def _links(
    plan: PlanFile, saved: Saved, task: Task, place: Place, ids: dict[int, str], kept: set[int], told: dict[str, str]
) -> None:
    here = place.at("Predecessors")
    found: list[LinkRow] = []
    for link in task.links:
        if link.elsewhere or link.before not in ids:
            plan.findings.warn(here, "It waits for a task of another file: that link is not kept.")
        elif link.before not in kept:
            plan.findings.warn(here, "It waits for a task that is no step here: that link is not kept.")
        else:
            lag, unit = link.lag(saved.hours, task, plan.findings, here)
            found.append(LinkRow(here, ids[link.before], ids[task.uid], link.link, lag, unit))
    notes: list[str | None] = ["" if saved.ours else None] * len(found)
    if told.get("notes"):
        notes = read_notes(plan, place.at(LINK_NOTES.heading), told["notes"], len(found))
    plan.links += [replace(link, note=note) for link, note in zip(found, notes, strict=True)]
