"""Random walks over every workflow: thousands of tries by anybody, and nothing happens that was not declared."""

import random
import time
from collections import Counter
from functools import partial

import pytest

from oversight.kernel.workflow.models import Case
from tests.cast import World
from tests.contract.specimens import EACH_KIND
from tests.full import FULL

from .ground import another, another_ready
from .walker import Walker, values_of

STEPS = 6_000 * (5 if FULL else 1)
AT_ONCE = 6  # records of a kind that are walked by turns
SEED = 20260114


@pytest.mark.requirement("P11-10f", "A11-4-7")
@pytest.mark.django_db
def test_random_steps_make_no_undeclared_move(world: World) -> None:
    chance, began = random.Random(SEED), time.process_time()  # noqa: S311
    walkers = [Walker(kind, world, chance, values_of(kind, specimen, world)) for kind, specimen in EACH_KIND]
    weights = [1 + len(kind.workflow.transitions) for kind, _ in EACH_KIND]
    fields: dict[str, list[Case]] = {kind.slug: [] for kind, _ in EACH_KIND}
    specimens = {kind.slug: specimen for kind, specimen in EACH_KIND}
    for _ in range(STEPS):
        walker = chance.choices(walkers, weights)[0]
        kind, records = walker.kind, fields[walker.kind.slug]
        if len(records) < AT_ONCE:
            one_more = another_ready if chance.random() < 0.3 else partial(another, which="own")
            records.append(one_more(kind, specimens[kind.slug], world))
        record = chance.choice(records)
        walker.step(record)
        if record.status in kind.workflow.final and chance.random() < 0.3:
            records.remove(record)
    said = sum((walker.said for walker in walkers), Counter())
    illegal = [line for walker in walkers for line in walker.illegal]
    worked = time.process_time() - began
    print(f"\nseed {SEED}: {said.total()} steps, {worked:.1f} s of work", dict(said))
    for walker in walkers:
        print(walker.kind.label, dict(walker.moved))
    assert not illegal, "\n".join(illegal[:40])
    assert said.total() == STEPS
    assert said["done"] >= STEPS // 10
    missed = {
        f"{walker.kind.slug}: {move.name}"
        for walker in walkers
        for move in walker.kind.workflow.transitions
        if not walker.moved[move.name]
    }
    assert not missed
