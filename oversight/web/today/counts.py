"""The numbers beside the navigation and on top of Today, all in one statement; none is counted beyond 99."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Self

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from oversight.kernel.access.scope import Actor
from oversight.kernel.notifications.reading import notices_of
from techtransfer.models import EarlyWarning, ImpactAlert
from techtransfer.records import EARLY_WARNING, IMPACT_ALERT

from .queue import KEPT, Whose, own_side, queue, waiting_kinds

MOST = 99
SOON = timedelta(hours=24)
OWN, UNREAD, KIND = "own", "unread", "kind:"  # places in the answer that belong to the navigation


@dataclass(frozen=True, slots=True)
class Count:
    """How many there are; of clocks also how many of these are late, and when the first and the next is due."""

    number: int = 0
    late: int = 0
    first: datetime | None = None
    next: datetime | None = None

    @property
    def words(self) -> str:
        """The number as a badge shows it."""
        return f"{MOST}+" if self.number > MOST else str(self.number)


@dataclass(frozen=True, slots=True)
class Counts:
    """What waits for the actor, whether any of it runs out within a day, its unread notices, and what is open."""

    waiting: Count = Count()
    urgent: bool = False
    unread: Count = Count()
    open: dict[str, Count] = field(default_factory=dict)  # by the slug of the kind


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing to count: where the answer goes, the statement of its first hundred rows, and whether they are clocks.

    Without a statement it is plain that there are none.
    """

    place: str
    sql: str
    values: tuple[Any, ...]
    clocks: bool

    @classmethod
    def of(cls, place: str, rows: QuerySet[Any], *, clocks: bool = False) -> Self:
        """What the queryset asks for."""
        narrow = rows.order_by("due_at").values("due_at") if clocks else rows.order_by().values("pk")
        try:
            sql, values = narrow[: MOST + 1].query.sql_with_params()
        except EmptyResultSet:
            sql, values = "", ()
        return cls(place, sql, tuple(values), clocks)


def frame_counts(actor: Actor, *, now: datetime | None = None) -> Counts:
    """Everything that the navigation counts. A partner's own work is that of its site."""
    present = now or timezone.now()
    return framed(count(framing(actor), now=present), now=present)


def framing(actor: Actor) -> tuple[Asked, ...]:
    """What the navigation counts: of one actor the same at each request, and building it took a third of a page."""
    return _framing(replace(actor, request=""))


@lru_cache(maxsize=KEPT)
def _framing(actor: Actor) -> tuple[Asked, ...]:
    whose = Whose.EVERYONE if actor.is_partner else Whose.MINE
    asked = [
        Asked.of(OWN, queue(actor, side=own_side(actor), whose=whose), clocks=True),
        Asked.of(UNREAD, notices_of(actor).filter(read_at=None)),
    ]
    for kind, _ in waiting_kinds(actor):
        states = [state for state in kind.workflow.states if state not in kind.workflow.final]
        asked.append(Asked.of(KIND + kind.slug, kind.model.objects.visible_to(actor).filter(status__in=states)))
    asked.append(Asked.of(KIND + EARLY_WARNING.slug, standing_warnings(actor)))
    return (*asked, Asked.of(KIND + IMPACT_ALERT.slug, open_alerts(actor)))


def open_alerts(actor: Actor) -> Any:
    """The alerts of dates that moved, in the actor's sight, that nobody has seen."""
    rows = ImpactAlert.objects.visible_to(actor) if IMPACT_ALERT.may(actor, "view") else ImpactAlert.objects.none()
    return rows.filter(status=ImpactAlert.Status.OPEN)


def standing_warnings(actor: Actor) -> Any:
    """The early warnings in the actor's sight that stand, those left out that are only worth a look."""
    if not EARLY_WARNING.may(actor, "view"):
        return EarlyWarning.objects.none()
    rows = EarlyWarning.objects.visible_to(actor).filter(status=EarlyWarning.Status.OPEN)
    return rows.exclude(level=EarlyWarning.Level.NOTED)


def framed(found: dict[str, Count], *, now: datetime) -> Counts:
    """The navigation's share of what was counted."""
    own = found.get(OWN, Count())
    kinds = {place.removeprefix(KIND): each for place, each in found.items() if place.startswith(KIND)}
    return Counts(own, own.first is not None and own.first < now + SOON, found.get(UNREAD, Count()), kinds)


def count(asked: Iterable[Asked], *, now: datetime) -> dict[str, Count]:
    """All of it in one statement; what is plainly nothing is left out."""
    branches = [_branch(each, now) for each in asked if each.sql]
    if not branches:
        return {}
    with connection.cursor() as cursor:
        values = [value for _, values in branches for value in values]
        cursor.execute(" UNION ALL ".join(sql for sql, _ in branches), values)
        return {place: Count(*numbers) for place, *numbers in cursor.fetchall()}


def _branch(asked: Asked, now: datetime) -> tuple[str, list[Any]]:
    """One row of the answer."""
    if not asked.clocks:
        nothing = "0, NULL::timestamptz, NULL::timestamptz"
        return f"SELECT %s::text, count(*), {nothing} FROM ({asked.sql}) w", [asked.place, *asked.values]
    told = "count(*) FILTER (WHERE due_at < %s), min(due_at), min(due_at) FILTER (WHERE due_at >= %s)"
    return f"SELECT %s::text, count(*), {told} FROM ({asked.sql}) w", [asked.place, now, now, *asked.values]
