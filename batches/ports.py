"""What batches ask of the apps above them: what is in the way of a release, what happened, how long such things take.

Filled once, in `apps.py` of whoever answers.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from oversight.kernel.access.scope import Actor

from .models import Batch


@dataclass(frozen=True, slots=True)
class Blocker:
    """One thing that a release waits for: what it is, and what is still in the way of it, in sentences.

    `objections` is asked for every row of an API list: it reads what the kind's `prefetch` brought along.
    """

    words: str  # Every deviation is closed
    objections: Callable[[Batch, Actor], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Event:
    """One event that names a batch, as the page of the batch shows it."""

    title: str
    href: str
    number: str
    badge: str
    tone: str
    glyph: str
    state: str
    state_tone: str
    state_glyph: str


@dataclass(frozen=True, slots=True)
class Times:
    """How many investigations there were, and how many days they took: in the middle, and at the 80th percentile."""

    cases: int = 0
    days_p50: int = 0
    days_p80: int = 0


NO_TIMES = (Times(), Times())

RELEASE_BLOCKERS: list[Blocker] = []


@dataclass(slots=True)
class Ports:
    """Who answers for the apps above."""

    events: Callable[[Batch, Actor], list[Event]] = lambda batch, actor: []
    report_url: Callable[[Batch, Actor], str] = lambda batch, actor: ""  # where an event of the batch is reported
    # Those of one CDMO, and those of the whole network.
    investigation_times: Callable[[int, Actor], tuple[Times, Times]] = lambda cdmo, actor: NO_TIMES


PORTS = Ports()
