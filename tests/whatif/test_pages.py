"""The bar “What if” on the page of a programme: a form without script, a preview, and nothing written."""

import time
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from oversight.kernel.access.scope import scope
from oversight.kernel.outbox.models import Event
from techtransfer.models import Milestone, Scenario
from techtransfer.showing.supposing import AHEAD, CHANGED
from techtransfer.whatif.preview import NARROWED
from tests.api.calling import Caller
from tests.cascade.supply import LINE, Supply, after
from tests.cast import World
from tests.factories.milestone import put
from tests.factories.programme import plan
from tests.techtransfer.acting import change_it
from tests.techtransfer.planning import filler
from tests.techtransfer.reading import page_of, visitor, words

from .supposing import supposed

pytestmark = pytest.mark.django_db

WRITES = ("INSERT", "UPDATE", "DELETE")


def path(supply: Supply, **asked: str) -> str:
    return f"programmes/{supply.programme.pk}/?{urlencode(asked)}"


def day(days: int) -> str:
    return f"{after(days):%d %b %Y}".lstrip("0")


def test_a_preview_stands_beside_the_live_plan_and_says_that_nothing_is_saved(world: World) -> None:
    supply = Supply(world, line=LINE)
    with scope(world.nina):
        before = (Milestone.history.count(), Event.objects.count(), Scenario.objects.count())
    client = visitor(world.vera)
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(f"/acme/{path(supply, record=supply.batch.number, what='BATCH_REJECTED', days='')}")
    page = words(answer.content.decode())
    for said in (
        "Preview only, nothing is saved",
        f"If {supply.batch.number} fails and is rejected, {supply.study.code} moves {day(29)} {day(57)}",
        "+28 d to baseline",
        f"Fill the vials misses the {day(25)} slot at Orion Fill; the next free slot is {day(53)}.",
        f"rejected {day(19)}",
    ):
        assert said in page, said
    assert '<td data-label="What if" class="num whatif-moved">' in answer.content.decode()
    assert "Keep as scenario" not in page, "a viewer keeps nothing"
    written = [query["sql"] for query in asked.captured_queries if query["sql"].startswith(WRITES)]
    assert not [sql for sql in written if "django_session" not in sql], "its own visit alone is noted"
    with scope(world.nina):
        assert (Milestone.history.count(), Event.objects.count(), Scenario.objects.count()) == before
    assert supply.dates()[supply.dosed.pk][1] == after(29)


def test_what_is_typed_wrongly_is_said_beside_the_box(world: World) -> None:
    supply = Supply(world)
    step = supply.make.number
    for asked, box, said in (
        ({"record": step, "what": "STEP_LATER", "days": "x"}, "days", "Enter by how many days: a whole number"),
        ({"record": "", "what": "BATCH_REJECTED"}, "record", "Choose a batch of this plan."),
        ({"record": step, "what": ""}, "kind", "Choose what happens."),
        ({"record": step, "what": "SLOT_LOST"}, "record", "There is no such slot"),
        ({"if": "NONSENSE"}, "kind", "Choose what happens."),
        ({"record": step, "what": "STEP_LATER", "days": "3", "as_of": "never"}, "", "Preview only"),
    ):
        page = page_of(world.omar, path(supply, **asked))
        assert said in page, asked
        assert not box or f'id="what-if-{box}-error"' in page


def test_what_is_chosen_stands_for_what_is_meant(world: World) -> None:
    supply = Supply(world)
    by_step = words(page_of(world.omar, path(supply, record=supply.make.number, what="BATCH_REJECTED")))
    assert f"If {supply.batch.number} fails and is rejected" in by_step
    by_batch = words(page_of(world.omar, path(supply, record=supply.batch.number, what="RELEASE_LATE", days="4")))
    assert "If Release the substance is 4 days late" in by_batch


