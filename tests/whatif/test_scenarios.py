"""A scenario is kept by one person, shared, computed again, adopted or ended; kept, it changes nothing of the plan."""

import html
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from oversight.kernel.access.scope import Actor, scope
from oversight.kernel.outbox.models import Event
from oversight.kernel.records.writes import amend, move
from oversight.kernel.workflow.definition import OF_ALL
from oversight.kernel.workflow.refusals import Refused
from oversight.roles import Role
from techtransfer.models import Milestone, Scenario
from techtransfer.models.scenario import KEPT_FOR
from techtransfer.records import SCENARIO
from techtransfer.services.scenario import NOT_THE_AUTHOR, PROGRAM_SHARES, expire
from techtransfer.tasks import end_scenarios
from techtransfer.whatif.adopting import SAID_ALREADY
from techtransfer.whatif_pages import MOVED_ON
from tests.cascade.supply import LINE, Supply, after
from tests.cast import World
from tests.factories.milestone import put
from tests.factories.scenario import keep
from tests.techtransfer.acting import change_it
from tests.techtransfer.reading import page_of, visitor, words

pytestmark = pytest.mark.django_db


def act(record: Scenario, name: str, by: Actor, reason: str = "As agreed in the weekly call") -> Any:
    with scope(by):
        move(SCENARIO, record.pk, name, by=by, version=None, values={}, reason=reason)
        return Scenario.objects.get(pk=record.pk)


def rejected(supply: Supply, **values: Any) -> Scenario:
    lines = f"BATCH_REJECTED {supply.batch.number}"
    return keep(supply.world.omar, supply.programme, lines, title="Rejected", **values)


def test_it_freezes_what_it_came_to_on_the_plan_of_that_day(world: World) -> None:
    supply = Supply(world, line=LINE)
    versions, dates = len(supply.versions(supply.fill)), supply.dates()
    record = rejected(supply)
    assert (record.number, record.status, record.days) == ("SCN-0001", "KEPT", 28)
    assert (record.author_name, record.expires_on) == ("Omar Haddad", timezone.now().date() + KEPT_FOR)
    assert record.forecast_at == supply.read(supply.programme).forecast_at
    assert record.studies == [
        {
            "study": supply.study.pk, "number": supply.study.number, "code": supply.study.code,
            "was": after(29).isoformat(), "now": after(57).isoformat(), "days": 28, "to_baseline": 28,
        }
    ]  # fmt: skip
    assert [(step["title"], step["days"], step["word"]) for step in record.steps] == [
        ("Make the substance", 5, "rejected"),
        ("Ship the substance", 5, ""),
        ("Release the substance", 5, "rejected"),
        ("Fill the vials", 28, ""),
        ("First patient in", 28, ""),
    ]
    assert (len(supply.versions(supply.fill)), supply.dates()) == (versions, dates), "the plan is as it was"


def test_its_page_lays_then_beside_now(world: World) -> None:
    supply = Supply(world)
    record = rejected(supply)
    page = words(page_of(world.omar, f"scenarios/{record.pk}/"))
    assert "The plan gives the same as when it was kept." in page
    put(world, supply.fill, duration_days=14)
    supply.cascade()
    page = words(page_of(world.omar, f"scenarios/{record.pk}/"))
    assert "The plan has moved on since it was kept: what it comes to now is another." in page
    with scope(world.omar):
        assert Scenario.objects.get(pk=record.pk).studies[0]["now"] == after(34).isoformat(), "what was frozen stays"


def test_a_plan_of_which_it_makes_no_sense_any_more_is_told(world: World) -> None:
    supply = Supply(world, line=LINE)
    record = keep(world.omar, supply.programme, f"SLOT_LOST {supply.slots[0].number}")
    put(world, supply.slots[0], status="LOST")
    page = words(page_of(world.omar, f"scenarios/{record.pk}/"))
    assert "It makes no sense of the plan of today: There is no such slot that is open or booked" in page


def test_a_private_one_is_its_authors_alone(world: World) -> None:
    supply = Supply(world)
    private = rejected(supply, shared=False)
    path = f"scenarios/{private.pk}/"
    assert visitor(world.omar).get(f"/acme/{path}").status_code == 200
    for who in (world.nina, world.vera, world.adam, world.connie):
        client = visitor(who)
        assert client.get(f"/acme/{path}").status_code == 404
        assert client.get(f"/acme/{path}history/").status_code == 404
        assert "Rejected" not in words(client.get("/acme/scenarios/").content.decode())
        assert private.number not in client.get("/acme/search/?q=Rejected").content.decode()
        compared = f"/acme/programmes/{supply.programme.pk}/scenarios/compare/"
        assert private.number not in client.get(compared).content.decode()
        assert client.get(f"{compared}?id={private.pk}").status_code == 404
    assert private.number not in visitor(world.nina).get("/acme/audit-trail/").content.decode()
    with scope(world.omar):
        amend(SCENARIO, private.pk, by=world.omar, version=None, values={"shared": True}, reason="For the team")
    for who in (world.nina, world.vera):
        assert visitor(who).get(f"/acme/{path}").status_code == 200
    for door, who in (("/portal/acme/", world.paul), ("/portal/acme/", world.olga), ("/rival/", world.riva)):
        assert visitor(who).get(f"{door}{path}").status_code == 404


