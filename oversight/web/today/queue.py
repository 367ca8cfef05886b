"""Which clocks ask something of whom, as one condition of the database: cut and counted without reading a record."""

from collections.abc import Iterator
from dataclasses import replace
from enum import StrEnum
from functools import lru_cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BooleanField, Exists, Expression, OuterRef, Q, QuerySet
from django.db.models.sql import Query

from oversight.kernel.access.models import Membership
from oversight.kernel.access.scope import Actor
from oversight.kernel.clocks.models import Clock, Status
from oversight.kernel.clocks.rules import Side, own_side
from oversight.kernel.records.kind import RecordKind
from oversight.kernel.records.waiting import Step, Waiting
from oversight.roles import CAPABILITIES, DEVELOPMENT, QUALITY, Role
from oversight.web.catalogue import KINDS

NOBODY = 0  # in the column of an owner
KEPT = 512  # of how many actors each process remembers what to ask
DEPARTMENTS = (("QA team", QUALITY), ("CMC team", DEVELOPMENT), ("Supply team", frozenset({Role.SUPPLY})))


class OneByOne(Exists):
    """Looks each row up by itself: the planner would else read every record there is, of whom a page shows a hundred.

    PostgreSQL turns an EXISTS below an OR into a hash of the whole inner table, unless that has an OFFSET.
    """

    template = "EXISTS(%(subquery)s OFFSET 0)"


class Condition(Expression):
    """A condition that was put into SQL before."""

    conditional = True

    def __init__(self, sql: str, values: tuple[Any, ...]) -> None:
        super().__init__(output_field=BooleanField())
        self.sql, self.values = sql, values

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        return self.sql, self.values


class Whose(StrEnum):
    """How far one looks: at one's own work, at that of one's department, or at everything of one's side."""

    MINE = "mine"
    TEAM = "team"
    EVERYONE = "everyone"


def team_of(actor: Actor) -> tuple[str, frozenset[Role]]:
    """The department of the actor's role with its name; both empty for a role that belongs to none."""
    return next(((name, roles) for name, roles in DEPARTMENTS if actor.role in roles), ("", frozenset()))


def waiting_kinds(actor: Actor) -> tuple[tuple[RecordKind, Waiting], ...]:
    """The kinds of which something may wait, as far as the actor sees them."""
    return tuple((kind, kind.waiting) for kind in KINDS if kind.waiting and kind.may(actor, "view"))


def queue(actor: Actor, *, side: Side, whose: Whose) -> "QuerySet[Any]":
    """The running clocks that ask something of `side`; one that stands still asks nobody.

    For one actor the condition is the same at each request, and Today asks it seven times.
    """
    rows = Clock.objects.visible_to(actor)
    asked = _asked(replace(actor, request=""), side, whose)
    return rows.filter(asked, status=Status.RUNNING) if asked else rows.none()


@lru_cache(maxsize=KEPT)
def _asked(actor: Actor, side: Side, whose: Whose) -> Condition | None:
    """None when it is plain that nothing waits."""
    wanted = Q(pk__in=())
    for kind, waiting in waiting_kinds(actor):
        wanted |= Q(kind=kind.model._meta.db_table) & _of_kind(actor, kind, waiting, side, whose)
    query = Query(Clock)
    query.add_q(wanted)
    try:
        sql, values = query.where.as_sql(query.get_compiler(connection=connection), connection)
    except EmptyResultSet:
        return None
    return Condition(sql, tuple(values))


def moves_here(actor: Actor, step: Step, clock_side: str) -> bool:
    """Whether the step, asked for by a clock of that side, is for the actor's side at all."""
    return step.joint or clock_side == own_side(actor)


def may_step(actor: Actor, kind: RecordKind, step: Step) -> bool:
    """Whether the actor's role carries any of the step's moves."""
    return any(actor.can(kind.workflow.transition(name).capability) for name in step.moves)


def decides(actor: Actor) -> bool:
    """Whether the actor's role can do anything that may wait."""
    return any(may_step(actor, kind, step) for kind, waiting in waiting_kinds(actor) for step in waiting.steps)


def _of_kind(actor: Actor, kind: RecordKind, waiting: Waiting, side: Side, whose: Whose) -> Q:
    if whose is Whose.EVERYONE or (whose is Whose.TEAM and actor.is_partner):
        joint = frozenset(name for step in waiting.steps if step.joint for name in step.clocks)
        return Q(side=side) | Q(name__in=sorted(joint)) if joint else Q(side=side)
    wanted = Q(pk__in=())
    for step in waiting.steps:
        asked = _clocks_of(waiting, step) & (Q() if step.joint else Q(side=side))
        if whose is Whose.TEAM and _teams(actor, kind, step):
            wanted |= asked & OneByOne(_not_taken_elsewhere(actor, kind, waiting)) if waiting.owner else asked
        elif whose is Whose.MINE and may_step(actor, kind, step):
            wanted |= asked & OneByOne(_answerable(actor, kind, waiting, step))
    return wanted


def _clocks_of(waiting: Waiting, step: Step) -> Q:
    if step.clocks:
        return Q(name__in=sorted(step.clocks))
    others = waiting.clocks_besides(step)
    return ~Q(name__in=sorted(others)) if others else Q()


def _teams(actor: Actor, kind: RecordKind, step: Step) -> bool:
    """Whether any role of the actor's department carries any of the step's moves."""
    _, roles = team_of(actor)
    return any(roles & CAPABILITIES[kind.workflow.transition(name).capability] for name in step.moves)


def _not_taken_elsewhere(actor: Actor, kind: RecordKind, waiting: Waiting) -> "QuerySet[Any]":
    """The record of the clock, unless somebody of another department has taken it."""
    team = Membership.objects.visible_to(actor).filter(role__in=sorted(team_of(actor)[1])).values("user_id")
    owner = waiting.owner[0] if waiting.owner else ""
    here = Q(**{f"{owner}__in": sorted({NOBODY, actor.user or NOBODY})}) | Q(**{f"{owner}__in": team})
    return kind.model.objects.visible_to(actor).filter(here, pk=OuterRef("record_id"))


def _answerable(actor: Actor, kind: RecordKind, waiting: Waiting, step: Step) -> "QuerySet[Any]":
    """The record of the clock, if the actor can answer it now and nobody else has taken it."""
    sources = {state for name in step.moves for state in kind.workflow.transition(name).sources}
    rows = kind.model.objects.visible_to(actor).filter(step.ready(actor), status__in=sorted(sources))
    if waiting.owner:
        rows = rows.filter(**{f"{waiting.owner[0]}__in": sorted({NOBODY, actor.user or NOBODY})})
    return rows.filter(pk=OuterRef("record_id"))


def tables(actor: Actor) -> Iterator[tuple[str, RecordKind, Waiting]]:
    """The same kinds by their tables."""
    for kind, waiting in waiting_kinds(actor):
        yield kind.model._meta.db_table, kind, waiting
