"""Who wants to hear of which events: filled by the apps when they are ready, never found by searching."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from oversight.kernel.access.scope import Actor

if TYPE_CHECKING:
    from .models import Event


@dataclass(frozen=True, slots=True)
class Subscriber:
    """A function that is called once for each event of the names that it asked for.

    `handle` runs in a transaction of the event's tenant as the system, together with the row that says that it ran:
    what it does to the database is done exactly once. It reads the records anew, since events may come late or out of
    order, and leaves what is outside the database to rows of its own.
    """

    name: str  # kept in the database: a new name is a new subscriber, who hears of everything that still waits
    events: frozenset[str] | None  # None: every event
    handle: "Callable[[Event, Actor], None]"


_subscribers: dict[str, Subscriber] = {}


def subscribe(subscriber: Subscriber) -> None:
    """Register `subscriber`, in the `ready()` of its app; raises ValueError when another one has the name."""
    if _subscribers.setdefault(subscriber.name, subscriber) != subscriber:
        raise ValueError(f"{subscriber.name} subscribes twice.")


def subscribers_of(event: str) -> tuple[Subscriber, ...]:
    """Who asked for events named `event`, in the order of their names."""
    named = sorted(_subscribers.items())
    return tuple(each for _, each in named if each.events is None or event in each.events)
