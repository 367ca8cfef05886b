"""Who knows all: how likely a step is to end late to somebody who knows how it was made up, and hears the same words.

No model can do better on the average: what it misses, what was said does not tell.
"""

from math import erf, exp, inf, log, sqrt

from .synthetic import LENGTHS, Lived, Ways

PERSONS = [-2.0, -1.0, 0.0, 1.0, 2.0]  # kinds of them, in spreads of optimism


def chances_of_who_knows_all(step: Lived, ways: Ways) -> list[float]:
    """The chance at each check-in up to the agreed end: every length and every person weighed by what was said."""
    likely = {
        (total, person): _between(log((total - 0.5) / step.plan), log((total + 0.5) / step.plan), step.habit, LENGTHS)
        * exp(-(person**2) / 2)
        for total in range(1, 4 * step.plan)
        for person in PERSONS
    }
    found, before = [], 0
    for reading in step.readings:
        if reading.elapsed >= step.limit:
            break
        likely = {
            (total, person): weight * _said(reading.percent, before, reading.elapsed / total, person, ways)
            for (total, person), weight in likely.items()
            if total > reading.elapsed and weight > 1e-12
        }
        before = reading.percent
        late = sum(weight for (total, _), weight in likely.items() if total > step.limit)
        found.append(late / sum(likely.values()))
    return found


def _said(percent: int, before: int, done: float, person: float, ways: Ways) -> float:
    """How likely somebody is to say so: rounded to five, never less than before, and 95 at most."""
    mean, spread = ways.optimism
    centre = log(done) + ways.early * (1 - done) ** 2 + mean + person * spread
    low = -inf if percent == before else log((percent - 2.5) / 100)
    high = inf if percent == 95 else log((percent + 2.5) / 100)
    return _between(low, high, centre, ways.blur(done))


def _between(low: float, high: float, mean: float, sd: float) -> float:
    return (erf((high - mean) / sd / sqrt(2)) - erf((low - mean) / sd / sqrt(2))) / 2
