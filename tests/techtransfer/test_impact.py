"""Where the days of a study come from: the API and the page say the same, and no more than each may read."""

import json
import re
from datetime import date
from html import unescape
from itertools import pairwise

import pytest
from django.test import Client

from bench.visits import beyond_transactions, statements
from oversight.kernel.access.scope import Actor, scope
from techtransfer.forecast.impact import OTHER_DAY, UNSEEN_CAUSE, UNSEEN_STEP
from techtransfer.models import Milestone, Study
from tests.api.calling import NEVER, Caller, key_of
from tests.cast import World, sign_in
from tests.factories.deviation import report
from tests.factories.milestone import put
from tests.factories.study import study

from .planning import Planned, filler, hold, lengthen, planned, run, slip

LYRAS, ORIONS = "the partner moved it to 3 Apr 2027", "a second filling is needed"


def ask(found: Planned, actor: Actor, page: str = "impact") -> dict:
    headers = {"Authorization": f"Bearer {key_of(actor)}"}
    answer = Client().get(f"/api/v1/acme/programmes/{found.programme.pk}/{page}/", headers=headers)
    assert answer.status_code == 200, answer.content
    return json.loads(answer.content)


def study_of(found: Planned, actor: Actor) -> dict:
    (only,) = ask(found, actor)["studies"]
    return only


def shown(found: Planned, actor: Actor) -> list[tuple[str, int]]:
    """The chain on the page: the number, or that none is named, and the days."""
    client = Client()
    sign_in(client, actor)
    page = client.get(f"/acme/programmes/{found.programme.pk}/").content.decode()
    panel = page[page.index('<section class="panel lead"') :]
    items = re.findall(r'aria-hidden="true">([+−]\d+) d<.*?class="cell-main"[^>]*>(.*?)</(?:a|span)>', panel, re.DOTALL)
    named = [(re.sub("<[^>]+>", "", unescape(name)), int(days.replace("−", "-"))) for days, name in items]
    return named[: panel[: panel.index("</section>")].count("<li>")]


def test_the_days_of_the_chain_add_up_to_the_slip(world: World) -> None:
    found = planned(world)
    assert study_of(found, world.nina)["chain"] == []
    slip(world, found)
    assert study_of(found, world.nina) == {
        "id": found.study.pk,
        "number": "STU-001",
        "code": "ACM-101-2",
        "baseline": "2027-04-23",
        "forecast": "2027-04-27",
        "slip_days": 4,
        "chain": [
            {
                "record_type": "milestone",
                "record_id": found.make.pk,
                "number": found.make.number,
                "cause": f"Make DS-26-014 ({LYRAS})",
                "days": 4,
            }
        ],
    }


def test_a_hold_leads_back_to_its_deviation(world: World) -> None:
    found = planned(world)
    event = report(world.paul, world.lyra_site, title="Pressure excursion")
    slip(world, found)
    hold(world, found, found.make, event, until=date(2027, 4, 10))
    said = study_of(found, world.nina)
    assert said["forecast"] == "2027-06-02"  # thirty days of work follow the hold
    assert said["slip_days"] == 40 == sum(item["days"] for item in said["chain"])
    kept = [(item["record_type"], item["record_id"], item["number"], item["days"]) for item in said["chain"]]
    assert kept == [
        ("milestone", found.make.pk, found.make.number, 4),
        ("deviation", event.pk, event.number, 36),
    ]


def test_days_that_were_won_back_are_negative(world: World) -> None:
    found = planned(world)
    put(world, found.make, earliest_start=date(2027, 2, 25))
    run(world, found.programme)
    said = study_of(found, world.nina)
    assert (said["slip_days"], [item["days"] for item in said["chain"]]) == (-4, [-4])
    client = Client()
    sign_in(client, world.nina)
    page = client.get(f"/acme/programmes/{found.programme.pk}/").content.decode()
    assert "Where the 4 days won come from" in page
    assert "4 days earlier in all: 23 Apr 2027 (baseline) became 19 Apr 2027." in page


def test_page_and_api_say_the_same(world: World) -> None:
    found = planned(world)
    hold(world, found, found.make, report(world.paul, world.lyra_site), until=date(2027, 4, 10))
    lengthen(world, found, found.fill, 7, ORIONS)
    for actor in (world.nina, world.omar, world.vera, world.connie):
        said = study_of(found, actor)
        assert sum(item["days"] for item in said["chain"]) == said["slip_days"]
        api = [(item["number"] or "Not named", item["days"]) for item in said["chain"]]
        assert shown(found, actor) == api, actor.name


def test_whoever_sees_one_partner_reads_the_days_of_the_other_and_nothing_else(world: World) -> None:
    found = planned(world)
    slip(world, found)
    lengthen(world, found, found.fill, 7, ORIONS)
    everything = study_of(found, world.nina)
    assert [(item["number"], item["days"]) for item in everything["chain"]] == [
        (found.make.number, 4),
        (found.fill.number, 7),
    ]
    said = study_of(found, world.connie)
    assert said["slip_days"] == 11
    assert said["chain"][0] == everything["chain"][0]
    assert said["chain"][1] == {
        "record_type": None,
        "record_id": None,
        "number": None,
        "cause": UNSEEN_CAUSE,
        "days": 7,
    }
    client = Client()
    sign_in(client, world.connie)
    pages = [f"programmes/{found.programme.pk}/", "programmes/", f"studies/{found.study.pk}/"]
    pages += [f"milestones/{found.release.pk}/"]
    text = "".join(unescape(client.get(f"/acme/{page}").content.decode()) for page in pages)
    text += json.dumps([said, ask(found, world.connie, "plan")])
    for canary in ("Fill DP-27-002", "Orion", ORIONS, found.fill.number, "Pack CL-27-01"):
        assert canary not in text, canary
    assert "Not named" in text and UNSEEN_CAUSE in text


