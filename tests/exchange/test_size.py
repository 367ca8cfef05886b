"""A big plan: 2,000 steps in, looked at and taken in, with the times printed."""

import time
from collections.abc import Callable
from typing import Any

from oversight.kernel.access.scope import scope
from techtransfer.models import Dependency, Milestone
from tests.cast import World
from tests.factories.programme import plan

from .bringing import FIRST, bring, given, table, take

STEPS = 2_000
PATIENCE = 60  # seconds for all of it, on a machine that does other things too


def test_two_thousand_steps_come_in_at_once(world: World) -> None:
    programme, times = plan(world.omar), dict[str, float]()
    rows = [
        (f"s{n}", f"Step {n}", "DS", "TESTING", "Lyra Biologics", "Lyra Basel", 3, "" if n else FIRST,
         f"s{n - 1}FS+1d" if n % 10 else "")
        for n in range(STEPS)
    ]  # fmt: skip
    content = table(*rows)

    def timed(name: str, act: Callable[[], Any]) -> Any:
        began = time.perf_counter()
        found = act()
        times[name] = time.perf_counter() - began
        return found

    staged = timed("stage", lambda: bring(programme, content, by=world.omar))
    timed("take in", lambda: take(staged, by=world.omar))
    timed("export XML", lambda: given(programme, "xml", by=world.omar))
    book = timed("export Excel", lambda: given(programme, "xlsx", by=world.omar))
    again = timed("stage again", lambda: bring(programme, book, by=world.omar))
    print("\n" + ", ".join(f"{name} {took:.2f} s" for name, took in times.items()))
    with scope(world.omar):
        steps, links = Milestone.objects.filter(programme=programme), Dependency.objects.filter(programme=programme)
        assert (steps.count(), links.count()) == (STEPS, 1_800)
        assert Milestone.history.filter(programme_id=programme.pk).count() == STEPS
    assert again.report["changes"] == 0
    assert sum(times.values()) < PATIENCE
