"""How a clock looks at one moment: words, tone and ring. The moment is the server's, never the browser's."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from oversight.kernel.components.marks import inside

from .calendar import Unit
from .models import Clock, Status
from .rules import Side

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
LAST_TENTH = 0.1
BESIDE = {"danger": "late", "warn": "late", "info": "progress", "neutral": "open"}  # the shape in a list, by tone


@dataclass(frozen=True, slots=True)
class Face:
    """What a page shows of a clock."""

    words: str  # 19 min left
    small: str  # containment, 60 min
    tone: str  # danger, warn, info, neutral, ok
    glyph: str  # the shape of this state where there is no room for a ring
    left: float  # the share of the ring: 1 full, 0 run out
    over: bool  # it ran out: the ring is a disc

    @property
    def dashes(self) -> str:
        """The ring as SVG draws it: the share that is left, and the rest."""
        share = round(self.left * 100, 1)
        return f"{share} {round(100 - share, 1)}"


def face(clock: Clock, now: datetime) -> Face:
    """The clock as it stands at `now`; one that ended, or stands still, as it stood then."""
    moment = clock.ended_at or clock.paused_at or now
    left = clock.due_at - moment
    over = clock.was_late(now)
    share = min(max(left / (clock.due_at - clock.started_at), 0.0), 1.0)
    what = f"{inside(clock.label)}, {clock.limit_words}"
    match clock.status:
        case Status.ANSWERED:
            tone, glyph = ("warn", "late") if over else ("ok", "ok")
            return Face(_answered(clock), what, tone, glyph, share, over)
        case Status.STOPPED:
            return Face("Stopped", what, "neutral", "void", share, over)
        case Status.PAUSED:
            small = f"{what}: {remaining(left)} when it was paused"
            return Face("Paused", small, "danger" if over else "neutral", "hold", share, over)
    tone = tone_of(left, share)
    return Face(remaining(left), what, tone, BESIDE[tone], share, over)


def tone_of(left: timedelta, share: float) -> str:
    """How near it is: danger below an hour, warn below a day or in the last tenth, info below three days."""
    if left < HOUR:
        return "danger"
    if left < DAY or share <= LAST_TENTH:
        return "warn"
    return "info" if left < 3 * DAY else "neutral"


def remaining(left: timedelta) -> str:
    """What is left, or by how much it is over; rounded so that nobody has less time than it says."""
    if left < timedelta():
        return f"{span(-left, fine=False)} over"
    return f"{span(left)} left"


def span(length: timedelta, *, fine: bool = True) -> str:
    """A length in words, in whole units: 19 min, 7 h 19 min (2 h where not `fine`), 3 days."""
    if length < MINUTE:
        return "less than a minute"
    hours, minutes = divmod(length // MINUTE, 60)
    if length < HOUR:
        return f"{minutes} min"
    if length < DAY:
        return f"{hours} h {minutes} min" if fine and minutes else f"{hours} h"
    return Unit.DAYS.words(length // DAY)


def when(moment: datetime, zone: str, now: datetime) -> str:
    """A moment in a zone, named: Friday 27 Nov 17:00 CET; with its year unless that is the present one."""
    there = moment.astimezone(ZoneInfo(zone))
    name = there.tzname() or ""
    year = "" if there.year == now.astimezone(there.tzinfo).year else f" {there.year}"
    shown = name if name.isalpha() else f"UTC{name}"
    return f"{there:%A} {there.day} {there:%b}{year} {there:%H:%M} {shown}"


def whose(clock: Clock) -> str:
    """Whose days it counts, in words."""
    return f"{Side(clock.side).label}’s clock"


def _answered(clock: Clock) -> str:
    count = clock.spent(clock.answered_at) if clock.answered_at else 0
    unit = Unit(clock.unit)
    if not count:
        words = "answered the same day" if unit in (Unit.DAYS, Unit.WORKING_DAYS) else "answered at once"
        return words[0].upper() + words[1:]
    if unit in (Unit.MINUTES, Unit.HOURS) and not clock.pauses and clock.answered_at:
        return f"Answered after {span(clock.answered_at - clock.started_at)} of {unit.words(clock.limit)}"
    return f"Answered after {unit.words(count)} of {clock.limit}"
