"""A plan as Microsoft Project XML: native where the format has a word for it, else in custom text fields."""

import json
import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from html import escape
from typing import Any

from .columns import LINK_NOTES, STEP_COLUMNS, WHY
from .csv_out import words_of
from .mspdi_in import MARK, NATIVE
from .values import ClosureRow, LinkRow, PlanFile, StepRow, Week

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
# Text1 to Text20: the keys by which Microsoft Project knows its custom fields.
_TEXTS = (
    188743731, 188743734, 188743737, 188743740, 188743743, 188743746, 188743747, 188743748, 188743749, 188743750,
    *range(188743997, 188744007),
)  # fmt: skip
FIELDS = {
    column.name: (column, key, f"Text{place}")
    for place, (column, key) in enumerate(
        zip([each for each in (*STEP_COLUMNS, LINK_NOTES) if each.name not in NATIVE], _TEXTS, strict=False), start=1
    )
}
TYPES = {"FF": 0, "FS": 1, "SF": 2, "SS": 3}
MINUTES, ELAPSED_MINUTES = 480, 1440
DAYS, ELAPSED_DAYS = 7, 8  # DurationFormat and LagFormat
STANDARD = 1
WEEKDAYS = frozenset(range(5))


def write_mspdi(plan: PlanFile, *, today: date) -> bytes:
    """The whole file."""
    return ("\n".join(_project(plan, today)) + "\n").encode()


def _project(plan: PlanFile, today: date) -> Iterator[str]:
    calendars = {(week.partner, week.site): number for number, week in enumerate(plan.weeks, start=STANDARD + 1)}
    starts = [start for step in plan.steps if (start := _start(step))]
    yield '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    yield '<Project xmlns="http://schemas.microsoft.com/project">'
    yield "<SaveVersion>14</SaveVersion>"
    yield _tag("Name", f"{plan.title[:200]}.xml")
    yield _tag("Title", plan.title)
    yield _tag("Subject", MARK)
    yield _tag("ScheduleFromStart", 1)
    yield _tag("StartDate", _at(min(starts, default=today)))
    yield _tag("CalendarUID", STANDARD)
    yield "<DefaultStartTime>08:00:00</DefaultStartTime><DefaultFinishTime>17:00:00</DefaultFinishTime>"
    yield "<MinutesPerDay>480</MinutesPerDay><MinutesPerWeek>2400</MinutesPerWeek><DaysPerMonth>20</DaysPerMonth>"
    yield _tag("CurrentDate", _at(today))
    yield _tag("StatusDate", _at(today))
    yield "<ExtendedAttributes>"
    for column, key, name in FIELDS.values():
        alias = _tag("Alias", column.heading)
        yield f"<ExtendedAttribute><FieldID>{key}</FieldID><FieldName>{name}</FieldName>{alias}</ExtendedAttribute>"
    yield "</ExtendedAttributes><Calendars>"
    yield from _calendar(STANDARD, Week("", "Standard", WEEKDAYS), ())
    for week in plan.weeks:
        closed = [each for each in plan.closures if (each.partner, each.site) == (week.partner, week.site)]
        yield from _calendar(calendars[week.partner, week.site], week, closed)
    yield "</Calendars><Tasks>"
    yield from _tasks(plan, calendars, min(starts, default=today))
    yield "</Tasks></Project>"


def _tasks(plan: PlanFile, calendars: dict[tuple[str, str], int], first: date) -> Iterator[str]:
    uids = {step.id: number for number, step in enumerate(plan.steps, start=1)}
    waits: dict[str, list[LinkRow]] = {}
    for link in plan.links:
        waits.setdefault(link.after, []).append(link)
    for step in plan.steps:
        yield "".join(_task(step, waits.get(step.id, []), uids, calendars, first))


def _task(
    step: StepRow, links: list[LinkRow], uids: dict[str, int], calendars: dict[tuple[str, str], int], first: date
) -> Iterator[str]:
    says, uid = step.says, uids[step.id]
    elapsed = says["calendar"] == "EVERY_DAY"
    days = says["duration_days"]
    start = _start(step) or first
    end = _end(step) or start + timedelta(max(days - 1, 0))
    minutes = days * (ELAPSED_MINUTES if elapsed else MINUTES)
    yield f"<Task><UID>{uid}</UID><ID>{uid}</ID>"
    yield _tag("Name", says["title"])
    yield "<Active>1</Active><Manual>0</Manual><Type>1</Type><IsNull>0</IsNull>"
    yield f"<WBS>{uid}</WBS><OutlineNumber>{uid}</OutlineNumber><OutlineLevel>1</OutlineLevel>"
    yield _tag("Start", _at(start))
    yield _tag("Finish", _at(end, last=bool(days)))
    yield f"<Duration>PT{minutes // 60}H{minutes % 60}M0S</Duration>"
    yield _tag("DurationFormat", ELAPSED_DAYS if elapsed else DAYS)
    yield f"<Milestone>{int(not days)}</Milestone><Summary>0</Summary>"
    yield from _happened(says, days)
    held = says["earliest_start"]
    yield f"<ConstraintType>{4 if held else 0}</ConstraintType>"
    yield _tag("CalendarUID", calendars.get((says["partner"], says["site"]), -1) if not elapsed else -1)
    if held:
        yield _tag("ConstraintDate", _at(held))
    if says["need_by"]:
        yield _tag("Deadline", _at(says["need_by"], last=bool(days)))
    for link in links:
        yield from _link(link, uids)
    yield from _texts(step, links)
    yield from _baseline(step, days)
    yield "</Task>\n"


