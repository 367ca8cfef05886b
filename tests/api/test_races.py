"""Fifty programs at one version at the same moment: one is first, the others are told."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from cdmos.models import CDMO
from oversight.kernel.access.scope import scope
from tests.api.calling import Caller
from tests.cast import World

WRITERS = 50


@pytest.mark.parametrize("verb", ["amend", "move"])
def test_of_fifty_who_saw_the_same_version_exactly_one_writes(lasting_world: World, verb: str) -> None:
    nina, barrier = Caller(lasting_world.nina), Barrier(WRITERS)
    cdmo = nina.post("cdmos/", {"name": "Vega", "country": "DE", "outsourcing_model": "TACTICAL", "storage": True})
    path, tag = cdmo["Location"], cdmo["ETag"]

    def write(turn: int) -> int:
        try:
            caller = Caller(lasting_world.nina, key=nina.key)
            barrier.wait(60)
            if verb == "amend":
                body = {"legal_name": f"Vega {turn}", "reason": f"Turn {turn}"}
                return caller.patch(path, body, If_Match=tag).status_code
            return caller.post(f"{path}transitions/void/", {"reason": "By mistake"}, If_Match=tag).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(WRITERS) as programs:
        outcomes = Counter(programs.map(write, range(WRITERS)))
    assert outcomes == {200: 1, 412: WRITERS - 1}
    with scope(lasting_world.nina):
        record = CDMO.objects.get(pk=cdmo.json()["id"])
        assert (record.version, record.history.count()) == (2, 2)
