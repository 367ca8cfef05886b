"""How likely a step is to end late, from what was learnt and what is said of it. Arithmetic alone."""

from collections.abc import Sequence
from itertools import pairwise
from math import erfc, exp, fsum, log, sqrt
from typing import NamedTuple

from .learning import Experience, Prior, Reading

AMBER, RED = 0.65, 0.80
IN_A_ROW = 2  # check-ins that it takes before it is red
MOST_SHARED = 0.8  # of the variance of a check-in: something of it is always its own
_FARTHEST = 30.0  # spreads, beyond which both tails are nothing


class Posterior(NamedTuple):
    """log(total / plan) ~ Normal(mean, sd), and that the total is more than `elapsed` days of work.

    A simulation draws from the normal and keeps what lies beyond log(elapsed / plan).
    """

    mean: float
    sd: float
    elapsed: int


def three_point(optimistic: int, likely: int, pessimistic: int) -> tuple[float, float] | None:
    """The same mean and variance as the three-point estimate has (PERT), as of a lognormal; None without a spread."""
    if not likely > 0 or pessimistic <= optimistic:
        return None
    mean, sd = (optimistic + 4 * likely + pessimistic) / 6, (pessimistic - optimistic) / 6
    variance = log(1 + (sd / mean) ** 2)
    return log(mean / likely) - variance / 2, sqrt(variance)


def posterior(
    prior: Prior | tuple[float, float], plan: int, readings: Sequence[Reading], elapsed: int, known: Experience
) -> Posterior:
    """The prior and the check-ins, weighed by precision.

    Of the error of a check-in one part is the same in all of the step, and the rest its own. So each is weighed by its
    own part, and what they say together is never surer than the shared part allows: generalised least squares.
    """
    mean, sd = (prior.mean, prior.sd) if isinstance(prior, Prior) else prior
    told = [each for each in readings if each.percent > 0 and each.elapsed > 0]
    if not told:
        return Posterior(mean, sd, elapsed)
    bands = [known.band(each.percent) for each in told]
    shared = min(known.shared**2, MOST_SHARED * min(band.sd for band in bands) ** 2)
    weights = [1 / (band.sd**2 - shared) for band in bands]
    measured = [
        log(each.elapsed / (each.percent / 100) / plan) - band.bias for each, band in zip(told, bands, strict=True)
    ]
    total = fsum(weights)
    said = fsum(weight * value for weight, value in zip(weights, measured, strict=True)) / total
    of_prior, of_said = 1 / sd**2, 1 / (1 / total + shared)
    sure = of_prior + of_said
    return Posterior((of_prior * mean + of_said * said) / sure, 1 / sqrt(sure), elapsed)


def chance_late(found: Posterior, plan: int, limit: int) -> float:
    """P(total > limit | not finished by now): whole days, so that the border lies half a day beyond.

    `limit` is how many days of work there are up to the agreed end; the step is still open on day `elapsed`.
    """
    if limit < found.elapsed:
        return 1.0
    needed = _spreads(found, log((limit + 0.5) / plan))
    if found.elapsed <= 1:
        return _beyond(needed)
    sure = _spreads(found, log((found.elapsed - 0.5) / plan))
    if sure > _FARTHEST:  # Mills' ratio: both tails are too small to be divided
        return exp(-(needed**2 - sure**2) / 2) * sure / needed
    return min(_beyond(needed) / _beyond(sure), 1.0)


def is_red(chances: Sequence[float]) -> bool:
    """Whether it is red by the chances at each check-in, in their order.

    It becomes red when one says so (`RED`) after another that was amber, and stays so while they are amber: a chance
    that goes up and down around one border does not come and go.
    """
    red = False
    for before, chance in pairwise(chances):
        red = chance > AMBER if red else before > AMBER and chance > RED
    return red


def is_amber(chance: float) -> bool:
    """Whether it is likely enough to be said."""
    return chance > AMBER


def _spreads(found: Posterior, value: float) -> float:
    return (value - found.mean) / found.sd


def _beyond(spreads: float) -> float:
    """The upper tail of the normal distribution."""
    return erfc(spreads / sqrt(2)) / 2
