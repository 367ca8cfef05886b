"""Moments and numbers as Today says them, in the zone of the person."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from oversight.kernel.clocks.face import span
from oversight.kernel.components.marks import inside

NUMBERS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve")
RECENT = timedelta(hours=12)


def in_words(count: int, most: int) -> str:
    """A number that begins a sentence."""
    if count > most:
        return f"More than {most}"
    return NUMBERS[count] if count < len(NUMBERS) else str(count)


def joined(parts: list[str]) -> str:
    """One is late, two run out today: what could each begin a sentence, in one."""
    first, *others = parts
    return f"{', '.join([first, *map(inside, others)])}."


def moment(at: datetime, now: datetime, zone: str, *, ago: bool = False) -> str:
    """09:00, yesterday 17:30, Mon 18:02, 14 Nov 18:02; how long ago, where that is told in minutes or hours."""
    there = ZoneInfo(zone)
    then, today = at.astimezone(there), now.astimezone(there)
    days = (today.date() - then.date()).days
    clock = f"{then:%H:%M}"
    if days == 0:
        return f"{clock}, {span(now - at, fine=False)} ago" if ago and now - at < RECENT else clock
    if days == 1:
        return f"yesterday {clock}"
    if 1 < days < 7:
        return f"{then:%a} {clock}"
    year = "" if then.year == today.year else f" {then.year}"
    return f"{then.day} {then:%b}{year} {clock}"
