"""One task of a Microsoft Project XML file, as its row says it."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from .cells import Unreadable, demand_seen, shortened
from .mspdi_time import (
    ELAPSED,
    MINUTES_ELAPSED,
    PERCENT,
    Hours,
    days_of,
    first_day,
    last_day,
    minutes_of,
    moment,
    whole,
)  # fmt: skip
from .mspdi_xml import Element, children, text_of, texts_of
from .values import Findings, Place

_BREAK = re.compile(r"\s*[\r\n\t]+\s*")
MOST_TITLE = 2_000  # characters, past which nobody looks for breaks in it
EMPTY_ROW = "It is the project itself, or empty."
LINKS = {0: "FF", 1: "FS", 2: "SF", 3: "SS"}
ASAP, ALAP, MUST_START, MUST_FINISH, NOT_BEFORE, START_BY, FINISH_FROM, FINISH_BY = range(8)
CALLED = {
    ALAP: "As late as possible",
    MUST_START: "Must start on",
    MUST_FINISH: "Must finish on",
    START_BY: "Start no later than",
    FINISH_FROM: "Finish no earlier than",
    FINISH_BY: "Finish no later than",
}


@dataclass(frozen=True, slots=True)
class TaskLink:
    """One PredecessorLink."""

    before: int
    link: str
    tenths: int  # of a minute; of a percentage, the percent
    format: int
    elsewhere: bool

    def lag(self, hours: Hours, task: "Task", findings: Findings, place: Place) -> tuple[int, str]:
        """The lag in whole days of its unit; what is rounded is said."""
        if self.format in PERCENT:
            findings.warn(place, "A lag in per cent of a duration is not known here: taken as no lag.")
            return 0, "WORKING"
        unit = "ELAPSED" if self.format in ELAPSED else "WORKING"
        length = MINUTES_ELAPSED if unit == "ELAPSED" else hours.minutes
        days, exact = days_of(self.tenths / 10, length)
        if days != exact:
            findings.warn(place, f"A lag of {exact:.4g} days is not whole: taken as {days}.")
        return days, unit


@dataclass(frozen=True, slots=True)
class Task:
    """One task, its texts still as they stand."""

    uid: int
    row: int
    title: str
    level: int
    is_summary: bool
    left_out: str  # why it is no step; empty for one
    duration: str
    elapsed: bool
    manual: bool
    constraint: int
    constraint_at: str
    deadline: str
    begins: str
    ends: str
    actual_start: str
    actual_finish: str
    done: int  # per cent
    calendar: int
    links: tuple[TaskLink, ...]
    attributes: tuple[tuple[str, str], ...]

    @property
    def start(self) -> datetime | None:
        """Where the file has it begin; None where that cannot be read."""
        try:
            return moment(self.begins)
        except Unreadable:
            return None

    def values(
        self, hours: Hours, floor: date | None, findings: Findings, place: Place, *, ours: bool
    ) -> dict[str, Any]:
        """What the step is called, how long it takes, what holds it, and what has happened."""
        found: dict[str, Any] = {}
        for column, read in (
            ("Name", self._named), ("Duration", self._length), ("ConstraintDate", self._held),
            ("ActualStart", self._happened),
        ):  # fmt: skip
            try:
                read(found, hours, findings, place)
            except Unreadable as trouble:
                findings.error(place.at(column), str(trouble))
        if floor and not found.get("earliest_start") and not found.get("actual_start"):
            found["earliest_start"] = floor
        if self.manual and not ours:
            findings.warn(
                place.at("Manual"), "It is scheduled by hand in the file: here its dates follow from what it waits for."
            )
        return found

    def _named(self, found: dict[str, Any], hours: Hours, findings: Findings, place: Place) -> None:
        title = self.title if len(self.title) > MOST_TITLE else _BREAK.sub(" ", self.title).strip()
        if not title:
            raise Unreadable("The task has no name.")
        if len(title) > 160:
            raise Unreadable(f"The name has {len(title)} characters; 160 is the most.")
        demand_seen("The name", title)
        found["title"] = title

    def _length(self, found: dict[str, Any], hours: Hours, findings: Findings, place: Place) -> None:
        minutes = minutes_of(self.duration) if self.duration else 0
        if minutes < 0:
            raise Unreadable("A duration is not negative.")
        days, exact = days_of(minutes, MINUTES_ELAPSED if self.elapsed else hours.minutes)
        found["duration_days"] = days
        if days != exact:
            findings.warn(place.at("Duration"), f"{exact:.4g} days are not whole: taken as {days}.")

    def _held(self, found: dict[str, Any], hours: Hours, findings: Findings, place: Place) -> None:
        found["earliest_start"], found["need_by"] = None, None
        if deadline := moment(self.deadline):
            found["need_by"] = last_day(deadline, hours, is_moment=not found.get("duration_days"))
        at, here = moment(self.constraint_at), place.at("ConstraintType")
        if self.constraint == NOT_BEFORE and at:
            found["earliest_start"] = first_day(at, hours)
        elif self.constraint == MUST_START and at:
            found["earliest_start"] = first_day(at, hours)
            findings.warn(here, "“Must start on” is not known here: taken as not before that day.")
        elif self.constraint in (MUST_FINISH, FINISH_BY) and at:
            found["need_by"] = found["need_by"] or last_day(at, hours, is_moment=not found.get("duration_days"))
            findings.warn(here, f"“{CALLED[self.constraint]}” is not known here: taken as needed by that day.")
        elif self.constraint in CALLED:
            findings.warn(here, f"“{CALLED[self.constraint]}” is not known here: it begins as soon as it can.")
        elif self.constraint not in (ASAP, NOT_BEFORE):
            findings.warn(here, f"Constraint {self.constraint} is not known: it begins as soon as it can.")

    def _happened(self, found: dict[str, Any], hours: Hours, findings: Findings, place: Place) -> None:
        start, end = moment(self.actual_start), moment(self.actual_finish)
        is_moment, here = not found.get("duration_days"), place.at("PercentComplete")
        if start is None and self.done > 0 and (start := moment(self.begins)):
            findings.warn(here, f"It is {self.done} % complete without an actual start: taken as begun on its start.")
        if end is None and self.done >= 100 and (end := moment(self.ends)):
            findings.warn(here, "It is complete without an actual finish: taken as finished on its finish.")
        if end is None and 0 < self.done < 100:
            findings.warn(
                here, f"{self.done} % complete is not kept: what remains is counted from its start and its duration."
            )
        if start is not None:
            found["actual_start"] = first_day(start, hours)
        if end is not None:
            found["actual_end"] = max(last_day(end, hours, is_moment=is_moment), found.get("actual_start", date.min))


def read_task(element: Element) -> Task:
    """The task as it stands; raises Unreadable for one without a number."""
    told = texts_of(element)
    uid = told.get("UID", "")
    if not uid:
        raise Unreadable("a task has no UID.")
    style = whole(told.get("DurationFormat", ""), 7)
    return Task(
        uid=whole(uid),
        row=whole(told.get("ID", "")),
        title=told.get("Name", ""),
        level=whole(told.get("OutlineLevel", ""), 1),
        is_summary=told.get("Summary", "") == "1",
        left_out=_left_out(told, uid),
        duration=told.get("Duration", ""),
        elapsed=style in ELAPSED,
        manual=told.get("Manual", "") == "1",
        constraint=whole(told.get("ConstraintType", "")),
        constraint_at=told.get("ConstraintDate", ""),
        deadline=told.get("Deadline", ""),
        begins=told.get("Start", ""),
        ends=told.get("Finish", ""),
        actual_start=told.get("ActualStart", ""),
        actual_finish=told.get("ActualFinish", ""),
        done=whole(told.get("PercentComplete", "")),
        calendar=whole(told.get("CalendarUID", ""), -1),
        links=tuple(_link(each) for each in children(element, "PredecessorLink")),
        attributes=tuple(
            (text_of(each, "FieldID"), text_of(each, "Value")) for each in children(element, "ExtendedAttribute")
        ),
    )


def _left_out(told: dict[str, str], uid: str) -> str:
    if uid == "0" or told.get("IsNull", "") == "1":
        return EMPTY_ROW
    if told.get("Summary", "") == "1":
        name = shortened(told.get("Name", ""))
        return f"“{name}” is a summary of the tasks below it: it is no step, and links to it are not kept."
    if told.get("Active", "") == "0":
        return "The task is inactive: it is left out."
    if told.get("ExternalTask", "") == "1" or told.get("IsSubproject", "") == "1":
        return "The task stands in another file: it is left out."
    return ""


def _link(element: Element) -> TaskLink:
    style = whole(text_of(element, "LagFormat"), 7)
    kind = whole(text_of(element, "Type"), 1)
    if kind not in LINKS:
        raise Unreadable(f"a link has the type {kind}, which there is not.")
    return TaskLink(
        before=whole(text_of(element, "PredecessorUID"), -1),
        link=LINKS[kind],
        tenths=whole(text_of(element, "LinkLag")),
        format=style,
        elsewhere=text_of(element, "CrossProject") == "1",
    )
