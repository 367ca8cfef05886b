"""Two people at once: what is counted is counted once for each."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection

from oversight.kernel.access.scope import Actor, scope
from oversight.kernel.records.writes import move
from quality.models import ResponseTask
from quality.records import RESPONSE_TASK
from tests.cast import World
from tests.factories.deviation import report

from .acting import now


def test_the_last_two_tasks_are_finished_at_once(lasting_world: World) -> None:
    world = lasting_world
    event = report(world.paul, world.lyra_site)
    with scope(world.nina):
        halt, assess = ResponseTask.objects.filter(deviation=event).order_by("id")
    barrier = Barrier(2)

    def finish(task: ResponseTask, by: Actor) -> None:
        try:
            with scope(by):
                barrier.wait(30)
                move(RESPONSE_TASK, task.pk, "finish", by=by, version=1, values={"note": "Done."}, reason="")
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        done = [pool.submit(finish, halt, world.paul), pool.submit(finish, assess, world.omar)]
        assert [each.result(60) for each in done] == [None, None]
    assert now(event, world.nina).open_tasks == 0
