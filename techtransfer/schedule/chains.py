"""Of each run the chain that drives a node, walked back for all runs at once: each is handed on from node to node."""

from typing import Any

import numpy as np

from .runs import Drivers, Pass, Runs
from .vectors import LINE


def on_chains(prepared: Pass, runs: Runs, study: int, n: int) -> dict[int, int]:
    """By position: in how many runs the node is on the chain that drives the finish of the one at `study`.

    A run in which the study has no date has no chain.
    """
    finish = runs.days[2 * study + 1]
    dated = np.broadcast_to(np.asarray(finish < LINE), (n,))
    reached: dict[int, Any] = {2 * study + 1: dated}
    found: dict[int, int] = {}
    for position in reversed(prepared.order):
        by_start, by_finish = reached.pop(2 * position, None), reached.pop(2 * position + 1, None)
        if by_start is None and by_finish is None:
            continue
        either = by_start if by_finish is None else by_finish if by_start is None else by_start | by_finish
        if not (count := int(np.count_nonzero(either))):
            continue
        found[position] = count
        drive = runs.drives[position]
        if drive.start is drive.finish:
            _hand_on(either, drive.finish, reached)
            continue
        if by_start is not None:
            _hand_on(by_start, drive.start, reached)
        if by_finish is not None:
            _hand_on(by_finish, drive.finish, reached)
    return found


def _hand_on(mask: Any, drivers: Drivers, reached: dict[int, Any]) -> None:
    """Each run of the mask to the first that drove; where none did, its chain ends here."""
    last = len(drivers) - 1
    for number, (source, drove) in enumerate(drivers):
        hit = mask if drove is True else mask & drove
        before = reached.get(source)
        reached[source] = hit if before is None else before | hit
        if number < last:
            mask = mask > hit  # in the one and not in the other
