"""Programmes and studies: led by a person, closed for a reason, voided only without open steps."""

from dataclasses import replace
from datetime import date

import pytest
from django.http import QueryDict
from django.test import Client

from oversight.kernel.access.scope import scope
from oversight.kernel.records.listing import read_listing
from oversight.kernel.workflow.definition import OF_ALL
from oversight.kernel.workflow.refusals import NotAllowed
from techtransfer.models import Programme
from techtransfer.records import PROGRAMME
from tests.cast import World, sign_in
from tests.factories.milestone import put, step
from tests.factories.product import develop
from tests.factories.programme import plan
from tests.factories.study import study

from .acting import act, look, told, unmet


def test_whoever_opens_a_programme_leads_it_until_somebody_else_does(world: World) -> None:
    record = plan(world.omar)
    assert (record.number, record.owner_name) == ("PRG-001", "Omar Haddad")
    assert unmet(lambda: act(record, "take", by=world.omar)) == ("You lead it already.",)
    assert act(record, "take", by=world.nina).owner_name == "Nina Berg"


def test_a_programme_with_open_steps_is_not_voided(world: World) -> None:
    record = plan(world.omar)
    one = step(world.omar, world.lyra_site, record)
    sentence = "It has open steps: finish or void them first."
    assert unmet(lambda: act(record, "void", by=world.omar, reason="Double")) == (sentence,)
    with scope(world.omar):
        [listed] = Programme.objects.visible_to(world.omar).prefetch_related(*PROGRAMME.prefetch)
        assert listed.open_steps is True
    assert act(record, "close", by=world.omar, reason="Sold").status == "CLOSED"
    assert act(record, "reopen", by=world.omar, reason="Not sold").status == "ACTIVE"
    act(one, "void", by=world.omar, reason="Double")
    assert act(record, "void", by=world.omar, reason="Double").status == "VOID"


def test_who_sees_some_partners_only_does_not_void_a_programme(world: World) -> None:
    record = plan(world.omar)
    step(world.omar, world.orion_site, record)
    connie = replace(world.connie, role="cmc_lead")
    assert unmet(lambda: act(record, "void", by=connie, reason="Double")) == (OF_ALL,)


def test_a_code_stands_for_one_product(world: World) -> None:
    first = develop(world.omar)
    assert told(lambda: develop(world.omar, code=first.code)) == {"__all__": ["Another product has this code already."]}
    assert told(lambda: develop(world.omar, code="mrf 101")) == {
        "code": ["Capitals, digits and hyphens, 2 to 20 of them: MRF-101."]
    }


def test_a_study_starts_on_a_step_of_its_own_programme(world: World) -> None:
    programme = plan(world.omar)
    elsewhere = step(world.omar, title="First patient in elsewhere", duration_days=0)
    assert told(lambda: study(world.omar, programme, first_patient_in=elsewhere)) == {
        "first_patient_in": ["This step is another programme's. Choose one of its own."]
    }
    act(programme, "close", by=world.omar, reason="Sold")
    assert told(lambda: study(world.omar, programme)) == {"programme": ["This programme is closed. Reopen it first."]}


def test_the_first_patient_ends_the_forecast(world: World) -> None:
    record = study(world.omar, planned_first_patient_in=date(2026, 6, 1))
    put(world, record, forecast_first_patient_in=date(2026, 6, 20))
    assert told(lambda: act(record, "start", by=world.omar)) == {"actual_first_patient_in": ["Fill this in."]}
    assert told(lambda: act(record, "start", by=world.omar, actual_first_patient_in=date(2999, 1, 1))) == {
        "actual_first_patient_in": ["This lies in the future. Enter what has happened."]
    }
    begun = act(record, "start", by=world.omar, actual_first_patient_in=date(2026, 6, 27))
    assert (begun.status, begun.forecast_first_patient_in, begun.slip_days) == ("RUNNING", date(2026, 6, 27), 26)
    assert act(record, "close", by=world.omar, reason="Read out").status == "CLOSED"


def test_slip_is_read_in_words_and_days_as_days(world: World, client: Client) -> None:
    record = study(world.omar)
    put(world, record, forecast_first_patient_in=date(2027, 4, 2), slip_days=26, float_days=-4)
    sign_in(client, world.vera)
    body = client.get("/acme/studies/").content.decode()
    assert "+26 d" in body
    assert "2 Apr 2027" in body


def test_the_navigation_leads_to_what_is_listed(world: World, client: Client) -> None:
    sign_in(client, world.omar)
    body = client.get("/acme/").content.decode()
    nav = body[body.index("<nav") : body.index("</nav>")]
    for slug in ("programmes", "milestones", "alerts"):
        assert f'href="/acme/{slug}/' in nav, slug
    for slug in ("products", "studies", "dependencies", "baselines", "slots", "closures"):
        assert f'href="/acme/{slug}/' not in nav, slug
    client.post("/accounts/logout/")
    sign_in(client, world.paul)
    body = client.get("/portal/acme/").content.decode()
    nav = body[body.index("<nav") : body.index("</nav>")]
    for slug in ("milestones", "alerts", "slots", "closures"):
        assert f'href="/portal/acme/{slug}/' in nav, slug
    assert "programmes" not in nav


def test_supply_plans_and_a_viewer_does_not(world: World) -> None:
    supply = replace(world.omar, role="supply")
    record = plan(supply)
    with pytest.raises(NotAllowed):
        plan(world.vera, product=record.product)
    with pytest.raises(NotAllowed):
        plan(world.nina, product=record.product)
    with scope(world.vera):
        assert read_listing(PROGRAMME, world.vera, QueryDict("market_eu=yes")).total == 1
        assert read_listing(PROGRAMME, world.vera, QueryDict("markets=market_jp")).total == 0
    assert look(record, world.vera).title == record.title