def test_nobody_but_its_author_takes_it_back(world: World) -> None:
    record = rejected(Supply(world))
    with scope(world.nina), pytest.raises(ValidationError) as refusal:
        amend(SCENARIO, record.pk, by=world.nina, version=None, values={"shared": False}, reason="Mine")
    assert refusal.value.message_dict == {"shared": [NOT_THE_AUTHOR]}
    program = replace(world.omar, user=None, role=Role.API_CLIENT)
    with pytest.raises(ValidationError) as refusal:
        keep(program, shared=False)
    assert refusal.value.message_dict == {"shared": [PROGRAM_SHARES]}


def test_who_sees_some_cdmos_reads_no_more_than_that_it_is_there(world: World) -> None:
    supply = Supply(world)
    record = rejected(supply)
    page = words(page_of(world.connie, f"scenarios/{record.pk}/"))
    assert "may be of CDMOs that are not open to you" in page
    assert not [word for word in (supply.batch.number, "Fill the vials", "First patient in") if word in page]
    planner = replace(world.connie, role=Role.CMC_LEAD)
    with pytest.raises(ValidationError) as refusal:
        keep(planner, supply.programme, f"STEP_LATER {supply.make.number} 3")
    assert refusal.value.messages == [OF_ALL]


def test_what_makes_no_sense_is_refused_beside_the_field(world: World) -> None:
    supply = Supply(world)
    client = visitor(world.omar)
    typed = {"programme": str(supply.programme.pk), "title": "Odd", "expires_on": "2020-01-01", "shared": "on"}
    answer = client.post("/acme/scenarios/new/", typed | {"suppositions": "STEP_LATER MS-99999 3"})
    assert answer.status_code == 422
    page = words(answer.content.decode())
    assert "This lies in the past. Enter until when it is kept." in page
    assert "There is no such step in this plan." in page, "all at once"


def test_it_ends_when_its_time_is_over(world: World) -> None:
    supply = Supply(world)
    short, long = rejected(supply, expires_on=after(3)), rejected(supply, expires_on=after(4))
    with scope(supply.system):
        assert expire(by=supply.system, today=after(3)) == 0, "its last day is a day of its own"
        assert expire(by=supply.system, today=after(4)) == 1
        assert expire(by=supply.system, today=after(4)) == 0, "safe to repeat"
        told = Event.objects.filter(name="scenario.expired").values_list("record_id", flat=True)
        assert list(told) == [short.pk]
    assert [supply.read(each).status for each in (short, long)] == ["EXPIRED", "KEPT"]
    last = supply.versions(short)[-1]
    assert (last.history_change_reason, last.history_user_name) == ("Its time is over.", "Oversight")
    put(world, long, expires_on=after(0) - timedelta(1))
    end_scenarios.apply(kwargs={"tenant": world.acme.pk}, throw=True)
    assert supply.read(long).status == "EXPIRED"


def test_what_can_be_planned_is_adopted_through_the_doors_of_its_records(world: World) -> None:
    supply = Supply(world, line=LINE)
    put(world, supply.fill, earliest_start=after(60))
    supply.cascade()
    lines = [f"START_FREED {supply.fill.number}", f"DURATION {supply.release.number} 6"]
    record = keep(world.omar, supply.programme, "\n".join(lines), title="Fill at once")
    assert act(record, "adopt", world.omar).status == "ADOPTED"
    fill, release = supply.read(supply.fill), supply.read(supply.release)
    assert (fill.earliest_start, release.duration_days) == (None, 6)
    for step in (fill, release):
        last = supply.versions(step)[-1]
        assert last.history_change_reason == f"{record.number}: As agreed in the weekly call"
        assert last.history_user_name == "Omar Haddad"
    with scope(supply.system):
        amended = Event.objects.filter(name="milestone.amended").values_list("record_id", flat=True)
        assert set(amended) == {fill.pk, release.pk}, "the cascade hears of it"
    supply.cascade()
    assert supply.dates()[supply.dosed.pk][1] == after(29), "the slot of that day"


def test_a_slip_of_a_step_to_come_is_planned_as_a_day_before_which_it_does_not_begin(world: World) -> None:
    supply = Supply(world)
    record = keep(world.omar, supply.programme, f"STEP_LATER {supply.fill.number} 7")
    act(record, "adopt", world.omar)
    assert supply.read(supply.fill).earliest_start == after(32)
    supply.cascade()
    assert supply.dates()[supply.dosed.pk][1] == after(36)


