"""What a sponsor expects from a partner, as lines of a table: when, what, where it is agreed, with whom, one action."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from oversight.kernel.access.scope import Actor
from oversight.kernel.clocks.face import span
from oversight.web.today.moments import in_words, joined
from oversight.web.today.queue import NOBODY
from oversight.web.today.work import LATE, TODAY, Act, Badge, Work

SHOWN = 100
TONES = {"danger": "danger", "warn": "warn"}  # what is days away is said without a colour


@dataclass(frozen=True, slots=True)
class Due:
    """When it is due, by the person's own clock, and how long that is."""

    tone: str
    glyph: str
    words: str
    small: str


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that is expected: words only, so that nothing of it is read later, in the scope of another sponsor."""

    at: datetime
    group: str
    due: Due
    what: str
    href: str
    number: str
    title: str
    badges: tuple[Badge, ...]
    about: tuple[str, ...]
    unmet: tuple[str, ...]
    rule: str
    owner: str
    act: Act | None
    mine: bool
    sponsor: str


def line(work: Work, actor: Actor, now: datetime) -> Line:
    """One thing that waits, in the words of the portal."""
    return Line(
        at=work.clock.due_at,
        group=work.group,
        due=due(work.clock.due_at, work.face.tone, now, actor.tz),
        what=work.clock.label,
        href=work.act.href if work.act else work.href,
        number=work.number,
        title=work.title if work.title != work.clock.label else "",
        badges=work.badges,
        about=tuple(words for words in work.about if words != work.title),
        unmet=work.unmet,
        rule=work.clock.cites,
        owner=_owner(work, actor),
        act=work.act,
        mine=work.mine,
        sponsor=actor.sponsor_name,
    )


def due(at: datetime, tone: str, now: datetime, zone: str) -> Due:
    """2 days late, Today 17:00, Thu 26 Nov; and beneath it the day, or what is left."""
    there, today = at.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone))
    year = "" if there.year == today.year else f" {there.year}"
    day = f"{there:%a} {there.day} {there:%b}{year}"
    if at < now:
        return Due("danger", "late", f"{span(now - at, fine=False)} late", f"{day}, {there:%H:%M}")
    left = f"{span(at - now)} left"
    if there.date() == today.date():
        return Due(TONES.get(tone, "warn"), "warn", f"Today {there:%H:%M}", left)
    return Due(TONES.get(tone, "neutral"), "warn" if tone in TONES else "", day, left)


def grouped(lines: Iterable[Line], now: datetime, zone: str) -> list[tuple[str, list[Line]]]:
    """Under their headings, soonest first; today bears its date."""
    today = now.astimezone(ZoneInfo(zone))
    heads = {TODAY: f"Today, {today.day} {today:%B}"}
    ordered = sorted(lines, key=lambda each: (each.at, each.sponsor, each.number, each.what))
    return [(heads.get(group, group), list(found)) for group, found in groupby(ordered, key=lambda each: each.group)]


def sentence(lines: list[Line], now: datetime, zone: str) -> str:
    """Eight items. One is late, two are due today. Times are Zurich time, CET."""
    late, today = (sum(each.group == group for each in lines) for group in (LATE, TODAY))
    name = now.astimezone(ZoneInfo(zone)).tzname() or ""
    place = zone.rpartition("/")[2].replace("_", " ")
    times = "Times are UTC." if zone == "UTC" else f"Times are {place} time{f', {name}' if name.isalpha() else ''}."
    if not lines:
        return f"Nothing is waiting. {times}"
    said = f"{in_words(len(lines), SHOWN)} {'item' if len(lines) == 1 else 'items'}."
    parts = [
        f"{in_words(number, SHOWN)} {'is' if number == 1 else 'are'} {words}"
        for number, words in ((late, "late"), (today, "due today"))
        if number
    ]
    if parts:
        said += f" {joined(parts)}"
    return f"{said} {times}"


def _owner(work: Work, actor: Actor) -> str:
    """Who of the partner's own people has it: a task of its side is taken by nobody else."""
    if work.kind.waiting is None or work.kind.waiting.owner is None:
        return "Your site"
    person, name = work.kind.waiting.owner
    taken = getattr(work.record, person)
    if taken == actor.user:
        return "You"
    return str(getattr(work.record, name)) if taken != NOBODY else "Your site"
