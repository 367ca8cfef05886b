"""Today costs the same number of statements whatever waits, and what its time is."""

import time
from statistics import median

import pytest
from django.test import Client

from bench.deviations import copy, put_on_file
from bench.visits import beyond_transactions, statements
from oversight.kernel.access.scope import Actor
from oversight.kernel.clocks.models import Clock
from oversight.kernel.trail.change import change
from quality.models import Deviation
from tests.cast import World, sign_in
from tests.factories.programme import plan
from tests.factories.study import study
from tests.portal.moving import plan_soon, will_end_later

STATEMENTS = {"/acme/": 13, "/acme/?whose=everyone&show=all": 13, "/acme/partners/": 7}


def let_wait(actor: Actor, first: int, numbers: range) -> None:
    """So many more copies of the first deviation, each with the clocks of the first."""
    copy(actor, first, numbers)
    columns = [field.attname for field in Clock._meta.concrete_fields if field.name not in ("id", "record_id")]
    with change(by=actor):
        rows = Clock.objects.visible_to(actor).filter(kind=Deviation._meta.db_table, record_id=first).values(*columns)
        named = [f"COPY-{number}" for number in numbers]
        copies = Deviation.objects.visible_to(actor).filter(number__in=named)
        Clock.objects.bulk_create([Clock(record_id=each.pk, **row) for each in copies for row in rows])


def asked(client: Client) -> dict[str, int]:
    return {path: len(beyond_transactions(statements(lambda path=path: client.get(path)))) for path in STATEMENTS}


@pytest.mark.django_db(transaction=True)
def test_the_statements_of_today_are_pinned_at_1_50_and_500_events(lasting_world: World, client: Client) -> None:
    nina = lasting_world.nina
    sign_in(client, nina)
    first = put_on_file(nina, 1)
    will_end_later(lasting_world, plan_soon(lasting_world).make, 4, by=lasting_world.paul)
    for path in STATEMENTS:
        client.get(path)  # the session notes when it began, the visit when it was
    counted = [asked(client)]
    let_wait(nina, first, range(2, 51))
    counted.append(asked(client))
    let_wait(nina, first, range(51, 501))
    for turn in range(5):
        programme = plan(lasting_world.omar, f"Programme {turn}")
        study(lasting_world.omar, programme)
        study(lasting_world.omar, programme)
    counted.append(asked(client))
    # One for the records of each kind: the nearest hundred of the partners' are deviations alone from 50 on.
    assert counted == [STATEMENTS, *[STATEMENTS | {"/acme/partners/": STATEMENTS["/acme/partners/"] - 1}] * 2]
    page = client.get("/acme/").content.decode()
    assert page.count('<td class="cell-lead">') >= 12 and "99+" in page

    def took() -> float:
        begun = time.perf_counter()
        client.get("/acme/")
        return (time.perf_counter() - begun) * 1_000

    print(f"\nToday at 500 events, {3 * 500} clocks: p50 {median(took() for _ in range(20)):.0f} ms")