def test_another_slot_is_given_back_and_booked(world: World) -> None:
    supply = Supply(world, line=LINE)
    first, booked = supply.slots
    put(world, booked, status="BOOKED", milestone=supply.fill)
    supply.cascade()
    record = keep(world.omar, supply.programme, f"SLOT_TAKEN {supply.fill.number} {first.number}")
    assert record.days == -28
    act(record, "adopt", world.omar)
    assert [(slot.status, slot.milestone_id) for slot in map(supply.read, (first, booked))] == [
        ("BOOKED", supply.fill.pk),
        ("OPEN", None),
    ]


def test_what_the_world_decides_cannot_be_adopted(world: World) -> None:
    supply = Supply(world)
    record = keep(
        world.omar,
        supply.programme,
        f"BATCH_REJECTED {supply.batch.number}\nDURATION {supply.fill.number} 3",
    )
    sentence = f"{supply.batch.number} cannot be adopted: a rejection is the quality unit's decision about the batch."
    with pytest.raises(Refused) as refusal:
        act(record, "adopt", world.omar)
    assert refusal.value.sentences == (sentence,)
    assert sentence in words(page_of(world.omar, f"scenarios/{record.pk}/"))
    begun = keep(world.omar, supply.programme, f"STEP_LATER {supply.make.number} 3")
    with pytest.raises(Refused, match="has begun: whoever does it moves its date"):
        act(begun, "adopt", world.omar)
    assert supply.read(begun).status == "KEPT"
    with scope(world.omar):
        assert not Milestone.history.filter(history_change_reason__startswith="SCN-").exists()


def test_several_stand_beside_each_other(world: World) -> None:
    supply = Supply(world, line=LINE)
    one = rejected(supply)
    lines = f"STEP_LATER {supply.release.number} 40"
    other = keep(world.omar, supply.programme, lines, title="Release takes forty days more")
    path = f"programmes/{supply.programme.pk}/scenarios/compare/"
    page = words(page_of(world.omar, f"{path}?id={one.pk}&id={other.pk}"))
    assert "Steps that differ" in page and "Release takes forty days more on the plan of today" in page
    assert "rejected" in page and "No date" not in page
    assert "Choose two scenarios at least." in words(page_of(world.omar, f"{path}?id={one.pk}"))
    many = "&".join(f"id={rejected(supply).pk}" for _ in range(7))
    assert "Choose no more than 6 scenarios." in words(page_of(world.omar, f"{path}?{many}"))
    assert visitor(world.omar).get(f"/acme/{path}?id={one.pk}&id=999999999").status_code == 404
    act(other, "drop", world.omar)
    page = words(page_of(world.omar, f"{path}?id={one.pk}&id={other.pk}"))
    assert "Release takes forty days more as it was when it was kept" in page


def test_adopting_writes_what_is_not_so_yet_and_says_when_all_of_it_is(world: World) -> None:
    supply = Supply(world)
    days = supply.release.duration_days
    freed = f"START_FREED {supply.fill.number}"  # it has no earliest start: this is so already
    record = keep(world.omar, supply.programme, f"DURATION {supply.release.number} {days + 1}\n{freed}")
    assert act(record, "adopt", world.omar).status == "ADOPTED"
    assert supply.read(supply.release).duration_days == days + 1
    again = keep(world.omar, supply.programme, f"DURATION {supply.release.number} {days + 1}\n{freed}")
    with pytest.raises(Refused, match=SAID_ALREADY):
        act(again, "adopt", world.omar)
    page = visitor(world.omar)
    form = page.get(f"/acme/scenarios/{again.pk}/moves/adopt/").content.decode()
    typed = {"version": form.split('name="version" value="')[1].split('"')[0], "reason": "As agreed"}
    answer = page.post(f"/acme/scenarios/{again.pk}/moves/adopt/", typed)
    assert (answer.status_code, SAID_ALREADY in words(answer.content.decode())) == (409, True)


def test_a_title_that_nobody_gave_says_what_it_came_to_when_it_was_kept(world: World) -> None:
    supply = Supply(world)
    omar, here = visitor(world.omar), f"/acme/programmes/{supply.programme.pk}/"
    page = html.unescape(omar.get(f"{here}?if=DURATION+{supply.release.number}+17").content.decode())
    where = page.split('href="/acme/scenarios/new/?')[1].split('"')[0]
    change_it(supply.release, by=world.omar, duration_days=15)
    supply.cascade()
    form = omar.get(f"/acme/scenarios/new/?{where}").content.decode()
    assert MOVED_ON in words(form)
    asked = dict(parse_qsl(where))
    omar.post("/acme/scenarios/new/", {"programme": asked["programme"], "title": "", "suppositions": asked["if"]})
    with scope(world.omar):
        record = Scenario.objects.get()
    assert (record.title, record.days) == (f"One change, {supply.study.code} +2 d", 2)
