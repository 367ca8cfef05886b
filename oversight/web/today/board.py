"""All that Today shows, read in a number of statements that depends on nothing."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q, Value

from batches.models import Batch
from oversight.kernel.access.scope import Actor
from oversight.kernel.clocks.models import Clock, Status
from oversight.kernel.clocks.rules import Side
from quality.records import DEVIATION

from .counts import SOON, Asked, Count, Counts, count, framed, framing
from .days import AHEAD, Day, days
from .feed import News, happened, told
from .moved import Moved, moved
from .partners import Owed, owed
from .programmes import Line, leads_with_dates, programmes, starts
from .queue import Whose, queue, tables
from .reminders import with_reminders
from .visits import since_last_visit
from .warnings import Warned, warned
from .work import Work, assemble, records_of

DECISIONS, PARTNERS, DAYS = "decisions", "partners", "days"
SHOWN, ALL, OWED, DUE = 12, 100, 5, 100
WHOSE, TODAY, SOON_OF, LATE_PARTNERS, ALL_PARTNERS = "whose", "today", "soon", "late partners", "all partners"
CRITICAL, ANSWERED, SLIPPING, STARTS, HELD = "critical", "answered", "slipping", "starts", "held"


@dataclass(frozen=True, slots=True)
class Board:
    """Today, for one actor."""

    decisions: tuple[Work, ...]
    partners: tuple[Owed, ...]
    days: tuple[Day, ...]
    news: tuple[News, ...]
    programmes: tuple[Line, ...]
    moved: tuple[Moved, ...]
    warnings: tuple[Warned, ...]
    since: datetime | None
    counts: dict[str, Count]
    frame: Counts


def read_board(actor: Actor, *, whose: Whose, soon: bool, every: bool, now: datetime) -> Board:
    """Read it. `soon`: of the decisions only those that run out within a day; `every`: more than the first few."""
    since = since_last_visit(actor, now=now)
    mine = queue(actor, side=Side.SPONSOR, whose=whose)
    theirs = queue(actor, side=Side.CDMO, whose=Whose.EVERYONE)
    soonest = mine.filter(due_at__lt=now + SOON)
    ahead = _running(actor).filter(due_at__gt=now, due_at__lte=now + AHEAD)
    decisions = _nearest(actor, soonest if soon else mine, DECISIONS, ALL if every or soon else SHOWN, now=now)
    partners = _nearest(actor, theirs, PARTNERS, OWED, now=now)
    clocks = list(decisions.union(partners, _nearest(actor, ahead, DAYS, DUE, now=now), all=True))
    steps = happened(actor, since=since)
    records = records_of(actor, [*clocks, *steps])

    def works(place: str) -> tuple[Work, ...]:
        found = sorted((clock for clock in clocks if clock.place == place), key=lambda each: (each.due_at, each.pk))
        return assemble(actor, found, records, now=now)

    asked = [
        *framing(actor),
        Asked.of(WHOSE, mine, clocks=True),
        Asked.of(TODAY, mine.filter(due_at__gte=now, due_at__lt=midnight(now, actor.tz)), clocks=True),
        Asked.of(SOON_OF, soonest, clocks=True),
        Asked.of(ALL_PARTNERS, theirs, clocks=True),
        Asked.of(LATE_PARTNERS, theirs.filter(due_at__lt=now), clocks=True),
        *(_of_dates(actor) if leads_with_dates(actor) else _of_deviations(actor)),
    ]
    counts = count(asked, now=now)
    return Board(
        works(DECISIONS),
        owed(actor, works(PARTNERS), now=now),
        days(actor, works(DAYS)),
        told(actor, steps, records, now=now),
        programmes(actor),
        moved(actor, now=now),
        warned(actor),
        since,
        counts,
        framed(counts, now=now),
    )


def midnight(now: datetime, zone: str) -> datetime:
    """When the person's day ends."""
    there = ZoneInfo(zone)
    return datetime.combine(now.astimezone(there).date() + timedelta(days=1), time(), there)


def _of_deviations(actor: Actor) -> list[Asked]:
    """What the figures count besides clocks; their lists are those of deviations."""
    if not DEVIATION.may(actor, "view"):
        return []
    rows = DEVIATION.model.objects.visible_to(actor)
    states = [state for state in DEVIATION.workflow.states if state not in DEVIATION.workflow.final]
    return [
        Asked.of(CRITICAL, rows.filter(severity="CRITICAL", status__in=states)),
        Asked.of(ANSWERED, rows.filter(status="ANSWERED")),
    ]


def _of_dates(actor: Actor) -> list[Asked]:
    """How many studies have still to start, how many of them late, and how many batches stand still."""
    waiting = starts(actor)
    found = [Asked.of(STARTS, waiting), Asked.of(SLIPPING, waiting.filter(slip_days__gt=0))]
    return [*found, Asked.of(HELD, Batch.objects.visible_to(actor).filter(on_hold=True))]


def _running(actor: Actor) -> Any:
    """The running clocks of either side, about records that the actor may look at."""
    known = [table for table, _, _ in tables(actor)]
    return Clock.objects.visible_to(actor).filter(Q(kind__in=known), status=Status.RUNNING)


def _nearest(actor: Actor, rows: Any, place: str, most: int, *, now: datetime) -> Any:
    return with_reminders(actor, rows, now=now).annotate(place=Value(place)).order_by("due_at", "id")[:most]
