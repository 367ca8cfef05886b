"""What finished steps teach: how much longer than planned steps take, and how far to trust a percentage.

Arithmetic alone: the standard library, no Django, no clock. docs/early-warning.md has the formulas with their sources.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from math import fsum, log, sqrt

ENOUGH = 8  # finished steps of a kind, below which nothing is learnt from them
BANDS = (20, 40, 60, 80)  # percent complete, where a band ends and the next one begins
WITHIN, WITHIN_WEIGHT = 0.25, 4.0  # spread of log(total / plan) while little is known, and as how many steps it counts
BETWEEN = 0.05  # partners differ by no less than this: no partner is ever taken for the average one altogether
# Spread of what a percentage measures, by band, while little is known: below 20 % it is nearly worthless.
VAGUE = (0.80, 0.45, 0.30, 0.20, 0.12)
VAGUE_WEIGHT = 6.0
# By how much all check-ins of one step err together, while little is known, and as how many pairs of them it counts.
SHARED, SHARED_WEIGHT = 0.20, 10.0


@dataclass(frozen=True, slots=True)
class Finished:
    """One finished step: its kind, its partner (0: the sponsor), and the days it took of those planned."""

    kind: str
    partner: int
    plan: int
    total: int
    readings: tuple["Reading", ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """One check-in: so many percent after so many days of work."""

    elapsed: int
    percent: int


@dataclass(frozen=True, slots=True)
class Prior:
    """log(total / plan) of the next step, before anybody has said how far it is."""

    mean: float
    sd: float
    cases: int  # finished steps of the kind
    here: int  # of them at this partner


@dataclass(frozen=True, slots=True)
class Band:
    """What a percentage of this band measures: too much or too little by `bias`, give or take `sd`."""

    bias: float
    sd: float
    cases: int


@dataclass(frozen=True, slots=True)
class Experience:
    """Everything that was learnt at one moment."""

    priors: Mapping[tuple[str, int], Prior]
    elsewhere: Mapping[str, Prior]  # of a partner that has finished none of the kind
    counts: Mapping[str, int]
    bands: Sequence[Band]
    shared: float  # spread of what is wrong in all check-ins of a step: who is an optimist once is one again

    def prior(self, kind: str, partner: int) -> Prior | None:
        """What is to be expected; None while fewer than `ENOUGH` steps of the kind are finished."""
        return self.priors.get((kind, partner)) or self.elsewhere.get(kind)

    def cases(self, kind: str) -> int:
        """How many steps of the kind are finished."""
        return self.counts.get(kind, 0)

    def band(self, percent: int) -> Band:
        """The band in which the percentage lies."""
        return self.bands[band_of(percent)]


@dataclass(slots=True)
class _Cells:
    """Logarithms of the ratios by kind and partner."""

    of: dict[str, dict[int, list[float]]] = field(default_factory=dict)

    def add(self, step: Finished) -> None:
        self.of.setdefault(step.kind, {}).setdefault(step.partner, []).append(log(step.total / step.plan))


def learn(finished: Iterable[Finished]) -> Experience:
    """Learn from finished steps; the order in which they come makes no difference."""
    steps = [step for step in finished if step.plan > 0 and step.total > 0]
    cells = _Cells()
    for step in steps:
        cells.add(step)
    bands = _bands(steps)
    counts = {kind: sum(map(len, partners.values())) for kind, partners in cells.of.items()}
    priors, elsewhere = _priors(cells.of, counts)
    return Experience(priors, elsewhere, counts, bands, _shared(steps, bands))


def band_of(percent: int) -> int:
    """The place of the band: 0 below 20 %, 4 from 80 % on."""
    return sum(percent >= end for end in BANDS)


def _priors(
    cells: Mapping[str, Mapping[int, list[float]]], counts: Mapping[str, int]
) -> tuple[dict[tuple[str, int], Prior], dict[str, Prior]]:
    """Each partner's mean shrunk to that of the kind, and that to the mean of all kinds: twice the same step."""
    if not cells:
        return {}, {}
    within = _within([values for partners in cells.values() for values in partners.values()])
    pooled = {
        kind: sorted(value for values in partners.values() for value in values) for kind, partners in cells.items()
    }
    all_kinds, between_kinds = _grand(pooled.values(), within)
    priors, elsewhere = {}, {}
    for kind in sorted(cells):
        if counts[kind] < ENOUGH:
            continue
        partners = cells[kind]
        centre, unsure = _shrunk(pooled[kind], all_kinds, between_kinds, within)
        _, between = _grand(partners.values(), within)
        own = _own_spread(partners.values(), within)
        elsewhere[kind] = Prior(centre, sqrt(own + between + unsure), counts[kind], 0)
        for partner in sorted(partners):
            mean, left = _shrunk(partners[partner], centre, between, own)
            # What is unsure of the centre is unsure here as far as the partner was drawn to it.
            drawn = own / (own + len(partners[partner]) * between)
            sd = sqrt(own + left + drawn**2 * unsure)
            priors[kind, partner] = Prior(mean, sd, counts[kind], len(partners[partner]))
    return priors, elsewhere


