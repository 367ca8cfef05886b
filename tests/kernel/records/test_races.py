"""Many people at one record at the same moment: one is first, the others are told."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection

from cdmos.models import CDMO
from cdmos.records import CDMO as KIND
from oversight.kernel.access.scope import scope
from oversight.kernel.records.writes import amend
from oversight.kernel.workflow.refusals import Stale
from tests.cast import World

WRITERS = 12


def test_of_many_who_saw_the_same_version_exactly_one_writes(lasting_world: World) -> None:
    barrier, pk = Barrier(WRITERS), lasting_world.lyra.pk

    def write(turn: int) -> str:
        try:
            with scope(lasting_world.nina):
                barrier.wait(30)
                values = {"legal_name": f"Lyra {turn}"}
                amend(KIND, pk, by=lasting_world.nina, version=1, values=values, reason=f"Turn {turn}")
            return "written"
        except Stale as stale:
            return f"stale, now version {stale.record.version}"
        finally:
            connection.close()

    with ThreadPoolExecutor(WRITERS) as people:
        outcomes = list(people.map(write, range(WRITERS)))
    assert sorted(outcomes) == ["stale, now version 2"] * (WRITERS - 1) + ["written"]
    with scope(lasting_world.nina):
        record = CDMO.objects.get(pk=pk)
        assert (record.version, record.history.count()) == (2, 2)
        assert record.legal_name == record.history.order_by("-history_id").first().legal_name
