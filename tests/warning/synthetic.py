"""Partners with a truth that the model does not see: how long their steps take, and how they talk about it.

Each partner has its own habit of overrunning, each step its own length beside that. A percentage is what was really
done, with a bias that is largest early and smallest at the end, an optimism of the person who says it that stays the
same through one step, and noise; it is rounded to five, never falls and stays below 100 until the step is over.
"""

from dataclasses import dataclass
from math import exp
from random import Random

from techtransfer.warning.learning import Finished, Reading

KINDS = ("MANUFACTURE", "TESTING", "RELEASE")
WEEK, FORTNIGHT = 5, 10  # working days between two check-ins
HABITS, LENGTHS = (0.12, 0.2), 0.3  # how much longer partners take (mean and spread), and how their steps spread


@dataclass(frozen=True, slots=True)
class Ways:
    """How long steps are, how often partners report, and how well they know what they say."""

    days: tuple[int, int] = (40, 120)  # planned: two to six months
    every: int = FORTNIGHT
    noise: float = 1.0  # times the usual
    early: float = 0.35  # people think that they are further than they are, above all at first
    optimism: tuple[float, float] = (0.0, 0.06)  # of the person, through one step: mean and spread

    def blur(self, done: float) -> float:
        """The spread of what is said when so much is done."""
        return self.noise * (0.22 * (1 - done) + 0.04)


NOISY = {"noise": 1.8, "optimism": (0.0, 0.12)}
OPTIMISTIC = {"early": 0.6, "optimism": (0.1, 0.06)}
SHORT = (30, 80)
USUAL = Ways()
HARDEST = "short, noisy"
WORLDS = {
    "long": USUAL,
    "long, weekly": Ways(every=WEEK),
    "long, noisy": Ways(**NOISY),
    "long, optimistic": Ways(**OPTIMISTIC),
    "short": Ways(SHORT),
    "short, weekly": Ways(SHORT, WEEK),
    HARDEST: Ways(SHORT, **NOISY),
    "short, weekly, noisy": Ways(SHORT, WEEK, **NOISY),
    "short, optimistic": Ways(SHORT, **OPTIMISTIC),
    "short, weekly, optimistic": Ways(SHORT, WEEK, **OPTIMISTIC),
}


@dataclass(frozen=True, slots=True)
class Lived:
    """One step as it went; `limit` is how many days of work there were up to its agreed end."""

    kind: str
    partner: int
    plan: int
    total: int
    limit: int
    habit: float  # the mean of log(total / plan), which nobody knows
    readings: tuple[Reading, ...]

    @property
    def is_late(self) -> bool:
        return self.total > self.limit

    @property
    def finished(self) -> Finished:
        return Finished(self.kind, self.partner, self.plan, self.total, self.readings)


def steps(seed: int, partners: int, each: int, ways: Ways = USUAL) -> list[Lived]:
    """So many steps of so many partners, in the order in which they began."""
    dice = Random(seed)  # noqa: S311  a made-up world, no secret
    habits = {partner: dice.gauss(*HABITS) for partner in range(1, partners + 1)}
    slower = {kind: dice.gauss(0.0, 0.08) for kind in KINDS}
    found = []
    for _ in range(each):
        for partner, habit in habits.items():
            kind = dice.choice(KINDS)
            found.append(_step(dice, kind, partner, habit + slower[kind], ways))
    return found


def _step(dice: Random, kind: str, partner: int, habit: float, ways: Ways) -> Lived:
    plan = dice.randint(*ways.days)
    total = max(1, round(plan * exp(dice.gauss(habit, LENGTHS))))
    limit = round(plan * dice.choice((1.0, 1.0, 1.05, 1.15, 1.3)))
    optimism, readings, said = dice.gauss(*ways.optimism), list[Reading](), 0
    for day in range(ways.every, total, ways.every):
        done = day / total
        percent = 100 * done * exp(ways.early * (1 - done) ** 2 + optimism + dice.gauss(0, ways.blur(done)))
        said = min(95, max(said, 5 * round(percent / 5)))
        readings.append(Reading(day, said))
    return Lived(kind, partner, plan, total, limit, habit, tuple(readings))