def _shrunk(values: Collection[float], centre: float, between: float, within: float) -> tuple[float, float]:
    """The mean of a group as far as its cases bear it, else that of all; and the variance that is left."""
    precision = len(values) / within
    total = precision + 1 / between
    return (fsum(values) / within + centre / between) / total, 1 / total


def _within(groups: Iterable[Collection[float]]) -> float:
    """The variance inside groups, pooled; `WITHIN` counts as so many cases more."""
    sums, freedom = _inside(groups)
    return (WITHIN_WEIGHT * WITHIN**2 + sums) / (WITHIN_WEIGHT + freedom)


def _own_spread(groups: Iterable[Collection[float]], within: float) -> float:
    """The variance inside the groups of one kind, drawn to that of all kinds as if it were `ENOUGH` cases."""
    sums, freedom = _inside(groups)
    return (ENOUGH * within + sums) / (ENOUGH + freedom)


def _inside(groups: Iterable[Collection[float]]) -> tuple[float, int]:
    sums, freedom = list[float](), 0
    for values in groups:
        mean = fsum(values) / len(values)
        sums += [(value - mean) ** 2 for value in values]
        freedom += len(values) - 1
    return fsum(sorted(sums)), freedom


def _grand(groups: Iterable[Collection[float]], within: float) -> tuple[float, float]:
    """The mean over groups and the variance between them, by moments (unbalanced one-way analysis of variance)."""
    found = [sorted(values) for values in groups]
    sizes = [len(values) for values in found]
    total = sum(sizes)
    grand = fsum(fsum(values) for values in found) / total
    if len(found) < 2:
        return grand, max(BETWEEN, sqrt(within)) ** 2  # one group says nothing of how groups differ
    typical = (total - sum(size**2 for size in sizes) / total) / (len(found) - 1)
    squares = fsum(size * (fsum(values) / size - grand) ** 2 for size, values in zip(sizes, found, strict=True))
    between = (squares / (len(found) - 1) - within) / typical
    return grand, max(between, BETWEEN**2)


def _bands(steps: Iterable[Finished]) -> list[Band]:
    """By how much elapsed / percent missed the days that the step took in the end, in each band."""
    errors: list[list[float]] = [[] for _ in VAGUE]
    for step in steps:
        for reading in step.readings:
            if (error := _error(step, reading)) is not None:
                errors[band_of(reading.percent)].append(error)
    return [_band(sorted(found), vague) for found, vague in zip(errors, VAGUE, strict=True)]


def _band(errors: list[float], vague: float) -> Band:
    weight = len(errors) + VAGUE_WEIGHT
    bias = fsum(errors) / weight
    squares = fsum((error - bias) ** 2 for error in errors)
    variance = (VAGUE_WEIGHT * vague**2 + squares) / weight
    return Band(bias, sqrt(variance * (1 + 1 / weight)), len(errors))


def _error(step: Finished, reading: Reading) -> float | None:
    """A percentage of nothing, or of no time, measures nothing."""
    if reading.percent <= 0 or reading.elapsed <= 0:
        return None
    return log(reading.elapsed / (reading.percent / 100) / step.total)


def _shared(steps: Iterable[Finished], bands: Sequence[Band]) -> float:
    """The covariance of two check-ins of one step, as a spread: what all of them have in common."""
    products = []
    for step in steps:
        errors = [(bands[band_of(each.percent)], _error(step, each)) for each in step.readings]
        missed = [error - band.bias for band, error in errors if error is not None]
        products += [one * other for one, other in combinations(missed, 2)]
    found = (fsum(sorted(products)) + SHARED**2 * SHARED_WEIGHT) / (len(products) + SHARED_WEIGHT)
    return sqrt(max(found, 0.0))
