"""How long something may take: distributions as tables of equally likely values, from which a run picks one.

A table has 4,096 values, each the mean (beta-PERT) or the middle (lognormal) of its 4,096th part of the distribution.
A run picks one by twelve random bits. That is inversion, which any distribution allows, and a tenth of the time that
a library's own beta draws take; the mean of a beta-PERT is kept to a ten-thousandth of its width.
"""

from dataclasses import dataclass
from functools import lru_cache
from math import exp, log
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

VALUES = 4096
BITS = 4  # of sixteen, which are not used
FINE = 16  # points of the density within each value of a table
Table = NDArray[np.float64]

_NORMAL = NormalDist()
P80 = _NORMAL.inv_cdf(0.8)


@dataclass(frozen=True, slots=True)
class Pert:
    """Beta-PERT of an optimistic, a likely and a pessimistic length, in days of whatever calendar the step has.

    alpha = 1 + 4(m - a)/(b - a), beta = 1 + 4(b - m)/(b - a): the mean is (a + 4m + b)/6.
    """

    low: float
    likely: float
    high: float

    @property
    def shape(self) -> tuple[float, float]:
        """Alpha and beta."""
        width = self.high - self.low
        return 1 + 4 * (self.likely - self.low) / width, 1 + 4 * (self.high - self.likely) / width

    def values(self) -> Table:
        """Its values, ascending."""
        if self.high == self.low:
            return np.full(VALUES, float(self.low))
        return self.low + (self.high - self.low) * _beta(*self.shape)


@dataclass(frozen=True, slots=True)
class LogNormal:
    """`plan` days times e to a normal of `mean` and `sd`, given that it is more than `beyond`; `less` is taken off.

    What has begun has taken `beyond` days already, and what remains is the rest: then `less` is the same.
    """

    plan: float
    mean: float
    sd: float
    beyond: float = 0.0
    less: float = 0.0

    def values(self) -> Table:
        """Its values, ascending."""
        centre = log(self.plan) + self.mean
        if self.sd <= 0:
            return np.full(VALUES, max(exp(centre), self.beyond) - self.less)
        return np.exp(_tail(centre, self.sd, log(self.beyond) if self.beyond > 0 else None)) - self.less

    @classmethod
    def between(cls, middle: float, p80: float, *, beyond: float = 0.0) -> "LogNormal":
        """The one of which half are within `middle`, and four in five within `p80`."""
        return cls(middle, 0.0, log(max(p80, middle) / middle) / P80, beyond=beyond)


Spread = Pert | LogNormal


@lru_cache(maxsize=512)
def table_of(spread: Spread) -> Table:
    """The 4,096 equally likely values of a spread, ascending."""
    table = spread.values()
    table.setflags(write=False)
    return table


@lru_cache(maxsize=512)
def _beta(alpha: float, beta: float) -> Table:
    """Means of the 4,096 equal parts of a beta distribution, from its density on a grid."""
    edges = np.linspace(0.0, 1.0, FINE * VALUES + 1)
    middles = (edges[:-1] + edges[1:]) / 2
    density = middles ** (alpha - 1) * (1 - middles) ** (beta - 1)
    below = np.concatenate(([0.0], np.cumsum(density)))
    moment = np.concatenate(([0.0], np.cumsum(density * middles)))
    # What lies below each 4,096th part, and the first moment there; between two of them lies the mean of a part.
    first = np.interp(np.linspace(0.0, below[-1], VALUES + 1), below, moment)
    table = np.diff(first) * (VALUES / below[-1])
    table.setflags(write=False)
    return table


@lru_cache(maxsize=512)
def _tail(centre: float, sd: float, beyond: float | None) -> Table:
    """Middles of the 4,096 equal parts of a normal, of what lies above `beyond`."""
    if beyond is None:
        table = centre + sd * _normal()
    else:
        # From the upper side, where a number this near to 1 still has digits.
        left = max(_NORMAL.cdf((centre - beyond) / sd), 1e-300)
        parts = left * (1 - (np.arange(VALUES) + 0.5) / VALUES)
        table = centre - sd * np.array([_NORMAL.inv_cdf(part) for part in parts])
        np.maximum(table, beyond, out=table)
    table.setflags(write=False)
    return table


@lru_cache(maxsize=1)
def _normal() -> Table:
    return np.array([_NORMAL.inv_cdf((place + 0.5) / VALUES) for place in range(VALUES)])
