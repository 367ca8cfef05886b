"""Dates in the portal: confirmed in one click, moved with a reason, and seen when they moved."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from oversight.kernel.access.models import User
from oversight.kernel.access.scope import scope
from oversight.kernel.trail.change import change
from oversight.roles import Role
from techtransfer.models import ImpactAlert, Milestone
from tests.batches.acting import critical
from tests.cast import World, join, sign_in, system, today_there
from tests.factories import planner_of
from tests.factories.batch import act, batch
from tests.factories.milestone import put, step
from tests.web.reading import fold, link, words

from .conftest import Both
from .moving import Planned, fresh, plan_soon, settle, will_end_later

pytestmark = pytest.mark.django_db
HOME = "/portal/acme/"
CONFIRM, SEEN = f"{HOME}dates/confirm/", f"{HOME}moved/seen/"


@pytest.fixture
def soon(world: World) -> Planned:
    return plan_soon(world)


@pytest.fixture
def paul(world: World, client: Client) -> Client:
    sign_in(client, world.paul)
    return client


def panel(client: Client, heading: str, path: str = HOME) -> str:
    """The markup of the panel under that heading; empty where there is none."""
    body = client.get(path).content.decode()
    found = re.search(rf'<section class="panel[^>]*aria-labelledby="{heading}">.*?</section>', body, re.S)
    return found[0] if found else ""


def lines(markup: str) -> list[str]:
    """The rows of its table in words."""
    return [fold(row) for row in re.findall(r"<tr>(.*?)</tr>", markup, re.S)[1:]]


def first_form(markup: str) -> dict[str, str]:
    """What its first button sends."""
    found = re.search(r"<form.*?</form>", markup, re.S)
    assert found
    return {name: value for name, value in re.findall(r'name="(\w+)" value="(\w*)"', found[0]) if "token" not in name}


def short(day: date) -> str:
    """As a day stands in a table: with its year, where that is another."""
    return f"{day.day} {day:%b}" + ("" if day.year == today_there().year else f" {day.year}")


def row(record: Milestone, ahead: str, said: str, *, confirm: bool = True) -> str:
    named = f"{record.number}, {record.title}"
    button = f" Confirm : {named}" if confirm else ""
    when = f"{record.forecast_end:%a} {short(record.forecast_end)} {ahead}"
    return f"{when} {record.title} {record.number} ACM-101 Lyra Basel {said}{button} Date will slip : {named}"


def test_paul_s_own_steps_stand_by_their_day(world: World, paul: Client, soon: Planned) -> None:
    make, release = fresh(world, soon.make), fresh(world, soon.release)
    assert lines(panel(paul, "h-dates")) == [
        row(make, "in 39 days", "Not confirmed yet"),
        row(release, "in 49 days", "Not confirmed yet"),
    ]
    page = paul.get(HOME)
    assert link(page, f"Date will slip : {make.number}, {make.title}") == f"{HOME}milestones/{make.pk}/moves/forecast/"
    assert link(page, "Date will slip As soon as you know, a guess is fine") == "#milestones"


def test_one_click_confirms(world: World, paul: Client, soon: Planned) -> None:
    answer = paul.post(CONFIRM, first_form(panel(paul, "h-dates")))
    assert (answer.status_code, answer["Location"]) == (302, f"{HOME}#milestones")
    make = fresh(world, soon.make)
    page = paul.get(HOME)
    assert f"Confirmed: {make.number}, Make DS-26-014." in words(page)
    assert lines(panel(paul, "h-dates"))[0] == row(make, "in 39 days", "Confirmed today", confirm=False)
    with scope(world.nina):
        last = Milestone.history.filter(id=make.pk).latest("history_id")
    told = (last.history_user_name, last.history_org, last.history_change_reason, last.confirmed_on)
    assert told == ("Paul Keller", "Lyra Biologics AG", "The dates stand.", today_there())


def test_what_changed_while_one_looked_is_not_confirmed(world: World, paul: Client, soon: Planned) -> None:
    sent = first_form(panel(paul, "h-dates"))
    put(world, soon.make, planned_end=date(2027, 9, 1))
    answer = paul.post(CONFIRM, sent)
    assert answer.status_code == 409
    assert "Its dates, or something else of it, changed while you looked." in words(answer)
    assert fresh(world, soon.make).confirmed_on is None


def test_nobody_else_confirms(world: World, client: Client, soon: Planned) -> None:
    make = fresh(world, soon.make)
    sent = {"step": str(make.pk), "version": str(make.version)}
    for who, status in ((world.olga, 404), (world.vito, 403), (world.petra, 404)):
        one = Client()
        sign_in(one, who)
        assert one.post(f"/portal/{who.sponsor}/dates/confirm/", sent).status_code == status, who.name
    sign_in(client, world.paul)
    for wrong in ({}, {"step": "x", "version": "1"}, {"step": sent["step"]}):
        assert client.post(CONFIRM, wrong).status_code == 404
    assert fresh(world, make).version == make.version


@pytest.mark.parametrize(
    ("ends", "days_ago", "asked"), [(30, 15, True), (30, 14, False), (31, 15, False), (5, None, True)]
)
def test_a_near_date_that_nobody_stands_by_is_marked(
    world: World, paul: Client, ends: int, days_ago: int | None, asked: bool
) -> None:
    today = today_there()
    made = step(world.omar, world.lyra_site, title="Near step")
    word = None if days_ago is None else today - timedelta(days_ago)
    put(world, made, forecast_end=today + timedelta(ends), confirmed_on=word)
    marked = '<span class="status" data-tone="warn">' in panel(paul, "h-dates")
    assert marked is asked
    assert ("Near step" in panel(paul, "h-dates", "/portal/")) is asked


def test_a_viewer_looks_and_moves_nothing(world: World, client: Client, soon: Planned) -> None:
    sign_in(client, world.vito)
    markup = panel(client, "h-dates")
    assert "Make DS-26-014" in markup and "<form" not in markup and "/moves/" not in markup
    assert "Date will slip" not in words(client.get(HOME))


def test_a_date_that_slips_is_told_to_the_site_and_seen(world: World, paul: Client, soon: Planned) -> None:
    will_end_later(world, soon.fill, 6, by=world.olga)
    assert panel(paul, "h-moved") == "", "nothing of Lyra's moved"
    make = will_end_later(world, soon.make, 4, by=world.paul)
    assert lines(panel(paul, "h-dates"))[0] == row(make, "in 43 days", "Confirmed today", confirm=False)
    told = fold(panel(paul, "h-moved"))
    assert told.startswith(
        "Dates that moved All 1 that nobody has seen 2 steps of ACM-101 moved up to 4 days later IMP-"
    )
    assert f"{make.forecast_end.day} {make.forecast_end:%b %Y} ACM" not in told, "programmes are the sponsor's"
    sent = first_form(panel(paul, "h-moved"))
    assert paul.post(SEEN, sent)["Location"] == f"{HOME}#moved"
    assert panel(paul, "h-moved") == ""
    with scope(world.nina):
        seen = ImpactAlert.history.filter(id=sent["alert"]).latest("history_id")
    assert (seen.status, seen.history_user_name) == ("SEEN", "Paul Keller")


def test_what_another_knew_first_stays_to_be_seen(world: World, paul: Client, soon: Planned) -> None:
    will_end_later(world, soon.make, 4, by=world.paul)
    olga = Client()
    sign_in(olga, world.olga)
    sent = first_form(panel(olga, "h-moved"))
    assert paul.post(SEEN, sent).status_code == 404
    assert olga.post(SEEN, sent).status_code == 302


def test_batches_stand_with_what_comes_next(world: World, paul: Client, soon: Planned) -> None:
    assert "No batch in hand" in panel(paul, "h-batches")
    first = batch(world.omar, world.lyra_site, programme=soon.programme, planned_start=date(2027, 3, 1))
    made = batch(world.omar, world.lyra_site, programme=soon.programme)
    act(made, "start", world.paul)
    held = batch(world.omar, world.lyra_site, programme=soon.programme)
    event = critical(world, held)
    settle(world)
    assert lines(panel(paul, "h-batches")) == [
        f"{held.number} ACM-101 Drug substance Lyra Basel Planned On hold: {event.number}",
        f"{made.number} ACM-101 Drug substance Lyra Basel In process Made : {made.number}",
        f"{first.number} ACM-101 Drug substance Lyra Basel Planned starts 1 Mar 2027 Start : {first.number}",
    ]
    assert link(paul.get(HOME), f"Made : {made.number}") == f"{HOME}batches/{made.pk}/moves/made/"
    olga = Client()
    sign_in(olga, world.olga)
    assert "No batch in hand" in panel(olga, "h-batches")


def test_a_step_on_hold_says_so(world: World, paul: Client, soon: Planned) -> None:
    made = batch(world.omar, world.lyra_site, programme=soon.programme, make_step=fresh(world, soon.make))
    act(made, "start", world.paul)
    critical(world, made)
    settle(world)
    (line, *_) = lines(panel(paul, "h-dates"))
    since = fresh(world, soon.make).held_since
    assert f"Make DS-26-014 On hold since {short(since)}" in line and made.number in line
    assert "2 steps of ACM-101 moved" in fold(panel(paul, "h-moved"))


def test_the_inbox_asks_for_dates_of_every_sponsor(both: Both, client: Client) -> None:
    world, today = both.world, today_there()
    mine = step(world.omar, world.lyra_site, title="Acme's step")
    put(world, mine, forecast_end=today + timedelta(20))
    put(world, step(world.omar, world.lyra_site, title="Acme's far step"), forecast_end=today + timedelta(90))
    theirs = step(planner_of(world, "rival"), world.foreign_site, title="Rival's step")
    put(world, theirs, forecast_end=today + timedelta(10))
    sign_in(client, both.at_acme)
    found = lines(panel(client, "h-dates", "/portal/"))
    assert [re.sub(r"^.* in", "in", line).split(" Not ")[0] for line in found] == [
        f"in 10 days Rival's step {theirs.number} ACM-101 Rival's Basel",
        f"in 20 days Acme's step {mine.number} ACM-101 Lyra Basel",
    ]
    assert "Rival Bio" in found[0] and "Acme Therapeutics" in found[1]
    markup = panel(client, "h-dates", "/portal/")
    assert "1 date to confirm" in words(client.get("/portal/"))
    action = re.findall(r'<form method="post" action="([^"]+)">', markup)
    assert action == ["/portal/rival/dates/confirm/", CONFIRM]
    answer = client.post(action[0], first_form(markup))
    assert (answer.status_code, answer["Location"]) == (302, "/portal/#dates")
    assert "Rival's step" not in panel(client, "h-dates", "/portal/")


def test_who_belongs_to_two_cdmos_is_asked_behind_the_door(both: Both, client: Client) -> None:
    world = both.world
    with change(by=system(world.acme), reason="Helps out"):
        join(world.acme, User.objects.get(pk=both.at_acme.user), Role.CDMO_QA, "Orion Fill GmbH", world.orion)
    put(world, step(world.omar, world.lyra_site, title="Acme's step"), forecast_end=today_there())
    sign_in(client, both.at_acme)
    markup = panel(client, "h-dates", "/portal/")
    assert "for Lyra Biologics AG" in fold(markup)
    assert set(re.findall(r'action="([^"]+)"', markup)) == {"/portal/"}


def test_however_many_dates_it_costs_the_same(world: World, paul: Client) -> None:
    def cost(path: str) -> int:
        with CaptureQueriesContext(connection) as told:
            assert paul.get(path).status_code == 200
        return len([one for one in told if not one["sql"].startswith(("SAVEPOINT", "RELEASE"))])

    soon = plan_soon(world)
    will_end_later(world, soon.make, 4, by=world.paul)
    act(batch(world.omar, world.lyra_site, programme=soon.programme), "start", world.paul)
    paths = (HOME, "/portal/")
    for path in paths:
        paul.get(path)
    before = [cost(path) for path in paths]
    for turn in range(12):
        put(world, step(world.omar, world.lyra_site, soon.programme, f"Step {turn}"), forecast_end=date(2026, 12, 1))
        act(batch(world.omar, world.lyra_site, programme=soon.programme), "start", world.paul)
    print(f"\nportal home with dates and batches: {before[0]} statements, inbox {before[1]}")
    assert [cost(path) for path in paths] == before
    assert before[0] <= 18
