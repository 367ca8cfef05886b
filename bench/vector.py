"""The plain forward pass in numpy: level by level, all nodes of a level at once."""

from collections.abc import Sequence
from typing import Any

import numpy as np

Level = tuple[Any, Any, Any, Any]  # its nodes, their predecessors one after another, where each node's begin, durations


def levels(preds: Sequence[Sequence[int]], durations: Sequence[int]) -> list[Level]:
    """The nodes by how many links lie before them at most; no node waits for a later one."""
    depth: list[int] = []
    for each in preds:
        depth.append(1 + max((depth[pred] for pred in each), default=-1))
    members: list[list[int]] = [[] for _ in range(max(depth) + 1)]
    for node, level in enumerate(depth):
        members[level].append(node)
    lengths = np.array(durations)
    found = []
    for nodes in members:
        sizes = [len(preds[node]) for node in nodes]
        begins = np.cumsum([0, *sizes[:-1]])
        found.append(
            (np.array(nodes), np.array([p for node in nodes for p in preds[node]], int), begins, lengths[nodes])
        )
    return found


def vector_pass(by_level: Sequence[Level], size: int, status_date: int) -> Any:
    """The finishes: every link finish to start, no lag, seven days a week."""
    finish = np.zeros(size, int)
    for nodes, preds, begins, lengths in by_level:
        start = np.maximum.reduceat(finish[preds], begins) if len(preds) else status_date
        finish[nodes] = np.maximum(start, status_date) + lengths
    return finish
