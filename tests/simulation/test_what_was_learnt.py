"""What early warning learnt of a step is what its simulation draws from."""

import json

from tests.cast import World
from tests.factories.dependency import link
from tests.factories.milestone import step
from tests.factories.programme import plan
from tests.factories.study import study
from tests.techtransfer.planning import run
from tests.warning.scene import finished, say, under_way

from .conftest import asked, made


def test_a_slow_step_makes_the_study_later_than_its_three_durations_would(world: World) -> None:
    finished(world)
    programme = plan(world.omar, "The present")
    make = under_way(world, 20, programme=programme)
    start = step(world.omar, None, programme, "First patient in", duration_days=0, stage="STUDY", step="CLINICAL")
    link(world.omar, make, start)
    study(world.omar, programme, first_patient_in=start)
    run(world, programme)
    before = json.loads(made(asked(programme, by=world.omar, seed=3), world).result.result)
    say(world.paul, make, 20, 12)
    say(world.paul, make, 28, 19)
    after = json.loads(made(asked(programme, by=world.omar, seed=3), world).result.result)
    assert [each["drawn"]["by_posterior"] for each in (before, after)] == [1, 1]
    was, now = (each["studies"][0]["percentiles"]["p50"] for each in (before, after))
    assert now > was
