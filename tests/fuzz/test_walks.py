"""Random walks over every workflow: thousands of tries by anybody, and nothing happens that was not declared."""

import random
import time
from collections import Counter

import pytest

from oversight.kernel.workflow.models import Case
from quality.models import Deviation
from tests.cast import World
from tests.contract.specimens import EACH_KIND

from .ground import another, ready_to_close
from .walker import Walker, values_of

STEPS = 5_000
AT_ONCE = 6  # records of a kind that are walked by turns
SEED = 20260114


@pytest.mark.django_db
def test_five_thousand_random_steps_make_no_undeclared_move(world: World) -> None:
    chance, began = random.Random(SEED), time.process_time()  # noqa: S311
    walkers = [
        Walker(kind, world, chance, values_of(kind, specimen.typed(world), world)) for kind, specimen in EACH_KIND
    ]
    weights = [1 + len(kind.workflow.transitions) for kind, _ in EACH_KIND]
    fields: dict[str, list[Case]] = {kind.slug: [] for kind, _ in EACH_KIND}
    specimens = {kind.slug: specimen for kind, specimen in EACH_KIND}
    for _ in range(STEPS):
        walker = chance.choices(walkers, weights)[0]
        kind, records = walker.kind, fields[walker.kind.slug]
        if len(records) < AT_ONCE:
            closing = kind.model is Deviation and chance.random() < 0.3  # few get that far by chance
            records.append(ready_to_close(world) if closing else another(kind, specimens[kind.slug], world, "own"))
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
