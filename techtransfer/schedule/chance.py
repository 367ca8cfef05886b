"""What chance decides in each run: how long a node takes, and when its hold ends. Numpy is used here."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .nodes import Id
from .runs import Pass
from .spread import BITS, LogNormal, Spread, table_of
from .vectors import worked

SIGMA = 0.15  # of the logarithm of a site's factor: two in three between 0.86 and 1.16 of what each step takes
FLOAT = np.float32  # which leaves ten years of days a thousandth of a day
AT_ONCE = 8  # nodes whose random bits are made together: more would be memory that is fetched anew each time

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Hold:
    """An open hold: it ends `takes` elapsed days after day `since`, but not before the day after the status date.

    Then the node needs `after` days of its calendar more to finish; None: all that remains of it.
    """

    since: int
    takes: Spread
    after: int | None = None


@dataclass(frozen=True, slots=True)
class Draw:
    """What chance decides of one node: its length (of one that has begun: what remains), and the end of its hold.

    The nodes of one `site` share a factor in each run; None: of its own alone. What is done is not drawn.
    """

    length: Spread | None = None
    site: Hashable = None
    hold: Hold | None = None


class _Table(NamedTuple):
    """The equally likely lengths of a spread, with the half a day by which they are rounded."""

    values: Floats
    least: float
    shortest: int  # whole days that it takes at least


class Chance:
    """Draws, node by node in the network's order: first the factor of each site, then twelve bits for each value."""

    def __init__(self, prepared: Pass, draws: Mapping[Id, Draw]) -> None:
        self.n = 0
        self._prepared = prepared
        ids, rules = prepared.network.ids, prepared.network.rules
        keys = ((place, draws.get(ids[place])) for place in prepared.order if not rules[place].done)
        drawn = {place: draw for place, draw in keys if draw is not None}
        self._holds = {place: draw for place, draw in drawn.items() if draw.hold is not None}
        self._lengths = {
            place: (_rounding(draw.length), draw.site) for place, draw in drawn.items() if draw.length is not None
        }
        self._sites = dict.fromkeys(site for _, site in self._lengths.values() if site is not None)

    def begin(self, n: int, stream: np.random.Generator) -> None:
        """The next block of runs."""
        self.n, self._bits = n, stream.bit_generator
        self._waiting: list[NDArray[np.uint16]] = []
        self._values, self._days = np.empty(n, FLOAT), np.empty(n, np.int64)
        self._factors = {site: site_factors(stream, n) for site in self._sites}
        self._smallest = {site: float(factors.min()) for site, factors in self._factors.items()}

    def length(self, position: int) -> tuple[Any, int] | None:
        """The lengths of a node, whole days: its table's value and half a day, times the factor, without what is over.

        Where it takes any time at all it takes one day at least.
        """
        drawn = self._lengths.get(position)
        if drawn is None:
            return None
        (table, least, shortest), site = drawn
        values = table.take(self._picks(), out=self._values, mode="clip")
        if site is not None:
            values *= self._factors[site]
            least *= self._smallest[site]
        np.copyto(self._days, values, casting="unsafe")
        if least < shortest:
            np.maximum(self._days, shortest, out=self._days)
        return self._days, shortest

    def hold(self, position: int) -> Any:
        """The days before which the hold lets a node not finish; asked right after its length."""
        draw = self._holds.get(position)
        if draw is None or draw.hold is None:
            return None
        hold, rule = draw.hold, self._prepared.network.rules[position]
        takes = _rounding(hold.takes).values.take(self._picks(), mode="clip").astype(np.int64)
        until = np.maximum(takes + self._prepared.since(hold.since), 1)
        after: Any = hold.after
        if after is None:
            after = rule.length if draw.length is None else self._days
        return worked(until, after, self._prepared.calendar(rule.calendar))

    def _picks(self) -> NDArray[np.uint16]:
        """Twelve random bits for each run."""
        if not self._waiting:
            words = (self.n + 3) // 4
            bits = self._bits.random_raw(AT_ONCE * words).view(np.uint16).reshape(AT_ONCE, 4 * words)
            bits >>= BITS
            self._waiting = list(bits[::-1, : self.n])
        return self._waiting.pop()


@lru_cache(maxsize=512)
def _rounding(spread: Spread) -> _Table:
    values = (table_of(spread) + 0.5).astype(FLOAT)
    return _Table(values, float(values[0]), 1 if values[-1] > 0.5 else 0)


def site_factors(stream: np.random.Generator, n: int) -> Floats:
    """Factors of one site, shape (n,), no unit: lognormal, SIGMA its spread, 1 its mean."""
    picks = stream.bit_generator.random_raw((n + 3) // 4).view(np.uint16)[:n] >> BITS
    return _factors().take(picks, mode="clip")


@lru_cache(maxsize=1)
def _factors() -> Floats:
    values = table_of(LogNormal(1.0, 0.0, SIGMA))
    return (values / values.mean()).astype(FLOAT)
