"""A date that a partner moves, and what the background makes of it."""

from datetime import timedelta
from typing import Any

from oversight.kernel.access.scope import Actor, scope
from oversight.kernel.records.writes import move
from techtransfer.models import Milestone, Programme, Study
from techtransfer.records import MILESTONE
from tests.cast import World, system, today_there
from tests.notifications.telling import deliver_all
from tests.techtransfer.planning import Planned, planned

AHEAD = 10  # days until the plan of the stories begins


def plan_soon(world: World) -> Planned:
    """A plan that begins in ten days, with everything told that led to it."""
    found = planned(world, today_there() + timedelta(AHEAD))
    settle(world)
    return found


def will_end_later(world: World, step: Milestone, days: int, *, by: Actor, reason: str = "Resin is late") -> Milestone:
    """The person says so; the cascade runs, and people are told."""
    now = fresh(world, step)
    values = {"partner_end": now.forecast_end + timedelta(days)}
    with scope(by):
        move(MILESTONE, step.pk, "forecast", by=by, version=now.version, values=values, reason=reason)
    settle(world)
    return fresh(world, step)


def settle(world: World) -> None:
    """What an event leads to is an event, too."""
    for _ in range(3):
        deliver_all(world)


def fresh(world: World, record: Any) -> Any:
    """The record as it stands."""
    with scope(system(world.acme)):
        return type(record).objects.get(pk=record.pk)


__all__ = ["Planned", "Programme", "Study", "fresh", "plan_soon", "settle", "will_end_later"]
