"""Two or more ways of doing one thing, timed in turns, so that a busy moment of the machine strikes all alike."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from .pace import PACE

WARM_UP = 10
ENOUGH = 3
TRIES = 3

Runner = Callable[[int], object]
Times = dict[str, float]


def race(
    turns: int,
    *,
    around: Callable[[], AbstractContextManager[object]] = nullcontext,
    warm_up: int = WARM_UP,
    seconds: float = float("inf"),
    **runners: Runner,
) -> Times:
    """The least seconds that each runner took; `around` is entered before the clock starts and left after it stops.

    After `seconds` it ends early: what is slow needs few turns to be seen.
    """
    least = dict.fromkeys(runners, float("inf"))
    end = time.perf_counter() + PACE.seconds(seconds)
    for turn in range(-warm_up, PACE.turns(turns)):
        # Who goes first changes from turn to turn: the second finds the processor's caches warm.
        for name in list(runners) if turn % 2 else reversed(runners):
            with around():
                start = time.perf_counter()
                runners[name](turn)
                elapsed = time.perf_counter() - start
            if turn >= 0:
                least[name] = min(least[name], elapsed)
        if turn >= PACE.tries(ENOUGH) and time.perf_counter() > end:
            break
    return least


def race_to(goal: float, turns: int, over: str, under: str, **given: Any) -> Times:
    """A race of `over` against `under`; one that seems to miss is run again, and the least of all turns counts.

    A busy moment of the machine can only add to a time, and more turns only bring either nearer to what it takes.
    """
    least: Times = {}
    for _ in range(PACE.tries(TRIES)):
        times = race(turns, **given)
        least = {name: min(seconds, least.get(name, seconds)) for name, seconds in times.items()}
        if least[over] / least[under] <= goal:
            break
    return least


def milliseconds(times: Times) -> str:
    """The seconds of a race in words, in the order of its runners."""
    return ", ".join(f"{name} {seconds * 1000:.2f} ms" for name, seconds in times.items())
