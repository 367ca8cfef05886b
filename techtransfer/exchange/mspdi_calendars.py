"""The calendars of a Microsoft Project XML file: their weeks, and the days off that become closures of sites."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from .cells import Unreadable, shortened, unseen_in
from .columns import WHY
from .mspdi_time import moment, whole
from .mspdi_xml import Element, children, text_of
from .values import MOST_ROWS, ClosureRow, FileRefused, Place, PlanFile, Week

DEEPEST = 10  # calendars that are based on each other
WEEKDAYS = frozenset(range(5))
EVERY_DAY = frozenset(range(7))
SHEET = "Calendars"
DAY_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MOST_OFF = 2_000  # days off of one calendar
LONGEST = 366
TOO_MANY_OFF = f"The calendars have more than {MOST_ROWS:,} days off. Take out what is over."
UNNAMED = "Not working"


@dataclass(frozen=True, slots=True)
class Off:
    """Days off."""

    title: str
    first: date
    last: date


@dataclass(slots=True)
class SavedCalendar:
    """One calendar of the file."""

    uid: int
    name: str
    base: int
    week: frozenset[int] | None  # None: that of its base
    off: list[Off] = field(default_factory=list)

    @property
    def place(self) -> Place:
        return Place(SHEET, self.uid, shortened(self.name))


def read_calendar(element: Element, plan: PlanFile) -> SavedCalendar:
    """One calendar with its days off; raises Unreadable for one without a number."""
    found = SavedCalendar(
        whole(text_of(element, "UID"), -1),
        text_of(element, "Name"),
        whole(text_of(element, "BaseCalendarUID"), -1),
        None,
    )
    week, told = set[int](), False
    for day in children(element, "WeekDays", "WeekDay"):
        kind, works = whole(text_of(day, "DayType")), text_of(day, "DayWorking") == "1"
        if 1 <= kind <= 7:
            told = True
            if works:
                week.add((kind + 5) % 7)  # there Sunday is 1, here Monday is 0
        elif kind == 0:
            for period in children(day, "TimePeriod"):
                _note_off(found, period, "", works, plan)
    found.week = frozenset(week) if told else None
    for each in children(element, "Exceptions", "Exception"):
        works, name = text_of(each, "DayWorking") == "1", text_of(each, "Name")
        repeats = text_of(each, "Type") not in ("", "0", "1")
        for period in children(each, "TimePeriod"):
            if repeats:
                plan.findings.warn(
                    found.place, f"“{shortened(name or UNNAMED)}” repeats: only its first days are kept."
                )
                _note_off(found, period, name, works, plan, days=1)
            else:
                _note_off(found, period, name, works, plan)
    return found


def _note_off(calendar: SavedCalendar, period: Element, name: str, works: bool, plan: PlanFile, days: int = 0) -> None:
    title = " ".join(name.split())[:120] or UNNAMED
    if unseen_in(title):
        plan.findings.error(calendar.place, f"“{shortened(title)}” holds a character that nobody sees. Take it out.")
        return
    if works:
        plan.findings.warn(
            calendar.place, f"“{shortened(title)}” works on days that are off otherwise: not kept, they stay off."
        )
        return
    try:
        start, end = moment(text_of(period, "FromDate")), moment(text_of(period, "ToDate"))
    except Unreadable as trouble:
        plan.findings.error(calendar.place, f"The days of “{shortened(title)}” cannot be read: {trouble}")
        return
    if start is None or end is None or end < start or len(calendar.off) >= MOST_OFF:
        plan.findings.error(calendar.place, f"The days of “{shortened(title)}” are not told, or too many. Mend them.")
        return
    last = start.date() + timedelta(days - 1) if days else end.date()
    calendar.off.append(Off(title, start.date(), last))


def week_of(calendar: SavedCalendar | None, calendars: dict[int, SavedCalendar]) -> frozenset[int]:
    """The week of a calendar, or of what it is based on; Monday to Friday where nothing says."""
    for _ in range(DEEPEST):
        if calendar is None:
            break
        if calendar.week is not None:
            return calendar.week
        calendar = calendars.get(calendar.base)
    return WEEKDAYS


def settle(plan: PlanFile, used: dict[int, set[tuple[str, str]]], calendars: dict[int, SavedCalendar]) -> None:
    """Days off become closures of the sites whose steps use the calendar; what stays behind is said.

    `used`: by calendar, partners and sites of its steps, `("", "")` for one that names no site.
    """
    done: set[tuple[str, str, date, date]] = set()
    tried = 0
    for uid, places in sorted(used.items()):
        calendar = calendars.get(uid)
        if calendar is None:
            continue
        week, offs = week_of(calendar, calendars), _off_of(calendar, calendars)
        if (tried := tried + len(offs) * len(places)) > MOST_ROWS:
            raise FileRefused(TOO_MANY_OFF)
        for partner, site in sorted(places - {("", "")}):
            plan.weeks.append(Week(partner, site, week))
            for off in offs:
                if (key := (partner, site, off.first, off.last)) not in done:
                    done.add(key)
                    why, title = _why(off.title)
                    plan.closures.append(ClosureRow(calendar.place, partner, site, title, why, off.first, off.last))
        if ("", "") in places:
            if count := len(offs):
                what = "Its one period off is" if count == 1 else f"Its {count} periods off are"
                plan.findings.warn(
                    calendar.place, f"{what} not kept for steps that name no site: days off belong to a site here."
                )
            if week not in (WEEKDAYS, EVERY_DAY):
                plan.findings.warn(
                    calendar.place, f"It works {_days(week)}: steps that name no site count Monday to Friday here."
                )


def _off_of(calendar: SavedCalendar, calendars: dict[int, SavedCalendar]) -> list[Off]:
    """Its own days off and those of what it is based on."""
    found, seen, here = dict[tuple[date, date], Off](), set[int](), calendar
    while here is not None and here.uid not in seen and len(seen) < DEEPEST:
        seen.add(here.uid)
        for off in here.off:
            found.setdefault((off.first, off.last), off)
        here = calendars.get(here.base)  # type: ignore[assignment]
    return list(found.values())


def _why(title: str) -> tuple[str, str]:
    """The kind of a closure, where its name tells it, as the export writes it: `Public holiday: New Year`."""
    for code, label in WHY.items():
        if title.startswith(f"{label}: "):
            return code, title.removeprefix(f"{label}: ")
    return "SHUTDOWN", title


def _days(week: frozenset[int]) -> str:
    return ", ".join(DAY_NAMES[day] for day in sorted(week)) or "on no day"
