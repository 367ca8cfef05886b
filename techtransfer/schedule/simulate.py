"""The forward pass with each date a vector: many runs at once, each with lengths drawn by chance.

Days are whole numbers (int64). Numpy is used here and in the modules beside it that say so; the scalar engine does
without, and this package does not import them by itself.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from .chains import on_chains
from .chance import SIGMA, Chance, Draw, Hold
from .network import Network
from .nodes import Id
from .runs import Pass
from .vectors import LINE, LOST, Days

MODEL = "1"  # what the same input gives: raised whenever that changes, block size and random streams included
MOST_AT_ONCE, LEAST_AT_ONCE, CELLS = 5_000, 100, 5_000_000  # runs, runs, and days that are kept at once


@dataclass(frozen=True, slots=True)
class Simulated:
    """What the runs gave.

    `finish[id]` has shape (n,): the finish of the node in each run, in days as the network counts them; LOST or more
    where it has none, since the node or one before it has no slot left or lies beyond a calendar. `on_chain[study]
    [id]` counts the runs in which the node is on the chain that drives the study, of those in which it has a date.
    """

    n: int
    finish: Mapping[Id, Days]
    on_chain: Mapping[Id, Mapping[Id, int]]

    def lost(self, key: Id) -> int:
        """The number of runs in which the node has no date."""
        return int(np.count_nonzero(self.finish[key] >= LINE))

    def criticality(self, study: Id) -> dict[Id, float]:
        """By node, the share of the study's dated runs in which the node is on its driving chain, 0 to 1."""
        dated = self.n - self.lost(study)
        return {key: count / dated for key, count in self.on_chain[study].items()} if dated else {}


def simulate(
    network: Network,
    status_date: int,
    draws: Mapping[Id, Draw],
    n: int,
    seed: int,
    *,
    studies: Collection[Id] | None = None,
    told: Callable[[int], None] | None = None,
) -> Simulated:
    """Run the network `n` times with lengths drawn anew, and follow `studies` (None: every node).

    The same arguments give the same answer, to the byte. `told` is called with the number of runs that are done.
    """
    keys = list(network.ids if studies is None else studies)
    finish = {key: np.empty(n, np.int64) for key in keys}
    on_chain: dict[Id, dict[Id, int]] = {key: {} for key in keys}
    done = 0
    for block in blocks(network, status_date, draws, n, seed, keys):
        for key in keys:
            finish[key][done : done + block.n] = block.finish[key]
            _add(on_chain[key], block.on_chain[key])
        done += block.n
        if told is not None:
            told(done)
    return Simulated(n, finish, on_chain)


def _add(total: dict[Id, int], more: Mapping[Id, int]) -> None:
    for key, count in more.items():
        total[key] = total.get(key, 0) + count


def blocks(
    network: Network, status_date: int, draws: Mapping[Id, Draw], n: int, seed: int, studies: Collection[Id]
) -> Iterator[Simulated]:
    """The runs in blocks, as many as fit into memory; each has a random stream of its own, of seed and place."""
    size = max(LEAST_AT_ONCE, min(MOST_AT_ONCE, CELLS // max(len(network.ids), 1)))
    prepared = Pass.of(network, status_date, [network.at(key) for key in studies])
    chance = Chance(prepared, draws)
    for place, first in enumerate(range(0, n, size)):
        sequence = np.random.SeedSequence(seed, spawn_key=(place,))
        chance.begin(min(size, n - first), np.random.Generator(np.random.PCG64(sequence)))
        yield _block(prepared, chance, studies)


def _block(prepared: Pass, chance: Chance, studies: Collection[Id]) -> Simulated:
    network, n = prepared.network, chance.n
    runs = prepared.run(n, chance.length, chance.hold)
    finish, on_chain = {}, {}
    for key in studies:
        position = network.at(key)
        days = np.broadcast_to(np.asarray(runs.days[2 * position + 1], np.int64), (n,))
        finish[key] = np.where(days < LINE, days + prepared.status_date, LOST)
        counts = on_chains(prepared, runs, position, n)
        on_chain[key] = {network.ids[place]: count for place, count in counts.items()}
    return Simulated(n, finish, on_chain)


__all__ = ["LOST", "MODEL", "SIGMA", "Draw", "Hold", "Simulated", "blocks", "simulate"]
