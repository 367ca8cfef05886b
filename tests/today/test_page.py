"""Today as people read it: sentence, decisions, figures, partners, days, news."""

import html
import re

import pytest
from django.http import HttpResponse
from django.test import Client

from oversight.kernel.access.scope import Actor
from tests.cast import World, sign_in
from tests.factories.deviation import report
from tests.quality.acting import CAUSE, Watch, act, contain
from tests.web.reading import fold, link, words


@pytest.fixture
def reported(world: World, watch: Watch):
    """Paul reports at 14:02; it is 14:10, four minutes past the hour of containment."""
    watch.say(14, 14, 2)
    event = report(world.paul, world.lyra_site)
    watch.say(14, 14, 10)
    return event


def today(client: Client, actor: Actor, query: str = "") -> HttpResponse:
    sign_in(client, actor)
    answer = client.get(f"/{actor.sponsor}/{query}")
    assert answer.status_code == 200
    return answer


def section(answer: HttpResponse, heading: str) -> str:
    """The markup of the panel under that heading."""
    body = answer.content.decode()
    found = re.search(rf'<section class="panel[^>]*aria-labelledby="{heading}">.*?</section>', body, re.S)
    assert found, heading
    return found[0]


def decisions(answer: HttpResponse) -> list[str]:
    """Each row of the decisions, headings too."""
    return [fold(row) for row in re.findall(r"<tr>(.*?)</tr>", section(answer, "h-decisions"), re.S)[1:]]


def figures(answer: HttpResponse) -> list[tuple[str, str]]:
    """Each figure: what it says and where it leads."""
    body = answer.content.decode()
    found = re.findall(r'<a class="figure" href="([^"]*)".*?>(.*?)</a>', body, re.S)
    return [(fold(content), html.unescape(href)) for href, content in found]


def test_the_quality_director_begins_her_day(world: World, client: Client, reported) -> None:
    page = today(client, world.nina)
    assert "<h1>Wednesday 14 January</h1>" in page.content.decode()
    assert "Three decisions wait for you. One is late." in words(page)
    assert decisions(page) == [
        "Late",
        "4 min over containment, 60 min Pressure excursion on the capture column Major DEV-26-0001 Lyra Biologics"
        " Lyra Basel Confirm containment : DEV-26-0001",
        "This week",
        "1 day left acceptance of the report, 1 working day Pressure excursion on the capture column Major DEV-26-0001"
        " Lyra Biologics Lyra Basel Accept report : DEV-26-0001",
        "Next week",
        "5 days left assess notification of health authorities, 3 working days Assess notification of health authorities"
        " Major TSK-26-00002 Lyra Biologics DEV-26-0001 Pressure excursion on the capture column"
        " Mark as done : TSK-26-00002",
    ]
    assert page.content.decode().count("btn--primary") == 2  # of the page, and of the first row
    assert link(page, "Record event") == "/acme/deviations/new/"


def test_each_figure_opens_the_list_that_it_counts(world: World, client: Client, reported) -> None:
    report(world.olga, world.orion_site, severity="CRITICAL")
    act(reported, "accept-report", by=world.nina)
    act(reported, "submit-root-cause", by=world.paul, **CAUSE)
    shown = figures(today(client, world.nina))
    assert shown == [
        ("Clocks under 24 h 2 2 late", "/acme/?whose=mine&due=day#decisions"),
        ("Critical deviations 1 of 2 open", "/acme/deviations/?severity=CRITICAL&status=open"),
        ("Root causes to review 1 sent by partners", "/acme/deviations/?status=ANSWERED"),
        ("Partners late with us 2 oldest 4 min", "/acme/partners/?late=yes"),
    ]
    for said, href in shown:
        number = int(re.search(r"(\d+) ", said.replace("24 h ", ""))[1])
        opened = client.get(href)
        body = opened.content.decode()
        assert body.count('class="cell-lead"') - body.count('data-label="Who acts"') == number, said
