"""The next 14 days: what is due on each, with whom, and on whose side."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from oversight.kernel.access.scope import Actor
from oversight.kernel.clocks.rules import Side

from .work import Work

AHEAD = timedelta(days=14)
SHOWN = 2  # of one day; the rest is counted


@dataclass(frozen=True, slots=True)
class Day:
    """What is due on one day."""

    day: date
    words: str  # Wed 25 Nov
    items: tuple[Work, ...]  # the first few
    more: int
    partners: str
    ours: int
    theirs: int

    @property
    def we_act(self) -> str:
        return f"{self.ours} for us"

    @property
    def they_act(self) -> str:
        return f"{self.theirs} for {'a partner' if self.theirs == 1 else 'partners'}"


def days(actor: Actor, items: tuple[Work, ...]) -> tuple[Day, ...]:
    """The days on which anything is due, in the zone of the person."""
    there = ZoneInfo(actor.tz)

    def day_of(work: Work) -> date:
        return work.clock.due_at.astimezone(there).date()

    return tuple(_day(day, tuple(due)) for day, due in groupby(items, key=day_of))


def _day(day: date, due: tuple[Work, ...]) -> Day:
    ours = sum(work.clock.side == Side.SPONSOR for work in due)
    partners = tuple(dict.fromkeys(work.about[0] for work in due if work.about))
    named = ", ".join(partners[:2]) + (f" and {len(partners) - 2} more" if len(partners) > 2 else "")
    return Day(
        day, f"{day:%a} {day.day} {day:%b}", due[:SHOWN], len(due) - len(due[:SHOWN]), named, ours, len(due) - ours
    )
