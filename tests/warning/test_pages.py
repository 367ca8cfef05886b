"""Where the sponsor reads early warnings, and that nobody else does."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bench.visits import beyond_transactions, statements
from oversight.kernel.access.scope import scope
from oversight.kernel.trail.change import change
from techtransfer.models import CheckIn, EarlyWarning, Milestone
from tests.api.calling import Caller
from tests.cast import World, sign_in, system
from tests.factories.milestone import put
from tests.techtransfer.reading import page_of, panel, words

from .scene import PLAN, ago, finished, look_at, say, slow, under_way, warning_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def red(world: World) -> Milestone:
    """A step of Lyra's that is red, and one of Orion's that is amber."""
    finished(world)
    make = under_way(world, 30)
    slow(world, make)
    look_at(world, make)
    return make


def test_the_programme_says_it_beside_the_step_and_in_a_panel(world: World, red: Milestone) -> None:
    found = warning_of(world, red)
    assert found is not None
    page = page_of(world.omar, f"programmes/{red.programme_id}/")
    assert "Red: likely late" in words(panel(page, "h-dates"))
    assert found.says in words(panel(page, "h-warnings"))
    assert f'href="/acme/warnings/{found.pk}/"' in panel(page, "h-warnings")


def test_the_step_and_the_warning_say_what_it_rests_on(world: World, red: Milestone) -> None:
    found = warning_of(world, red)
    assert found is not None
    step = words(page_of(world.omar, f"milestones/{red.pk}/"))
    red_one = (
        "Red: this step is likely to end late. 94 % at the last check-in and 85 % at the one before, from 14 finished"
    )
    assert red_one in step
    page = page_of(world.omar, f"warnings/{found.pk}/")
    assert "planned 35 days of work, 35 up to the agreed end" in words(panel(page, "h-data"))
    assert "20 % 16 75 %" in words(panel(page, "h-data"))


def test_the_list_begins_with_the_latest_until_somebody_sorts_it(world: World, red: Milestone) -> None:
    earlier = warning_of(world, red)
    again = under_way(world, 30)
    slow(world, again)
    look_at(world, again)
    later = warning_of(world, again)
    assert earlier is not None and later is not None

    def is_latest_first(query: str) -> bool:
        page = page_of(world.omar, f"warnings/{query}")
        return page.index(later.number) < page.index(earlier.number)

    assert [is_latest_first(each) for each in ("", "?sort=-raised", "?sort=raised")] == [True, True, False]


def test_today_names_the_red_ones_first(world: World, red: Milestone) -> None:
    amber = under_way(world, 30, world.orion_site)
    say(world.olga, amber, 20, 16)
    look_at(world, amber)
    told = words(panel(page_of(world.omar, ""), "h-warned"))
    assert told.index("Red") < told.index("Amber")
    assert "94 % at the last check-in and 85 % at the one before" in told


def test_partners_read_nothing_of_it(world: World, red: Milestone) -> None:
    found = warning_of(world, red)
    assert found is not None
    for actor in (world.paul, world.olga, world.vito):
        client = Client()
        sign_in(client, actor)
        assert client.get("/portal/acme/warnings/").status_code == 404
        assert client.get(f"/portal/acme/warnings/{found.pk}/").status_code == 404
        assert client.get("/portal/acme/warnings/how-well/").status_code == 404
        for page in ("/portal/acme/", "/portal/acme/milestones/", "/portal/acme/audit-trail/"):
            assert found.number not in client.get(page).content.decode()
        with scope(actor):
            assert list(EarlyWarning.objects.all()) == []
            assert list(EarlyWarning.history.all()) == []
    page = page_of(world.paul, f"milestones/{red.pk}/")
    assert "likely to end late" not in page and "40 %" in words(page)


def test_a_narrowed_member_reads_the_number_and_not_what_it_rests_on(world: World, red: Milestone) -> None:
    found = warning_of(world, red)
    other = under_way(world, 30, world.orion_site)
    say(world.olga, other, 20, 16)
    look_at(world, other)
    theirs = warning_of(world, other)
    assert found is not None and theirs is not None
    page = words(page_of(world.connie, f"warnings/{found.pk}/"))
    assert "Likely to end late: 94 %." in page and "14 finished steps" not in page
    client = Client()
    sign_in(client, world.connie)
    assert client.get(f"/acme/warnings/{theirs.pk}/").status_code == 404


def test_the_api_tells_the_sponsor_s_programs(world: World, red: Milestone) -> None:
    found = warning_of(world, red)
    assert found is not None
    told = Caller(world.omar).get(f"programmes/{red.programme_id}/warnings/").json()
    assert told == {
        "programme": red.programme_id,
        "warnings": [
            {
                "id": found.pk,
                "number": found.number,
                "milestone": red.pk,
                "cdmo": world.lyra.pk,
                "level": "RED",
                "chance": 94,
                "basis": "LEARNT",
                "learnt_from": 14,
                "agreed_on": red.planned_end.isoformat(),
                "raised_at": told["warnings"][0]["raised_at"],
                "says": found.says,
                "facts": [],
            }
        ],
    }
    path = f"programmes/{red.programme_id}/warnings/"
    assert [Caller(actor).get(path).status_code for actor in (world.paul, world.olga)] == [404, 404]
    narrow = Caller(world.connie).get(path).json()["warnings"]
    assert [(each["says"], each["learnt_from"]) for each in narrow] == [("Likely to end late: 94 %.", None)]


def test_how_well_says_that_few_cases_say_nothing(world: World, red: Milestone) -> None:
    put(world, red, status="DONE", actual_end=ago(0))
    look_at(world, red)
    finished(world, took=[50])
    page = words(page_of(world.omar, "warnings/how-well/"))
    assert "15 more steps ended with fewer than two check-ins before the agreed end, 9 of them late" in page
    assert (
        "1 step with two check-ins ended so far, 0 of them late, 1 after a red warning: too few to give shares. From "
        "20 on they stand here."
    ) in page
    assert "Warned, and on time" in page and "Precision" not in page


def test_how_well_counts_from_twenty_on_and_by_partner(world: World) -> None:
    history = finished(world, took=[35] * 12 + [41] * 12)
    with scope(system(world.acme)):
        steps = list(Milestone.objects.filter(programme=history).order_by("pk"))
    for step in steps:
        for percent, days in ((30, 10), (60, 20)):
            say_past(world, step, percent, days)
    for step in steps[11:21]:  # one of them ended on its day, nine were late; three more were late and never red
        raise_past(world, step)
    page = page_of(world.omar, "warnings/how-well/")
    told = words(page)
    assert "From 24 steps that ended after at least two check-ins, 12 of them late." in told
    assert "more step" not in told, "of every step enough was said"
    assert "Precision 90 % 9 of 10 red warnings came true; between 60 and 98 % with 95 % confidence" in told
    assert "Recall 75 % 9 of 12 late steps had been red; between 47 and 91 % with 95 % confidence" in told
    assert "Days ahead 15 d before the agreed end, in the middle of the 9 that came true" in told
    assert words(panel(page, "h-partners")).endswith(
        "Lyra Biologics 24 12 90 % of 10 (60–98 %) 75 % of 12 (47–91 %) 15 d"
    )
    finished(world, took=[35, 36, 50])
    silent = "3 more steps ended with fewer than two check-ins before the agreed end, 2 of them late: not counted here."
    assert silent in words(page_of(world.omar, "warnings/how-well/"))
    missed = words(page_of(world.omar, "warnings/how-well/?show=missed"))
    assert missed.count("Late without a warning") == 3 + 1  # the button says so, too


def say_past(world: World, step: Milestone, percent: int, days: int) -> None:
    """A check-in of a step that is over: noted at the time, as the system would keep it."""
    with change(by=system(world.acme)):
        CheckIn.objects.create(
            tenant_id=world.acme.pk, status="NOTED", milestone=step, cdmo=step.cdmo, percent=percent,
            as_of=step.actual_start + timedelta(days - 1),
        )  # fmt: skip


def raise_past(world: World, step: Milestone) -> None:
    """A red warning fifteen days before the agreed end."""
    moment = datetime.combine(step.planned_end - timedelta(15), time(9), UTC)
    with change(by=system(world.acme)):
        EarlyWarning.objects.create(
            tenant_id=world.acme.pk, status="OVER", programme_id=step.programme_id, milestone=step, cdmo=step.cdmo,
            title=step.title, level="RED", chance=90, basis="LEARNT", says="Likely to end late: 90 %.",
            agreed_on=step.planned_end, raised_at=moment, red_at=moment, ended_at=moment, ended="FINISHED",
        )  # fmt: skip


def test_neither_today_nor_the_programme_ask_more_for_more_warnings(
    world: World, red: Milestone, client: Client
) -> None:
    sign_in(client, world.omar)
    pages = (
        "/acme/",
        f"/acme/programmes/{red.programme_id}/",
        f"/acme/milestones/{red.pk}/",
        "/acme/warnings/how-well/",
    )
    for path in pages:
        client.get(path)

    def asked() -> list[int]:
        return [len(beyond_transactions(statements(lambda path=path: client.get(path)))) for path in pages]

    few = asked()
    with change(by=system(world.acme)):
        for place in range(20):
            more = Milestone.objects.create(
                tenant_id=world.acme.pk, programme_id=red.programme_id, title=f"Step {place}", step="TESTING",
                stage="DS",
                cdmo=world.lyra, site=world.lyra_site, duration_days=PLAN, status="IN_PROGRESS", actual_start=ago(9),
                calendar="EVERY_DAY", planned_end=ago(-9),
            )  # fmt: skip
            EarlyWarning.objects.create(
                tenant_id=world.acme.pk, status="OPEN", programme_id=red.programme_id, milestone=more, cdmo=world.lyra,
                title=more.title, level="AMBER", chance=70, basis="LEARNT", says="Likely to end late: 70 %.",
                agreed_on=ago(-9), raised_at=timezone.now(),
            )  # fmt: skip
    assert asked() == few


def test_looking_asks_the_same_for_two_steps_and_for_forty(world: World, red: Milestone) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as sent:
            look_at(world, red)
        return len(beyond_transactions([each["sql"] for each in sent]))

    few = asked()
    with change(by=system(world.acme)):
        for place in range(40):
            Milestone.objects.create(
                tenant_id=world.acme.pk, programme_id=red.programme_id, title=f"Step {place}", step="TESTING",
                stage="DS",
                cdmo=world.lyra, site=world.lyra_site, duration_days=PLAN, status="IN_PROGRESS", actual_start=ago(9),
                calendar="EVERY_DAY", planned_end=ago(-30),
            )  # fmt: skip
    print(f"\nlooking: {few} statements")
    assert asked() == few
