"""Today as people read it: sentence, decisions, figures, partners, days, news."""

import html
import re
from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from oversight.kernel.access.scope import Actor, scope
from oversight.kernel.comments.saying import say
from oversight.web.today.models import Visit
from tests.cast import World, sign_in
from tests.factories.deviation import report
from tests.quality.acting import CAUSE, Watch, act
from tests.web.reading import fold, link, words


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
        "5 days left response task, 3 working days Assess notification of health authorities"
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


def test_the_choice_of_whose_work_stands_in_the_address(world: World, client: Client, reported) -> None:
    act(reported, "accept-report", by=world.nina)
    mine = today(client, world.omar)
    assert "One decision waits for you." in words(mine)
    assert re.findall(r'<a class="btn"[^>]*href="(\?whose=\w+)">([^<]*)', mine.content.decode()) == [
        ("?whose=mine", "Mine"),
        ("?whose=team", "CMC team"),
        ("?whose=everyone", "Everyone"),
    ]
    everyone = client.get("/acme/?whose=everyone")
    assert "Two decisions wait for Acme Therapeutics. One is late." in words(everyone)
    assert '<a class="btn" aria-current="true" href="?whose=everyone">' in everyone.content.decode()
    soon = client.get("/acme/?whose=everyone&due=day")
    assert [row.split(" containment")[0] for row in decisions(soon)] == ["Late", "4 min over"]
    assert "Nothing runs out within the next 24 hours." in words(client.get("/acme/?whose=mine&due=day"))
    assert "One decision waits for you." in words(client.get("/acme/?whose=<script>"))


@pytest.mark.parametrize("who", ["vera", "adam"])
def test_whoever_decides_nothing_is_told_so_and_sees_the_rest(world: World, client: Client, reported, who: str) -> None:
    actor = getattr(world, who)
    page = today(client, actor)
    assert "Three decisions wait for Acme Therapeutics. One is late." in words(page)
    assert '<a class="btn btn--sm' not in section(page, "h-decisions")
    assert link(page, "Record event") is None
    own = client.get("/acme/?whose=mine")
    assert "Nothing waits for you. Your role decides nothing here." in words(own)
    assert "Your role decides nothing here. Everyone shows what waits for others." in section(own, "h-decisions")


def test_an_empty_house_says_so_in_every_panel(world: World, client: Client) -> None:
    page = words(today(client, world.nina))
    for sentence in (
        "Nothing waits for you.",
        "Nothing to decide",
        "What partners report stands here at once, with its clock.",
        "No partner owes you anything",
        "No clock runs out within 14 days.",
        "Nobody has reported anything yet.",
    ):
        assert sentence in page
    assert figures(client.get("/acme/"))[0] == (
        "Clocks under 24 h 0 nothing runs out",
        "/acme/?whose=mine&due=day#decisions",
    )


def test_what_is_due_in_the_next_14_days_stands_by_day(world: World, client: Client, reported) -> None:
    report(world.olga, world.orion_site)
    rows = re.findall(r"<tr>(.*?)</tr>", section(today(client, world.nina), "h-days"), re.S)[1:]
    assert [fold(row) for row in rows] == [
        "Wed 14 Jan Halt further processing TSK-26-00001 Halt further processing TSK-26-00003"
        " Lyra Biologics, Orion Fill 2 for partners",
        "Thu 15 Jan Acceptance of the report DEV-26-0001 Acceptance of the report DEV-26-0002"
        " Lyra Biologics, Orion Fill 2 for us",
        "Mon 19 Jan Assess notification of health authorities TSK-26-00002"
        " Assess notification of health authorities TSK-26-00004 Lyra Biologics, Orion Fill 2 for us",
    ]


def news(answer: HttpResponse) -> tuple[str, list[str]]:
    """The heading and the lines of what others did."""
    found = section(answer, "h-news")
    heading = re.search(r"<h2[^>]*>(.*?)</h2>", found)
    assert heading
    return fold(heading[1]), [fold(line) for line in re.findall(r"<li>(.*?)</li>", found, re.S)]