def test_a_record_in_sight_does_not_tell_of_the_step_that_is_not(world: World) -> None:
    found = planned(world)
    event = report(world.paul, world.lyra_site)
    hold(world, found, found.fill, event, until=date(2027, 5, 1))
    (item,) = study_of(found, world.connie)["chain"]
    assert (item["number"], item["cause"]) == (event.number, UNSEEN_STEP)


@pytest.mark.parametrize("page", ["impact", "plan"])
def test_to_a_partner_there_are_no_programmes(world: World, page: str) -> None:
    found = planned(world)
    for actor in (world.paul, world.vito, world.olga, world.petra):
        caller = Caller(actor)
        here = caller.get(f"/api/v1/acme/programmes/{found.programme.pk}/{page}/")
        never = caller.get(f"/api/v1/acme/programmes/{NEVER}/{page}/")
        assert (here.status_code, here.content) == (404, never.content)
    rival = Caller(world.riva).get(f"/api/v1/rival/programmes/{found.programme.pk}/{page}/")
    assert rival.status_code == 404


def test_nothing_else_may_be_asked(world: World) -> None:
    found = planned(world)
    path = f"/api/v1/acme/programmes/{found.programme.pk}/impact/"
    caller = Caller(world.nina)
    assert caller.get(f"{path}?study=1").json()["errors"] == {"study": ["There is no such parameter."]}
    assert caller.post(path).status_code == 405


def test_without_an_agreed_day_there_is_no_slip(world: World) -> None:
    found = planned(world)
    put(world, found.study, baseline_first_patient_in=None)
    other = study(world.omar, found.programme, code="ACM-101-3", planned_first_patient_in=date(2027, 5, 1))
    slip(world, found)
    first, second = ask(found, world.nina)["studies"]
    assert (first["code"], first["slip_days"], first["chain"]) == ("ACM-101-2", None, [])
    assert (second["id"], second["baseline"], second["forecast"]) == (other.pk, "2027-05-01", None)
    client = Client()
    sign_in(client, world.nina)
    page = unescape(client.get(f"/acme/programmes/{found.programme.pk}/").content.decode())
    assert "ACM-101-2: no slip to explain yet" in page
    assert "No day was agreed from which to count." in page
    assert "It is not tied to a step of the plan yet." in page


def test_what_became_of_a_study_is_counted_to_the_day(world: World) -> None:
    found = planned(world)
    slip(world, found)
    actual = date(2027, 4, 29)
    values = {"status": Study.Status.RUNNING, "actual_first_patient_in": actual, "forecast_first_patient_in": actual}
    put(world, found.study, **values)
    said = study_of(found, world.nina)
    assert (said["forecast"], said["slip_days"]) == ("2027-04-29", 6)
    assert [(item["cause"], item["days"]) for item in said["chain"]][1:] == [(OTHER_DAY, 2)]


def test_a_plan_without_a_forecast_says_why(world: World) -> None:
    found = planned(world)
    put(world, found.programme, forecast_problem="These steps wait for each other: MS-00001 → MS-00002 → MS-00001.")
    assert ask(found, world.nina)["problem"].startswith("These steps wait for each other")
    assert ask(found, world.nina, "plan")["problem"].startswith("These steps wait for each other")
    client = Client()
    sign_in(client, world.nina)
    page = unescape(client.get(f"/acme/programmes/{found.programme.pk}/").content.decode())
    assert "<b>There is no forecast.</b> These steps wait for each other" in page


def test_the_plan_has_every_step_and_what_waits_for_what(world: World) -> None:
    found = planned(world)
    slip(world, found)
    said = ask(found, world.nina, "plan")
    with scope(world.nina):
        dates = {step.pk: step.forecast_end.isoformat() for step in Milestone.objects.filter(programme=found.programme)}
    assert {step["id"]: step["forecast_end"] for step in said["steps"]} == dates
    make, release = said["steps"][:2]
    assert (make["slip_days"], make["is_critical"], make["driven_by"]) == (4, True, None)
    assert (release["driver"], release["driven_by"], release["cdmo"]) == ("link", make["id"], world.lyra.pk)
    ends = [(link["predecessor"], link["successor"], link["type"]) for link in said["links"]]
    chain = [found.make, found.release, found.fill, found.pack, found.start]
    assert ends == [(a.pk, b.pk, "FS") for a, b in pairwise(chain)]
    narrowed = ask(found, world.connie, "plan")
    assert [step["id"] for step in narrowed["steps"]] == [found.make.pk, found.release.pk]
    assert [(link["predecessor"], link["successor"]) for link in narrowed["links"]][:2] == [
        (found.make.pk, found.release.pk),
        (found.release.pk, None),
    ]


@pytest.mark.parametrize("page", ["impact", "plan"])
def test_the_answer_costs_the_same_whatever_the_size(world: World, page: str) -> None:
    found = planned(world)
    slip(world, found)
    path, caller = f"/api/v1/acme/programmes/{found.programme.pk}/{page}/", Caller(world.nina)

    def asked() -> int:
        return len(beyond_transactions(statements(lambda: caller.get(path))))

    few = asked()
    filler(world, found.programme, 200)
    assert asked() == few == 6  # the door, the key, the programme, two for the answer, the scope forgotten
