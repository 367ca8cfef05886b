"""The matrix once more, while nothing in the application tells whose rows are whose: what the database alone holds."""

from itertools import islice

import pytest

from oversight.kernel.access.tenancy import ScopedQuerySet
from tests.cast import World
from tests.full import FULL

from .inventory import routes
from .personas import people, programs
from .test_matrix import Keys, Pace, keys, wrongs  # noqa: F401 (a fixture)

GOAL = 0.99  # of the cells of sponsors and partners (S3)
STEP = 1 if FULL else 10  # of so many addresses one is walked


@pytest.mark.parametrize("door", ["workspace", "portal", "api"])
def test_the_database_alone_holds_the_cells(
    world: World,
    keys: Keys,  # noqa: F811
    door: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("CRITICAL", "django.request")
    monkeypatch.setattr(ScopedQuerySet, "visible_to", lambda rows, actor: rows.all())
    asked = tuple(islice((each.name for each in routes() if each.door == door), 0, None, STEP))
    personas = programs(world, []) if door == "api" else people(world)
    told: dict[bool, tuple[Pace, list[str]]] = {}
    for granted in (False, True):
        pace = Pace()
        some = [each for each in personas if bool(each.actor and each.actor.grants is not None) is granted]
        told[granted] = pace, list(wrongs(world, keys, door, some, pace, only=asked))
    (pace, wrong), (apart, narrowed) = told[False], told[True]
    held = 1 - len(wrong) / pace.walked
    print(f"\nS3 {door}: {held:.2%} of {pace.walked} cells of sponsors and partners hold, {len(asked)} addresses;")
    print(f"of narrowed members, apart: {len(narrowed)} of {apart.walked} do not")
    assert held >= GOAL, "\n".join(wrong[:60])
