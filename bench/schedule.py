"""P10 and P11: what the schedule engine takes, in plain passes over the same links."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from techtransfer.schedule import Dates, Network, backward, compile_network, forward, propagate, trace

from .plans import realistic
from .race import Times, milliseconds, race, race_to
from .report import Row

SIZES = (200, 1_000, 10_000, 100_000)
GOAL_ENGINE, GOAL_MOVED = 2.0, 0.01
SEED, TODAY = 1, 100
MOVED = range(95, 106)  # about a hundred


@dataclass(frozen=True)
class Subject:
    """One network, compiled, and the same links for a plain pass."""

    size: int

    @cached_property
    def network(self) -> Network:
        """Compiled once: compiling is not in the figures."""
        return compile_network(*realistic(self.size, SEED))

    @cached_property
    def dates(self) -> Dates:
        """A first run, from which a what-if starts."""
        return forward(self.network, TODAY)

    @property
    def launch(self) -> int:
        """The last node, to which every other leads."""
        return self.size - 1

    @cached_property
    def studies(self) -> list[int]:
        """The last steps of five programmes, or of as many as there are."""
        ends = self.preds[self.launch]
        return ends[:: max(1, len(ends) // 5)][:5]

    @cached_property
    def preds(self) -> list[list[int]]:
        """By node, in the order given, which a plain pass may follow as it is: no node waits for a later one."""
        preds: list[list[int]] = [[] for _ in range(self.size)]
        for link in self.network.links:
            preds[link.succ].append(link.pred)
        return preds

    @cached_property
    def durations(self) -> list[int]:
        """By node, in the order given."""
        return [self.network.rules[self.network.position[key]].node.duration for key in range(self.size)]

    def plain(self, turn: int = 0) -> list[int]:
        """One forward pass as one writes it: every link finish to start, no lag, seven days a week, no driver."""
        preds, durations = self.preds, self.durations
        start, finish = [0] * self.size, [0] * self.size
        for node in range(self.size):
            start[node] = max((finish[pred] for pred in preds[node]), default=TODAY)
            finish[node] = start[node] + durations[node]
        return finish

    def loop(self, turn: int = 0) -> list[int]:
        """The same with the inner loop by hand, as fast as Python does it."""
        preds, durations = self.preds, self.durations
        start, finish = [0] * self.size, [0] * self.size
        for node in range(self.size):
            day = TODAY
            for pred in preds[node]:
                if finish[pred] > day:
                    day = finish[pred]
            start[node] = day
            finish[node] = day + durations[node]
        return finish

    def forward(self, turn: int = 0) -> Dates:
        """Early dates under every rule."""
        return forward(self.network, TODAY)

    def engine(self, turn: int = 0) -> list[list[int]]:
        """Early dates under every rule, and the late dates and critical chains of five studies."""
        return self._engine(self.studies)

    def launched(self, turn: int = 0) -> list[list[int]]:
        """The same for the launch alone, to which everything leads."""
        return self._engine([self.launch])

    def _engine(self, due: list[int]) -> list[list[int]]:
        dates = forward(self.network, TODAY)
        backward(self.network, dates, {key: dates.finish[key] for key in due})
        return [trace(self.network, dates, key) for key in due]


def figures() -> Iterator[Row]:
    """The engine over plain passes at each size, what a small change takes, and how it grows; 100,000 is judged."""
    times: dict[int, Times] = {}
    for size in SIZES:
        subject = Subject(size)
        subject.dates, subject.studies, subject.durations  # noqa: B018 - made before the clock starts
        times[size] = _race(subject)
        yield from _over_passes(size, times[size])
        yield _over_numpy(subject)
    yield _moved(subject)
    yield from _grown(times)


def _race(subject: Subject) -> Times:
    turns = max(7, 20_000 // subject.size)
    runners: dict[str, Callable[[int], object]] = {
        name: getattr(subject, name) for name in ("engine", "launched", "forward", "plain", "loop")
    }
    return race_to(GOAL_ENGINE, turns, "engine", "plain", warm_up=2, **runners)


def _over_passes(size: int, times: Times) -> Iterator[Row]:
    judged = GOAL_ENGINE if size == SIZES[-1] else None
    for name, over, under, what, goal in (
        (
            "",
            "engine",
            "plain",
            "forward, late dates and critical chains of five studies / a plain Python pass",
            judged,
        ),
        (".launch", "launched", "plain", "the same for one date that everything leads to / a plain Python pass", None),
        (".loop", "forward", "loop", "forward alone / the plain pass with its inner loop by hand", None),
    ):
        beside = milliseconds({key: times[key] for key in (over, under)})
        yield Row(
            f"P10.{size}{name}", f"schedule of {size:,}: {what}", times[over] / times[under], goal=goal, beside=beside
        )


def _grown(times: dict[int, Times]) -> Iterator[Row]:
    few, many = SIZES[1], SIZES[-1]
    for name, what in (("engine", "the whole engine"), ("loop", "a plain pass by hand, for comparison")):
        exponent = math.log(times[many][name] / times[few][name]) / math.log(many / few)
        yield Row(f"P11.schedule.{name}", f"growth exponent, {few:,} to {many:,} milestones: {what}", exponent, "")


def _over_numpy(subject: Subject) -> Row:
    try:
        from .vector import levels, vector_pass
    except ImportError:
        return Row(f"P10.{subject.size}.numpy", "not measured: numpy is not installed", 0, "")
    by_level = levels(subject.preds, subject.durations)
    assert vector_pass(by_level, subject.size, TODAY).tolist() == subject.loop()
    times = race(20, warm_up=2, forward=subject.forward, numpy=lambda turn: vector_pass(by_level, subject.size, TODAY))
    what = f"schedule of {subject.size:,}: forward alone / one numpy pass, level by level, finish to start only"
    return Row(f"P10.{subject.size}.numpy", what, times["forward"] / times["numpy"], beside=milliseconds(times))


def _moved(subject: Subject) -> Row:
    """The first step half-way whose delay moves about a hundred."""
    network, dates = subject.network, subject.dates
    for key in range(subject.size // 2, subject.size):
        changes = {key: {"not_before": dates.start[key] + 40}}
        moved = {} if network.rules[network.position[key]].begun else propagate(network, dates, changes)
        if len(moved) in MOVED:
            break
    times = race_to(
        GOAL_MOVED, 20, "moved", "full", warm_up=2,
        moved=lambda turn: propagate(network, dates, changes), full=lambda turn: forward(network, TODAY, changes),
    )  # fmt: skip
    what = f"schedule of {subject.size:,}: a change that moves {len(moved)} / all early dates anew"
    return Row("P10.moved", what, times["moved"] / times["full"], goal=GOAL_MOVED, beside=milliseconds(times))
