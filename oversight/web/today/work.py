"""Everything that waits for somebody, by its clock: one open clock of one record is one thing that waits.

The number of statements depends on neither clocks nor records: one for the clocks, one for the records of each kind.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from oversight.kernel.access.scope import Actor
from oversight.kernel.clocks.face import Face, face
from oversight.kernel.clocks.models import Clock
from oversight.kernel.clocks.rules import Side
from oversight.kernel.components.marks import inside
from oversight.kernel.records.addresses import address
from oversight.kernel.records.kind import RecordKind
from oversight.kernel.records.waiting import Step, Waiting
from oversight.kernel.records.words import text_of
from oversight.kernel.workflow.models import Case

from .queue import NOBODY, Whose, may_step, moves_here, queue, tables

LATE, TODAY, THIS_WEEK, NEXT_WEEK, LATER = "Late", "Today", "This week", "Next week", "Later"
Records = dict[tuple[str, int], Case]


@dataclass(frozen=True, slots=True)
class Badge:
    """A word with its tone and shape."""

    tone: str
    glyph: str
    words: str


@dataclass(frozen=True, slots=True)
class Act:
    """The one thing that this actor can do about it now."""

    label: str
    href: str
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Work:
    """One thing that waits for somebody, by its clock."""

    kind: RecordKind
    record: Case
    number: str
    title: str
    href: str  # by the actor's own door
    clock: Clock
    face: Face
    rule: str  # where the limit stands, inside a sentence
    badges: tuple[Badge, ...]
    about: tuple[str, ...]
    act: Act | None  # None: nothing for this actor now
    unmet: tuple[str, ...]  # what this actor's role has to wait for, in sentences
    owner: str  # who took it on; empty: nobody, or not for this actor to know
    mine: bool
    group: str  # Late, Today, This week, Next week, Later: in the actor's time zone


def work(actor: Actor, *, side: Side, whose: Whose, now: datetime, limit: int = 100) -> tuple[Work, ...]:
    """What waits for `side`, the shortest clock first; what two clocks of a record ask for is there once."""
    clocks = nearest(queue(actor, side=side, whose=whose), limit)
    return assemble(actor, clocks, records_of(actor, clocks), now=now)


def nearest(rows: Any, limit: int) -> list[Clock]:
    """The clocks that are due first."""
    return list(rows.order_by("due_at", "id")[:limit])


def records_of(actor: Actor, named: Iterable[Any]) -> Records:
    """The records that clocks or events are about, by table and key: one statement for each kind among them."""
    keys: dict[str, set[int]] = {}
    for row in named:
        keys.setdefault(row.kind, set()).add(row.record_id)
    found: Records = {}
    for table, kind, _ in tables(actor):
        if table in keys:
            rows = kind.model.objects.visible_to(actor).filter(pk__in=sorted(keys[table]))
            rows = kind.joined(rows, actor).prefetch_related(*kind.prefetch).defer(*kind.long_text)
            found |= {(table, row.pk): row for row in rows}
    return found


def assemble(actor: Actor, clocks: Iterable[Clock], records: Records, *, now: datetime) -> tuple[Work, ...]:
    """What each clock says to this actor, in the order of the clocks."""
    kinds = {table: (kind, waiting) for table, kind, waiting in tables(actor)}
    found: list[Work] = []
    seen: set[tuple[str, int, str]] = set()
    for clock in clocks:
        if (record := records.get((clock.kind, clock.record_id))) is None:
            continue
        kind, waiting = kinds[clock.kind]
        step = waiting.step_of(clock.name)
        key = (clock.kind, clock.record_id, step.label if step else clock.name)
        if key not in seen:
            seen.add(key)
            found.append(_work(actor, kind, waiting, record, clock, step, now))
    return tuple(found)


def _work(
    actor: Actor, kind: RecordKind, waiting: Waiting, record: Case, clock: Clock, step: Step | None, now: datetime
) -> Work:
    act, unmet = _act(actor, kind, record, clock, step)
    taken, owner = _owner(actor, kind, waiting, record)
    return Work(
        kind=kind,
        record=record,
        number=record.number if kind.title != "number" and kind.shows("number", actor) else "",
        title=str(record),
        href=address(kind, "detail", actor, record.pk),
        clock=clock,
        face=_face(kind, record, clock, now),
        rule=inside(clock.cites),
        badges=tuple(badge for path in waiting.badges if (badge := _badge(actor, kind, record, path))),
        about=tuple(words for path in waiting.about if (words := _words(actor, kind, record, path))),
        act=act,
        unmet=unmet,
        owner=owner,
        mine=act is not None and taken in (NOBODY, actor.user),
        group=group_of(clock.due_at, now, actor.tz),
    )


def _face(kind: RecordKind, record: Case, clock: Clock, now: datetime) -> Face:
    """What the clock shows; one that is named after its record need not say so twice."""
    shown = face(clock, now)
    if clock.label != str(record)[: len(clock.label)]:
        return shown
    return replace(shown, small=shown.small.replace(inside(clock.label), kind.label, 1))


def _act(
    actor: Actor, kind: RecordKind, record: Case, clock: Clock, step: Step | None
) -> tuple[Act | None, tuple[str, ...]]:
    """What the actor can do now; or, where only its role could, what it has to wait for."""
    if step is None or not moves_here(actor, step, clock.side) or not may_step(actor, kind, step):
        return None, ()
    moves = [move for move in kind.workflow.moves(record, actor) if move.transition.name in step.moves]
    if not any(move.allowed for move in moves):
        return None, tuple(dict.fromkeys(sentence for move in moves for sentence in move.unmet))
    href = address(kind, step.page, actor, record.pk)
    return Act(step.label, f"{href}#{step.anchor}" if step.anchor else href, step.icon), ()


def _owner(actor: Actor, kind: RecordKind, waiting: Waiting, record: Case) -> tuple[int, str]:
    """Who took it on, as far as the actor may know."""
    if waiting.owner is None:
        return NOBODY, ""
    person, name = waiting.owner
    return getattr(record, person), getattr(record, name) if kind.shows(name, actor) else ""


def _reach(actor: Actor, kind: RecordKind, record: Case, path: str) -> tuple[RecordKind, Any, str] | None:
    """The record that bears the last field of the path, with its kind; None where the actor may not read along it."""
    *along, last = path.split("__")
    for name in along:
        if not kind.shows(name, actor):
            return None
        kind, record = kind.targets[name], getattr(record, name)
    return (kind, record, last) if kind.shows(last, actor) else None


def _badge(actor: Actor, kind: RecordKind, record: Case, path: str) -> Badge | None:
    if (found := _reach(actor, kind, record, path)) is None:
        return None
    kind, record, name = found
    tone, glyph = kind.tones[name][getattr(record, name)]
    return Badge(tone, glyph, text_of(kind, record, name))


def _words(actor: Actor, kind: RecordKind, record: Case, path: str) -> str:
    if (found := _reach(actor, kind, record, path)) is None or not found[0].takes(found[2], actor):
        return ""
    kind, record, name = found
    return text_of(kind, record, name)


def group_of(due: datetime, now: datetime, zone: str) -> str:
    """Under which heading it stands; days and weeks are those of the zone, weeks begin on Monday."""
    if due < now:
        return LATE
    there = ZoneInfo(zone)
    today, day = now.astimezone(there).date(), due.astimezone(there).date()
    monday = today - timedelta(days=today.weekday())
    if day == today:
        return TODAY
    if day < monday + timedelta(days=7):
        return THIS_WEEK
    return NEXT_WEEK if day < monday + timedelta(days=14) else LATER
