"""How a partner keeps its times, as the sponsor sees it: shares of the last 90 days, each with what it counts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Q

from oversight.kernel.access.scope import Actor
from oversight.kernel.clocks.models import Clock, Status
from oversight.kernel.clocks.rules import Side
from oversight.kernel.records.addresses import address
from oversight.web.today.moments import moment
from oversight.web.today.queue import tables
from oversight.web.today.work import records_of
from quality.models import Deviation
from quality.records import DEVIATION
from quality.services.rules import CONTAINMENT, NOTICE

WINDOW = timedelta(days=90)
GOOD = 90  # percent; below it the share is marked
LISTED = 100
NOTICES = sorted(rule.name for rule in NOTICE.values())


@dataclass(frozen=True, slots=True)
class Measure:
    """One share: how many of how many."""

    name: str
    label: str
    good: int
    of: int

    @property
    def percent(self) -> int:
        """Rounded down, so that nobody reads a hundred where one was late."""
        return self.good * 100 // self.of if self.of else 0

    @property
    def tone(self) -> str:
        return "ok" if self.percent >= GOOD else "warn"


@dataclass(frozen=True, slots=True)
class Counted:
    """One record that a share counts."""

    href: str
    number: str
    title: str
    what: str
    when: str
    kept: bool


CLOCKS = {
    "notices": ("Told in time", Q(name__in=NOTICES)),
    "containments": ("Contained in time", Q(name=CONTAINMENT.name)),
    "answers": ("Answers on time", ~Q(name__in=[*NOTICES, CONTAINMENT.name])),
}
FIRST_TIME = ("first-time", "Root causes right first time")


def measures(actor: Actor, now: datetime) -> tuple[Measure, ...]:
    """The shares of the last 90 days, in two statements."""
    asked = {}
    for name, (_, condition) in CLOCKS.items():
        asked[f"{name}_of"] = Count("pk", filter=condition)
        asked[f"{name}_good"] = Count("pk", filter=condition & _in_time())
    found = _ended(actor, now).aggregate(**asked)
    shares = [Measure(name, label, found[f"{name}_good"], found[f"{name}_of"]) for name, (label, _) in CLOCKS.items()]
    accepted = _accepted(actor, now).aggregate(of=Count("pk"), good=Count("pk", filter=Q(returned_count=0)))
    return (*shares, Measure(*FIRST_TIME, accepted["good"], accepted["of"]))


def counted(actor: Actor, name: str, now: datetime) -> list[Counted]:
    """The newest records that a share counts, those that were not kept first."""
    if name == FIRST_TIME[0]:
        rows = _accepted(actor, now).order_by(F("returned_count").desc(), "-accepted_at", "-id")[:LISTED]
        return [_accepted_line(row, actor, now) for row in rows]
    clocks = _ended(actor, now).filter(CLOCKS[name][1])
    newest = sorted(clocks.order_by("-due_at", "-id")[:LISTED], key=_kept)
    return list(_clock_lines(newest, actor, now))


def _ended(actor: Actor, now: datetime) -> Any:
    """The partner's clocks that were answered in the window, and those that ran out and still wait."""
    known = [table for table, _, _ in tables(actor)]
    over = Q(status__in=(Status.RUNNING, Status.PAUSED), due_at__lt=now)
    done = Q(status=Status.ANSWERED, answered_at__gte=now - WINDOW)
    return Clock.objects.visible_to(actor).filter(done | over, kind__in=known, side=Side.CDMO)


def _in_time() -> Q:
    return Q(status=Status.ANSWERED, answered_at__lte=F("due_at"))


def _accepted(actor: Actor, now: datetime) -> Any:
    """The root causes that the sponsor accepted in the window."""
    rows = Deviation.objects.visible_to(actor) if DEVIATION.may(actor, "view") else Deviation.objects.none()
    return rows.filter(accepted_at__gte=now - WINDOW).exclude(status=Deviation.Status.VOID)


def _kept(clock: Any) -> bool:
    return bool(clock.answered_at and clock.answered_at <= clock.due_at)


def _clock_lines(clocks: Iterable[Any], actor: Actor, now: datetime) -> Iterable[Counted]:
    clocks = list(clocks)
    records, kinds = records_of(actor, clocks), {table: kind for table, kind, _ in tables(actor)}
    for clock in clocks:
        if record := records.get((clock.kind, clock.record_id)):
            ended = f"answered {moment(clock.answered_at, now, actor.tz)}" if clock.answered_at else "not answered yet"
            when = f"Due {moment(clock.due_at, now, actor.tz)}, {ended}"
            href = address(kinds[clock.kind], "detail", actor, record.pk)
            yield Counted(href, record.number, str(record), clock.label, when, _kept(clock))


def _accepted_line(row: Deviation, actor: Actor, now: datetime) -> Counted:
    times = row.returned_count
    what = "Never returned" if not times else f"Returned {'once' if times == 1 else f'{times} times'}"
    when = f"Accepted {moment(row.accepted_at, now, actor.tz)}" if row.accepted_at else ""
    return Counted(address(DEVIATION, "detail", actor, row.pk), row.number, str(row), what, when, not times)