def _happened(says: Any, days: int) -> Iterator[str]:
    start, end = says["actual_start"], says["actual_end"]
    yield f"<PercentComplete>{100 if end else 0}</PercentComplete>"
    if start:
        yield _tag("ActualStart", _at(start))
    if end:
        # A moment, and what took its days from one midnight to the next, end within the last day all the same.
        yield _tag("ActualFinish", _at(end, last=bool(days) or end != start))


def _texts(step: StepRow, links: list[LinkRow]) -> Iterator[str]:
    notes = [link.note or "" for link in links]
    told = {**step.says, "id": step.id, "notes": json.dumps(notes, ensure_ascii=False) if any(notes) else ""}
    for name, (column, key, _) in FIELDS.items():
        value = told.get(name)
        text = value.isoformat() if isinstance(value, date) else str(words_of(column, value))
        if text:
            yield f"<ExtendedAttribute><FieldID>{key}</FieldID>{_tag('Value', text)}</ExtendedAttribute>"


def _baseline(step: StepRow, days: int) -> Iterator[str]:
    start, end = step.otherwise.get("baseline_start"), step.otherwise.get("baseline_end")
    if start and end:
        span = f"{_tag('Start', _at(start))}{_tag('Finish', _at(end, last=bool(days)))}"
        yield f"<Baseline><Number>0</Number>{span}</Baseline>"


def _link(link: LinkRow, uids: dict[str, int]) -> Iterator[str]:
    elapsed = link.lag_unit == "ELAPSED"
    yield f"<PredecessorLink><PredecessorUID>{uids[link.before]}</PredecessorUID><Type>{TYPES[link.link]}</Type>"
    tenths = link.lag_days * (ELAPSED_MINUTES if elapsed else MINUTES) * 10
    yield f"<CrossProject>0</CrossProject><LinkLag>{tenths}</LinkLag>"
    yield f"<LagFormat>{ELAPSED_DAYS if elapsed else DAYS}</LagFormat></PredecessorLink>"


def _calendar(uid: int, week: Week, closed: Iterable[ClosureRow]) -> Iterator[str]:
    yield f"<Calendar><UID>{uid}</UID>{_tag('Name', week.site)}<IsBaseCalendar>1</IsBaseCalendar>"
    yield "<BaseCalendarUID>-1</BaseCalendarUID><WeekDays>"
    for day in range(7):
        works = (day - 1) % 7 in week.days  # there Sunday is the first
        hours = _HOURS if works else ""
        yield f"<WeekDay><DayType>{day + 1}</DayType><DayWorking>{int(works)}</DayWorking>{hours}</WeekDay>"
    yield "</WeekDays><Exceptions>"
    for each in closed:
        span = f"{_tag('FromDate', f'{each.starts_on}T00:00:00')}{_tag('ToDate', f'{each.ends_on}T23:59:00')}"
        days = (each.ends_on - each.starts_on).days + 1
        yield f"<Exception><EnteredByOccurrences>0</EnteredByOccurrences><TimePeriod>{span}</TimePeriod>"
        yield f"<Occurrences>{days}</Occurrences>{_tag('Name', f'{WHY[each.why]}: {each.title}')}"
        yield "<Type>1</Type><DayWorking>0</DayWorking></Exception>"
    yield "</Exceptions></Calendar>"


_HOURS = "".join(
    [
        "<WorkingTimes>",
        "<WorkingTime><FromTime>08:00:00</FromTime><ToTime>12:00:00</ToTime></WorkingTime>",
        "<WorkingTime><FromTime>13:00:00</FromTime><ToTime>17:00:00</ToTime></WorkingTime>",
        "</WorkingTimes>",
    ]
)


def _start(step: StepRow) -> date | None:
    says = step.says
    return (
        says["actual_start"] or step.otherwise.get("forecast_start") or says["planned_start"] or says["earliest_start"]
    )


def _end(step: StepRow) -> date | None:
    return step.says["actual_end"] or step.otherwise.get("forecast_end") or step.says["planned_end"]


def _at(day: date, *, last: bool = False) -> str:
    return f"{day.isoformat()}T{'17:00:00' if last else '08:00:00'}"


def _tag(name: str, value: Any) -> str:
    return f"<{name}>{escape(_ILLEGAL.sub('', str(value)), quote=False)}</{name}>"
