"""Nobody adds a part while somebody else ends the whole."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.core.exceptions import ValidationError
from django.db import connection

from cdmos.models import CDMO, Site
from cdmos.records import CDMO as CDMO_KIND
from cdmos.records import SITE
from oversight.kernel.access.scope import scope
from oversight.kernel.records.writes import create, move
from oversight.kernel.trail.change import change
from oversight.kernel.workflow.refusals import Refused
from tests.cast import World, system


def test_a_cdmo_is_not_voided_while_a_site_of_it_comes_into_being(lasting_world: World) -> None:
    world = lasting_world
    with change(by=system(world.acme), reason="Set up"):
        Site.objects.filter(cdmo=world.lyra).update(status="VOID")
    barrier = Barrier(2)

    def add() -> str:
        values = {"cdmo": world.lyra, "name": "Visp", "city": "Visp", "country": "CH", "time_zone": "Europe/Zurich"}
        try:
            with scope(world.nina):
                barrier.wait(30)
                create(SITE, by=world.nina, values=values)
        except ValidationError:
            return "refused"
        finally:
            connection.close()
        return "added"

    def void() -> str:
        try:
            with scope(world.nina):
                barrier.wait(30)
                move(CDMO_KIND, world.lyra.pk, "void", by=world.nina, version=None, values={}, reason="A mistake")
        except Refused:
            return "refused"
        finally:
            connection.close()
        return "voided"

    with ThreadPoolExecutor(2) as pool:
        told = pool.submit(add), pool.submit(void)
        outcome = {each.result(60) for each in told}
    assert outcome in ({"added", "refused"}, {"refused", "voided"})
    with scope(world.nina):
        void_at_all = CDMO.objects.get(pk=world.lyra.pk).status == "VOID"
        assert Site.objects.filter(cdmo=world.lyra, status="ACTIVE").exists() is not void_at_all