def looked(actor: Actor, ago: timedelta) -> None:
    """Her last look was so long ago."""
    with scope(actor):
        Visit.objects.visible_to(actor).update(seen_at=timezone.now() - ago)


def test_what_others_did_since_the_last_visit(world: World, client: Client) -> None:
    event, excursion = report(world.paul, world.lyra_site), "Pressure excursion on the capture column"
    told = f"Paul Keller of Lyra Biologics AG reported DEV-26-0001 as major {excursion} "
    heading, lines = news(today(client, world.nina))
    assert (heading, [line.removeprefix(told)[6:] for line in lines]) == ("Latest", [" less than a minute ago"])

    # Looking again soon is the same visit; an hour later it is the next one.
    looked(world.nina, timedelta(minutes=29))
    assert news(client.get("/acme/"))[0] == "Latest"
    looked(world.nina, timedelta(minutes=31))
    heading, lines = news(client.get("/acme/"))
    assert heading.startswith("Since ") and len(lines) == 1
    assert news(client.get("/acme/"))[0] == heading

    act(event, "accept-report", by=world.nina)
    act(event, "submit-root-cause", by=world.paul, **CAUSE)
    with scope(world.paul):
        say(event, text="The frit was photographed.", by=world.paul, shared=True)
    with scope(world.omar):
        say(event, text="Internal: is the batch lost?", by=world.omar, shared=False)
    lines = [line.partition(f" {excursion}")[0] for line in news(client.get("/acme/"))[1]]
    assert lines == [
        "Omar Haddad wrote about DEV-26-0001",
        "Paul Keller of Lyra Biologics AG wrote about DEV-26-0001",
        "Paul Keller of Lyra Biologics AG sent the root cause of DEV-26-0001",
        "Paul Keller of Lyra Biologics AG reported DEV-26-0001 as major",
    ]


def test_the_feed_is_cut(world: World, client: Client) -> None:
    for _ in range(9):
        report(world.paul, world.lyra_site)
    assert len(news(today(client, world.nina))[1]) == 8


def test_nobody_reads_of_another_s_events(world: World, client: Client, watch: Watch, reported) -> None:
    report(world.olga, world.orion_site, title="Orion's canary")
    report(world.riva, world.foreign_site, world.foreign, title="Rival's canary")
    with scope(world.nina):
        say(reported, text="Talk", by=world.nina, shared=False)
    page = today(client, world.connie, "?whose=everyone").content.decode()
    assert "canary" not in page and "Orion" not in page and "Rival" not in page
    assert len(news(client.get("/acme/"))[1]) == 2
    rival = today(Client(), world.riva, "?whose=everyone").content.decode()
    assert "Lyra Basel" not in rival and "Orion" not in rival and "Talk" not in rival and "Rival&#x27;s canary" in rival


def test_the_navigation_says_how_much(world: World, client: Client, reported) -> None:
    page = today(client, world.nina).content.decode()
    nav = re.search(r'<nav class="nav" aria-label="Main">.*?</nav>', page, re.S)
    assert nav
    shown = [fold(entry) for entry in re.findall(r"<a .*?</a>", nav[0], re.S)]
    assert [entry for entry in shown if any(sign.isdigit() for sign in entry)] == [
        "Today 3 waiting for you, some within 24 hours",
        "Deviations 1 open",
        "Response tasks 2 open",
    ]
    assert '<span class="count" data-tone="danger">3' in nav[0]
    # The same beside a list, from one statement of its own.
    other = client.get("/acme/cdmos/").content.decode()
    assert '<span class="count" data-tone="danger">3' in other
    paul = Client()
    sign_in(paul, world.paul)
    assert "To do 3 waiting for your site, some within 24 hours" in words(paul.get("/portal/acme/deviations/"))
