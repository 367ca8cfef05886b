"""A partner says how far its steps are, where it is asked."""

from datetime import timedelta

import pytest
from django.test import Client

from oversight.kernel.access.scope import scope
from oversight.kernel.records.words import day_in_words
from techtransfer.models import CheckIn, Milestone
from tests.cast import World, sign_in, today_there
from tests.factories.milestone import put
from tests.portal.test_dates import panel
from tests.techtransfer.acting import told
from tests.web.reading import beside, fold, words

from .scene import ago, say, under_way

pytestmark = pytest.mark.django_db
HOME = "/portal/acme/"
NEW = f"{HOME}check-ins/new/"


@pytest.fixture
def paul(world: World, client: Client) -> Client:
    sign_in(client, world.paul)
    return client


def begun(world: World, days: int) -> Milestone:
    """A step under way for so many days where it is done."""
    return put(world, under_way(world, days), actual_start=today_there() - timedelta(days - 1))


def asked(client: Client) -> str:
    return fold(panel(client, "h-check-ins"))


def answer(client: Client, of: object, **values: str) -> object:
    return client.post(NEW, {"milestone": str(of.pk), "from": "home", "expected_end": "", "remark": ""} | values)


def test_a_step_is_asked_for_two_weeks_after_it_began_and_after_each_word(world: World, paul: Client) -> None:
    make = begun(world, 12)  # it began eleven days ago: asked for in three days
    assert asked(paul) == ""
    late, due = begun(world, 25), today_there() - timedelta(10)
    assert f"10 days late {due:%a} {due.day} {due:%b} Make the substance {late.number}" in asked(paul)
    assert "No check-in yet; it is to end on" in asked(paul)
    assert make.number not in asked(paul)
    reply = answer(paul, late, percent="55")
    assert (reply.status_code, reply["Location"]) == (302, f"{HOME}#check-ins")
    assert asked(paul) == ""
    with scope(world.paul):
        noted = CheckIn.objects.get(milestone=late)
    assert (noted.percent, noted.as_of, noted.expected_end, noted.on_behalf, noted.cdmo_id) == (
        55, today_there(), None, False, world.lyra.pk,
    )  # fmt: skip
    assert "Check-in" in words(paul.get(f"{HOME}milestones/{late.pk}/"))


def test_the_inbox_over_all_sponsors_leads_to_what_is_asked(world: World, paul: Client) -> None:
    late = under_way(world, 25)
    assert "Acme Therapeutics" in (line := fold(panel(paul, "h-check-ins", "/portal/"))) and late.number in line
    page = paul.get("/portal/").content.decode()
    assert f'href="{HOME}#check-ins"' in page and "1 check-in due" in fold(page)
    answer(paul, late, percent="55")
    assert panel(paul, "h-check-ins", "/portal/") == ""


def test_a_second_word_of_one_day_is_refused_beside_the_day(world: World, paul: Client) -> None:
    late = under_way(world, 25)
    answer(paul, late, percent="55")
    reply = answer(paul, late, percent="60", **{"from": ""})
    assert (reply.status_code, beside(reply, "as_of")) == (
        422, "This step has a check-in of that day already. Amend that one.",
    )  # fmt: skip


def test_it_is_answered_in_place_with_an_end_and_a_remark(world: World, paul: Client) -> None:
    make = under_way(world, 20)
    end = make.planned_end + timedelta(5)
    answer(paul, make, percent="40", expected_end=end.isoformat(), remark="One column is down")
    page = words(paul.get(f"{HOME}milestones/{make.pk}/"))
    assert f"40 % {day_in_words(end)} One column is down" in page


def test_less_than_before_needs_a_word(world: World, paul: Client) -> None:
    make = under_way(world, 30)
    before = say(world.paul, make, 60, 10)
    reply = answer(paul, make, percent="50")
    assert reply.status_code == 422
    assert beside(reply, "remark") == f"It was {before}. Say why it is less now."
    assert answer(paul, make, percent="50", remark="A run is repeated").status_code == 302


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"percent": "101"}, "percent", "Enter a whole number from 0 to 100."),
        ({"percent": "-1"}, "percent", "Enter a whole number from 0 to 100."),
        (
            {"percent": "40", "as_of": "2999-01-01"},
            "as_of",
            "This lies in the future. Enter the day for which it holds.",
        ),
        ({"percent": "40", "expected_end": "2020-01-01"}, "expected_end", "It lies before the day of the check-in."),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(
    world: World, paul: Client, typed: dict[str, str], field: str, sentence: str
) -> None:
    make = under_way(world, 20)
    reply = answer(paul, make, **typed)
    assert (reply.status_code, beside(reply, field)) == (422, sentence)
    with scope(world.paul):
        assert not CheckIn.objects.exists()


def test_a_day_before_the_step_began_and_a_second_word_of_one_day_are_refused(world: World) -> None:
    make = under_way(world, 20)
    began = day_in_words(ago(19))
    assert told(lambda: say(world.paul, make, 10, 0)) == {
        "as_of": [f"The step began on {began}. Enter a day from then on."]
    }
    say(world.paul, make, 10, 5)
    assert told(lambda: say(world.paul, make, 20, 5)) == {
        "__all__": ["This step has a check-in of that day already. Amend that one."]
    }


def test_the_sponsor_notes_one_for_a_partner_by_saying_from_whom(world: World) -> None:
    make = under_way(world, 20)
    assert told(lambda: say(world.omar, make, 30, 10)) == {
        "remark": ["Say from whom you have it: the step is the partner's."]
    }
    noted = say(world.omar, make, 30, 10, remark="Paul on the phone")
    assert (noted.on_behalf, noted.cdmo_id) == (True, world.lyra.pk)


def test_a_partner_says_nothing_of_another_s_step(world: World, client: Client) -> None:
    make = under_way(world, 20)
    mine = say(world.paul, make, 30, 10)
    sign_in(client, world.olga)
    assert asked(client) == ""
    assert answer(client, make, percent="90").status_code == 422
    for page in ("", "history/", "amend/"):
        assert client.get(f"{HOME}check-ins/{mine.pk}/{page}").status_code == 404
    assert mine.number not in client.get(f"{HOME}check-ins/").content.decode()
    with scope(world.paul):
        assert CheckIn.objects.count() == 1


def test_who_only_reads_is_asked_nothing(world: World, client: Client) -> None:
    under_way(world, 30)
    sign_in(client, world.vito)
    assert asked(client) == ""