def test_a_plan_that_changed_meanwhile_is_computed_anew_and_says_so(world: World) -> None:
    supply = Supply(world)
    as_of = supply.read(supply.programme).forecast_at.isoformat()
    asked = {"record": supply.batch.number, "what": "BATCH_REJECTED", "as_of": as_of}
    assert CHANGED not in page_of(world.omar, path(supply, **asked))
    put(world, supply.fill, duration_days=14)
    supply.cascade()
    page = page_of(world.omar, path(supply, **asked))
    assert CHANGED in page and f"{day(39)}" in words(page) and f"{day(44)}" in words(page)


def test_a_change_that_no_cascade_has_counted_yet_is_said(world: World) -> None:
    supply = Supply(world)
    change_it(supply.release, by=world.omar, duration_days=15)
    page = words(page_of(world.omar, f"programmes/{supply.programme.pk}/?if=DURATION+{supply.fill.number}+6"))
    assert AHEAD in page
    answer = Caller(world.omar).post(
        f"programmes/{supply.programme.pk}/what-if/",
        {"suppositions": [{"kind": "DURATION", "record": supply.fill.number, "days": 6}]},
    )
    assert answer.json()["is_ahead"] is True
    supply.cascade()
    assert AHEAD not in words(
        page_of(world.omar, f"programmes/{supply.programme.pk}/?if=DURATION+{supply.fill.number}+6")
    )


def test_more_is_supposed_and_left_out_again(world: World) -> None:
    supply = Supply(world)
    one = f"BATCH_REJECTED {supply.batch.number}"
    both = path(supply, **{"if": one}, record=supply.fill.number, what="STEP_LATER", days="3")
    page = page_of(world.omar, both)
    assert f"If {supply.batch.number} fails and is rejected, and Fill the vials slips by 3 days" in words(page)
    assert f'<input type="hidden" name="if" value="{one}">' in page
    assert "Leave out : Fill the vials slips by 3 days" in words(page)
    kept = f"/acme/scenarios/new/?{urlencode({'programme': supply.programme.pk})}"
    assert kept in page
    form = visitor(world.omar).get(f"{kept}&{urlencode({'if': one, 'title': 'Rejected'})}").content.decode()
    assert one in form and 'value="Rejected"' in form


def test_who_sees_some_cdmos_is_told_to_ask_another(world: World) -> None:
    supply = Supply(world)
    page = page_of(world.connie, path(supply, record=supply.batch.number, what="BATCH_REJECTED"))
    assert NARROWED in words(page) and "Preview only" not in page and "Ways to win days back" not in page
    assert visitor(world.paul).get(f"/portal/acme/{path(supply)}").status_code == 404
    assert visitor(world.riva).get(f"/acme/{path(supply)}").status_code == 404


def test_of_a_plan_without_steps_or_dates_nothing_is_supposed(world: World) -> None:
    empty = plan(world.omar)
    assert "This plan has no steps yet" in words(page_of(world.omar, f"programmes/{empty.pk}/"))
    supply = Supply(world)
    put(world, supply.programme, status="CLOSED")
    assert "This programme is closed. Reopen it first." in words(page_of(world.omar, path(supply)))


def test_500_steps_take_as_many_statements_as_20_and_200_less_than_300_ms(world: World) -> None:
    supply = Supply(world, line=LINE)
    asked = f"/acme/{path(supply, record=supply.batch.number, what='BATCH_REJECTED')}"
    client, found = visitor(world.omar), {}
    for count in (20, 200, 500):
        filler(world, supply.programme, count - max(found, default=5))
        supply.cascade()
        client.get(asked)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(asked).status_code == 200
        best = min(_timed(supply) for _ in range(5))
        found[count] = len(queries)
        print(f"\n{count} steps: {len(queries)} statements; a preview takes {best * 1000:.0f} ms")
        assert count != 200 or best < 0.3
    assert len(set(found.values())) == 1, found


def _timed(supply: Supply) -> float:
    began = time.perf_counter()
    supposed(supply, f"BATCH_REJECTED {supply.batch.number}")
    return time.perf_counter() - began
