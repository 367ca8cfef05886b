"""How an event of the demo world is written down: moments before the present, and what people did then."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any


@dataclass(frozen=True, slots=True)
class Ago:
    """A moment before the present: so many days ago at that hour (UTC), or so many minutes ago."""

    days: int = 0
    at: str = ""
    minutes: int = 0

    def before(self, present: datetime) -> datetime:
        """The moment itself."""
        if not self.at:
            return present - timedelta(days=self.days, minutes=self.minutes)
        hour, minute = (int(part) for part in self.at.split(":"))
        day = present - timedelta(days=self.days)
        return day.replace(hour=hour, minute=minute, second=0, microsecond=0)

    @classmethod
    def at_moment(cls, moment: datetime, present: datetime) -> "Ago":
        """The full minute of `moment`, as it is counted back from the present day."""
        return cls((present.date() - moment.date()).days, f"{moment:%H:%M}")


@dataclass(frozen=True, slots=True)
class Did:
    """One move: when, by whom (an e-mail's first part), which; of the deviation, or of its task of that rule."""

    ago: Ago
    by: str
    move: str
    reason: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    task: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """One comment."""

    ago: Ago
    by: str
    text: str
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Attached:
    """One file of raw data, made up from its name (evidence.py); a partner's is shared."""

    ago: Ago
    by: str
    name: str
    label: str = ""
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Paused:
    """One clock of the deviation stands still since then."""

    ago: Ago
    by: str
    clock: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One deviation: what happened, when it was told, how it was contained, and what came of it."""

    cdmo: str
    site: str
    by: str
    aware: Ago
    told: int  # minutes from becoming aware to telling
    values: dict[str, Any]
    occurred: int = 20  # minutes from happening to becoming aware
    contained: tuple[int, ...] = ()  # minutes from becoming aware to each of the five actions
    batch: str = ""  # the partner's number of the batch on which it happened
    hands: str = ""  # who contained it, if not who reported it
    since: tuple[Did | Said | Attached | Paused, ...] = ()

    @property
    def is_over(self) -> bool:
        """Whether it was closed, or void."""
        return any(isinstance(act, Did) and act.move in ("close", "void") for act in self.since)

    def told_at(self, present: datetime) -> datetime:
        """When the report was made."""
        return self.aware.before(present) + timedelta(minutes=self.told)
