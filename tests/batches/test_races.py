"""Several people at once: each cause holds once, and nothing is released while it is held."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from batches.models import Batch
from batches.records import BATCH
from oversight.kernel.access.scope import scope
from oversight.kernel.esign import Proof
from oversight.kernel.records.writes import move
from oversight.kernel.workflow.refusals import Refused
from tests.cast import PASSWORD, World
from tests.factories.batch import batch, sent
from tests.factories.genealogy import edge
from tests.factories.lot import lot, packaged
from tests.factories.milestone import put

from .acting import critical, holds, now, shown


def at_once(*acts: Callable[[], str]) -> list[str]:
    """What each of them says, all begun at the same moment."""
    barrier = Barrier(len(acts))

    def run(each: Callable[[], str]) -> str:
        try:
            barrier.wait(30)
            return each()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [told.result(60) for told in [pool.submit(run, each) for each in acts]]


def test_two_deviations_at_once_hold_one_batch(lasting_world: World) -> None:
    world = lasting_world
    record = batch(world.omar, world.lyra_site)
    told = at_once(
        *[lambda title=title: critical(world, record, title=title).number for title in ("One", "Two", "Three")]
    )
    assert sorted(number for number, _, is_open in holds(record, world) if is_open) == sorted(told)
    assert shown(record, world)[0] and now(record, world.nina).hold_number in told


def test_a_release_that_races_with_a_hold_never_releases_what_is_held(lasting_world: World) -> None:
    world = lasting_world
    for _ in range(5):
        record = sent(world.omar, world.lyra_site, world.paul)

        def release(record: Batch = record) -> str:
            try:
                with scope(world.nina):
                    move(
                        BATCH, record.pk, "release", by=world.nina, version=None, values={}, reason="Reviewed",
                        proof=Proof(PASSWORD),
                    )  # fmt: skip
            except Refused:
                return "refused"
            return "released"

        def report(record: Batch = record) -> str:
            critical(world, record)
            return "reported"

        outcome = at_once(release, report)
        present = now(record, world.nina)
        if outcome[0] == "released":
            assert (present.status, present.on_hold, holds(record, world)) == ("RELEASED", False, [])
        else:
            assert (present.status, present.on_hold) == ("UNDER_REVIEW", True)
        assert outcome[1] == "reported"


def test_two_edges_at_once_close_no_loop(lasting_world: World) -> None:
    world = lasting_world
    one, two, three, four = (batch(world.omar, world.lyra_site) for _ in range(4))
    edge(world.omar, two, three)
    edge(world.omar, four, one)

    def draw(source: Batch, made_into: Batch) -> str:
        try:
            edge(world.omar, source, made_into)
        except ValidationError:
            return "refused"
        return "drawn"

    assert sorted(at_once(lambda: draw(one, two), lambda: draw(three, four))) == ["drawn", "refused"]


@pytest.mark.requirement("ASVS-11.1.6")
def test_two_lots_at_once_take_no_more_than_there_is(lasting_world: World) -> None:
    world = lasting_world
    of = put(world, packaged(world.omar, world.lyra_site), status="RELEASED", actual_yield=150)

    def take() -> str:
        try:
            lot(world.omar, of, "100")
        except ValidationError:
            return "refused"
        return "taken"

    assert sorted(at_once(take, take)) == ["refused", "taken"]
