"""The programmes on Today, and the dates that moved until somebody has seen them."""

import re
from datetime import date, timedelta

import pytest
from django.http import HttpResponse
from django.test import Client

from oversight.kernel.access.scope import scope
from oversight.kernel.workflow.writing import perform
from techtransfer.models import ImpactAlert
from techtransfer.workflows.programme import PROGRAMME_WORKFLOW
from tests.cast import World, sign_in, system
from tests.factories.impact_alert import alert
from tests.factories.milestone import put
from tests.factories.programme import plan
from tests.factories.study import study
from tests.portal.moving import Planned, fresh, plan_soon, will_end_later
from tests.web.reading import fold, words

from .test_page import section, today

pytestmark = pytest.mark.django_db
SEEN = "/acme/moved/seen/"


@pytest.fixture
def soon(world: World) -> Planned:
    return plan_soon(world)


def rows(answer: HttpResponse, heading: str) -> list[str]:
    """The lines of a panel in words."""
    return [fold(row) for row in re.findall(r"<li>(.*?)</li>", section(answer, heading), re.S)]


def said(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


def panels(answer: HttpResponse) -> list[str]:
    return re.findall(r'aria-labelledby="(h-[a-z]+)"', answer.content.decode())


def numbers(world: World, soon: Planned) -> tuple[date, date]:
    """The agreed and the forecast first day of the study."""
    found = fresh(world, soon.study)
    return found.baseline_first_patient_in, found.forecast_first_patient_in


def test_a_study_on_its_day_says_so(world: World, client: Client, soon: Planned) -> None:
    agreed, _ = numbers(world, soon)
    page = today(client, world.omar)
    assert rows(page, "h-prog") == [f"ACM-101 Phase 2 ACM-101-2 first patient in {said(agreed)} 0 d 0 days no change"]
    assert "h-moved" not in panels(page)


def test_the_slip_reaches_the_one_who_leads_with_its_cause(world: World, client: Client, soon: Planned) -> None:
    agreed, _ = numbers(world, soon)
    make = will_end_later(world, soon.make, 4, by=world.paul)
    page = today(client, world.omar)
    now = agreed + timedelta(4)
    assert numbers(world, soon) == (agreed, now)
    moved = f"the partner moved it to {said(make.partner_end)}"
    assert rows(page, "h-prog") == [
        f"ACM-101 Phase 2 ACM-101-2 first patient in {said(agreed)} then, now {said(now)}"
        f" {make.number} Make DS-26-014 ({moved}), 4 days +4 d 4 days later"
    ]
    study, own = rows(page, "h-moved")
    assert study.startswith(f"ACM-101-2 starts 4 days later : {make.number} : {moved} IMP-")
    assert f"yours {said(agreed)} then, now {said(now)} ACM-101" in study
    assert own.startswith("2 steps of ACM-101 moved up to 4 days later"), "those that Acme does itself"
    body = section(page, "h-prog")
    assert f'href="/acme/programmes/{soon.programme.pk}/"' in body
    assert f'href="/acme/milestones/{make.pk}/"' in body
    assert f'href="/acme/studies/{soon.study.pk}/"' in body


def test_dates_come_first_for_who_plans_and_stand_beside_for_quality(
    world: World, client: Client, soon: Planned
) -> None:
    will_end_later(world, soon.make, 4, by=world.paul)
    omar, nina = today(client, world.omar), today(Client(), world.nina)
    assert panels(omar) == ["h-moved", "h-prog", "h-decisions", "h-days", "h-waiting", "h-news"]
    assert panels(nina) == ["h-decisions", "h-days", "h-prog", "h-moved", "h-waiting", "h-news"]
    assert "yours" not in rows(nina, "h-moved")[0], "Omar answers for it"


def test_those_that_slip_come_first_and_a_closed_programme_is_gone(world: World, client: Client, soon: Planned) -> None:
    other = plan(world.omar, "Velatinib")
    code = other.product.code
    late = study(world.omar, other, code="ACM-102-1")
    put(
        world,
        late,
        slip_days=20,
        baseline_first_patient_in=date(2027, 5, 1),
        forecast_first_patient_in=date(2027, 5, 21),
    )
    third = study(world.omar, other, code="ACM-102-2")
    page = today(client, world.omar)
    assert rows(page, "h-prog")[0] == (
        f"{code} Phase 2 ACM-102-1 first patient in 1 May 2027 then, now 21 May 2027 , and 1 more study"
        " +20 d 20 days later"
    )
    assert 'data-tone="danger"' in section(page, "h-prog")
    with scope(world.omar):
        for each in (late, third):
            put(world, each, status="VOID")
    assert rows(client.get("/acme/"), "h-prog")[1] == f"{code} Phase 2 No study waits for it yet."
    with scope(world.nina):
        perform(PROGRAMME_WORKFLOW, "void", other.pk, by=world.nina, reason="Twice")
    assert len(rows(client.get("/acme/"), "h-prog")) == 1


def test_an_empty_house_says_what_will_stand_there(world: World, client: Client) -> None:
    page = today(client, world.omar)
    assert "No programme yet When each study starts stands here" in fold(section(page, "h-prog"))
    assert "Study starts slipping 0 of 0" in words(page)


def form(answer: HttpResponse) -> dict[str, str]:
    """What the first button of the panel sends."""
    first = re.search(r"<form.*?</form>", section(answer, "h-moved"), re.S)
    assert first
    return dict(re.findall(r'name="(alert|version)" value="(\d+)"', first[0]))


def test_one_click_says_seen(world: World, client: Client, soon: Planned) -> None:
    will_end_later(world, soon.make, 4, by=world.paul)
    sent = form(today(client, world.omar))
    answer = client.post(SEEN, sent)
    assert (answer.status_code, answer["Location"]) == (302, "/acme/#moved")
    page = client.get("/acme/")
    with scope(world.omar):
        seen = ImpactAlert.objects.get(pk=sent["alert"])
        last = ImpactAlert.history.filter(id=seen.pk).latest("history_id")
    assert (seen.status, last.history_user_name, last.history_change_reason) == ("SEEN", "Omar Haddad", "Seen.")
    assert f"{seen.number} counts as seen." in words(page)
    assert not any("starts" in row for row in rows(page, "h-moved"))
    assert client.post(SEEN, sent).status_code == 302, "a second click does no harm"
    assert versions(world, seen) == 2


def versions(world: World, seen: ImpactAlert) -> int:
    with scope(world.omar):
        return ImpactAlert.history.filter(id=seen.pk).count()


def test_what_moved_on_while_one_looked_is_not_seen(world: World, client: Client, soon: Planned) -> None:
    will_end_later(world, soon.make, 4, by=world.paul)
    sent = form(today(client, world.omar))
    will_end_later(world, soon.make, 3, by=world.paul)
    answer = client.post(SEEN, sent)
    assert answer.status_code == 409
    assert "More moved while you looked. Go back and read what it says now." in words(answer)
    with scope(world.omar):
        standing = ImpactAlert.objects.get(pk=sent["alert"])
    assert (standing.status, standing.title) == ("OPEN", "ACM-101-2 starts 7 days later")


def test_who_only_looks_is_offered_no_button(world: World, client: Client, soon: Planned) -> None:
    will_end_later(world, soon.make, 4, by=world.paul)
    page = today(client, world.vera)
    assert rows(page, "h-moved")[0].startswith("ACM-101-2 starts 4 days later")
    assert "<form" not in section(page, "h-moved")
    with scope(world.vera):
        key = ImpactAlert.objects.visible_to(world.vera).first()
    assert client.post(SEEN, {"alert": key.pk, "version": key.version}).status_code == 403


@pytest.mark.parametrize("sent", [{}, {"alert": "x", "version": "1"}, {"alert": "999999", "version": "1"}])
def test_what_is_no_alert_is_not_there(world: World, client: Client, sent: dict[str, str]) -> None:
    sign_in(client, world.omar)
    assert client.post(SEEN, sent).status_code == 404


def test_connie_reads_no_word_of_orion(world: World, client: Client, soon: Planned) -> None:
    fill = will_end_later(world, soon.fill, 6, by=world.olga, reason="Orion's canary")
    page = today(client, world.connie)
    (line,) = rows(page, "h-prog")
    assert line.endswith(
        "Out of your sight: a record of a partner that is not open to you, 6 days 6 days of float +6 d 6 days later"
    )
    body = page.content.decode()
    assert [word for word in ("Orion", fill.number, fill.title, said(fill.partner_end), "canary") if word in body] == []
    assert "h-moved" not in panels(page), "nothing of Lyra's moved"
    make = will_end_later(world, soon.make, 30, by=world.paul)
    (line,) = rows(client.get("/acme/"), "h-moved")
    assert make.number in line and fill.number not in line and "Fill" not in line


def test_an_alert_of_lyra_whose_cause_is_orion_s_says_no_more_to_connie(world: World, client: Client) -> None:
    fill = plan_soon(world).fill
    told = alert(world.omar, world.lyra, "3 steps of ACM-101 moved up to 26 days later")
    put(world, told, cause_kind=fill._meta.db_table, cause_id=fill.pk, cause_number=fill.number, cause="Orion's canary")
    (line,) = rows(today(client, world.connie), "h-moved")
    assert line.startswith(f"{told.title} : Out of your sight: a record of a partner that is not open to you")
    assert fill.number not in line and "canary" not in line
    assert line.endswith("Lyra Biologics has not seen it yet")
    (line,) = rows(today(Client(), world.nina), "h-moved")
    assert line.startswith(f"{told.title} : {fill.number} : Orion's canary")


def test_the_other_sponsor_sees_nothing(world: World, client: Client, soon: Planned) -> None:
    will_end_later(world, soon.make, 4, by=world.paul)
    page = today(client, world.riva)
    assert "h-moved" not in panels(page)
    assert "ACM-101" not in page.content.decode()


def test_the_navigation_counts_what_nobody_has_seen(world: World, client: Client, soon: Planned) -> None:
    will_end_later(world, soon.make, 4, by=world.paul)
    page = today(client, world.omar).content.decode()
    assert re.search(r'href="/acme/alerts/\?status=OPEN"[^>]*>.*?Impact alerts.*?4', page, re.S)
    with scope(system(world.acme)):
        assert ImpactAlert.objects.filter(status="OPEN").count() == 4
