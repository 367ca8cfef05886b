"""Times of a Microsoft Project XML file: moments as days, spans of hours as days of the calendar, lags in tenths."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from .cells import FIRST_DAY, LAST_DAY, Unreadable, shortened, whole_days

_SPAN = re.compile(r"(-?)P(?:(\d{1,6})D)?T?(?:(\d{1,7})H)?(?:(\d{1,7})M)?(?:(\d{1,7})(?:\.\d+)?S)?")
ELAPSED = frozenset({4, 6, 8, 10, 12, 36, 38, 40, 42, 44})  # DurationFormat and LagFormat of elapsed units
PERCENT = frozenset({19, 20, 51, 52})
MINUTES_ELAPSED = 24 * 60


@dataclass(frozen=True, slots=True)
class Hours:
    """How the file counts: minutes of a working day, and when one begins and ends."""

    minutes: int = 480
    start: time = time(8)
    finish: time = time(17)


def moment(text: str) -> datetime | None:
    """A moment as the file writes it; None for nothing, or for its `NA`; raises Unreadable."""
    if not text or text == "NA":
        return None
    try:
        found = datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        raise Unreadable(f"“{shortened(text)}” is no date.") from None
    if not FIRST_DAY <= found.date() < LAST_DAY:
        raise Unreadable(f"The file takes days from 1990 to 2099 here, not {found:%Y-%m-%d}.")
    return found


def first_day(when: datetime, hours: Hours) -> date:
    """The day on which something that begins at that moment begins: after work it is the next."""
    return when.date() + timedelta(days=1) if when.time() >= hours.finish else when.date()


def last_day(when: datetime, hours: Hours, *, is_moment: bool) -> date:
    """The last day of something that ends at that moment: before work begins it was the day before."""
    before = not is_moment and when.time() <= hours.start
    return when.date() - timedelta(days=1) if before else when.date()


def minutes_of(text: str) -> int:
    """The minutes of `PT8H0M0S`; raises Unreadable."""
    found = _SPAN.fullmatch(text)
    if found is None or text in ("P", "PT", "-P", "-PT"):
        raise Unreadable(f"“{shortened(text)}” is no duration.")
    sign, days, hours, minutes, seconds = found.groups()
    total = int(days or 0) * MINUTES_ELAPSED + int(hours or 0) * 60 + int(minutes or 0) + round(int(seconds or 0) / 60)
    return -total if sign else total


def days_of(minutes: float, length: int) -> tuple[int, float]:
    """Whole days of that length, and exactly how many they are."""
    exact = minutes / length
    return whole_days(exact), exact


def whole(text: str, otherwise: int = 0) -> int:
    """A whole number of the file; raises Unreadable."""
    if not text:
        return otherwise
    try:
        found = int(float(text)) if len(text) < 16 else None
    except (ValueError, OverflowError):
        found = None
    if found is None:
        raise Unreadable(f"“{shortened(text)}” is no number.")
    return found


def clock(text: str, otherwise: time) -> time:
    """A time of the day, or the usual one."""
    try:
        return time.fromisoformat(text) if text else otherwise
    except ValueError:
        return otherwise
