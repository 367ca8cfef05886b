"""Two or more ways of doing one thing, timed in turns, so that a busy moment of the machine strikes all alike."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

WARM_UP = 10

Runner = Callable[[int], object]
Times = dict[str, float]


def race(
    turns: int,
    *,
    around: Callable[[], AbstractContextManager[object]] = nullcontext,
    warm_up: int = WARM_UP,
    **runners: Runner,
) -> Times:
    """The least seconds that each runner took; `around` is entered before the clock starts and left after it stops."""
    least = dict.fromkeys(runners, float("inf"))
    for turn in range(-warm_up, turns):
        # Who goes first changes from turn to turn: the second finds the processor's caches warm.
        for name in list(runners) if turn % 2 else reversed(runners):
            with around():
                start = time.perf_counter()
                runners[name](turn)
                elapsed = time.perf_counter() - start
            if turn >= 0:
                least[name] = min(least[name], elapsed)
    return least


def milliseconds(times: Times) -> str:
    """The seconds of a race in words, in the order of its runners."""
    return ", ".join(f"{name} {seconds * 1000:.2f} ms" for name, seconds in times.items())
