"""The drawn plan on the page of its programme: for whom, which period, what is folded."""

import re
from datetime import date
from html import unescape
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring

from tests.cast import World
from tests.factories.milestone import put
from tests.factories.programme import plan

from .planning import filler, planned, run, slip
from .reading import page_of, panel, visitor, words


def drawing(page: str) -> Element:
    found = re.search(r'<svg class="chart gantt".*?</svg>\s*(?=</div>)', page, re.DOTALL)
    assert found
    return fromstring(found[0])


def names(page: str) -> list[str]:
    section = panel(page, "h-plan")
    labels = section[section.index("<ol") : section.index("</ol>")]
    return [words(each) for each in re.findall(r"<li.*?</li>", labels, re.DOTALL)]


def marked(svg: Element, name: str) -> int:
    return sum(name in each.get("class", "").split() for each in svg.iter())


def href(page: str, text: str) -> str:
    found = re.search(rf'href="([^"]*)"[^>]*>(?:\s*<[^>]+>)*\s*{text}<', panel(page, "h-plan"))
    assert found, text
    return unescape(found[1]).removesuffix("#plan")


def test_lanes_steps_and_arrows_are_those_of_the_plan(world: World) -> None:
    found = planned(world)
    slip(world, found)
    page = page_of(world.vera, f"programmes/{found.programme.pk}/?period=all")
    assert names(page) == [
        "Drug substance , fold 2 steps Lyra Biologics, Lyra Basel",
        "Make DS-26-014 planned",
        "Release DS-26-014 planned",
        "Drug product , fold 1 step Orion Fill, Orion Graz",
        "Fill DP-27-002 planned",
        "Clinical supply , fold 1 step Acme Therapeutics",
        "Pack CL-27-01 planned",
        "Study , fold 1 step Acme Therapeutics",
        "First patient in planned",
    ]
    svg = drawing(page)
    assert [marked(svg, name) for name in ("bar--crit", "ms--crit", "base-fill", "ms-base", "link--crit")] == [
        4,
        1,
        4,
        1,
        4,
    ]
    assert [each.text for each in svg.iter() if "slip-text" in each.get("class", "").split()] == ["+4 d"] * 5


def test_a_lane_is_folded_and_opened_by_its_name(world: World) -> None:
    found = planned(world)
    client, path = visitor(world.vera), f"/acme/programmes/{found.programme.pk}/"
    page = client.get(path, {"period": "all"}).content.decode()
    folded = client.get(path + href(page, "Drug product")).content.decode()
    assert "Drug product , show 1 step Orion Fill, Orion Graz" in names(folded)
    assert "Fill DP-27-002 planned" not in names(folded)
    assert marked(drawing(folded), "link--crit") == 4
    again = client.get(path + href(folded, "Drug product")).content.decode()
    assert names(again) == names(page)
    shut = client.get(path + href(again, "Fold all")).content.decode()
    assert len(names(shut)) == 4
    assert names(client.get(path + href(shut, "Open all")).content.decode()) == names(page)


def test_the_period_is_chosen_and_moved(world: World) -> None:
    found = planned(world)
    client, path = visitor(world.vera), f"/acme/programmes/{found.programme.pk}/"
    page = client.get(path, {"period": "3m", "since": "2027-03-01", "shut": ""}).content.decode()
    section = panel(page, "h-plan")
    assert re.findall(r'aria-current="true">([^<]+)<', section) == ["3 months"]
    assert [each.text for each in drawing(page).iter("text")][:3] == ["Mar 2027", "Apr", "May"]
    later = re.search(r'href="([^"]+)" aria-label="Later"', section)
    assert later
    assert "since=2027-06-01" in later[1]
    assert "shut=" in later[1]
    gone = client.get(path + unescape(later[1]).removesuffix("#plan")).content.decode()
    assert "5 steps lie outside this period" in words(panel(gone, "h-plan"))


def test_an_address_that_makes_no_sense_shows_the_plan_all_the_same(world: World) -> None:
    found = planned(world)
    client, path = visitor(world.vera), f"/acme/programmes/{found.programme.pk}/"
    for asked in (
        "period=century",
        "period=3m&since=9999-12-31",
        "period=3m&since=never",
        "shut=%00,<b>",
        "shut=DS.0.0",
    ):
        answer = client.get(f"{path}?{asked}")
        assert (asked, answer.status_code) == (asked, 200)
        assert drawing(answer.content.decode()).tag == "svg"
    empty = page_of(world.vera, f"programmes/{plan(world.omar).pk}/")
    assert 'id="plan"' not in empty


def test_of_many_steps_lanes_are_folded_until_the_rest_is_legible(world: World) -> None:
    found = planned(world)
    filler(world, found.programme, 300)
    run(world, found.programme)
    page = page_of(world.omar, f"programmes/{found.programme.pk}/")
    shown = names(page)
    assert len(shown) <= 34  # thirty rows and the heads of the lanes
    assert "Study , fold 1 step Acme Therapeutics" in shown
    assert any("show 152 steps" in each for each in shown)


def test_who_sees_some_cdmos_alone_is_drawn_their_steps(world: World) -> None:
    found = planned(world)
    put(world, found.fill, title="Fill at Orion's secret line")
    page = page_of(world.connie, f"programmes/{found.programme.pk}/?period=all")
    section = panel(page, "h-plan")
    assert ("Make DS-26-014" in section, "Orion" in section) == (True, False)
    assert marked(drawing(page), "link") == 1


def test_a_day_of_long_ago_is_refused_and_one_that_stands_is_drawn(world: World) -> None:
    found = planned(world)
    client = visitor(world.paul)
    path, version = f"/portal/acme/milestones/{found.make.pk}/moves/start/", put(world, found.make).version
    answer = client.post(path, {"actual_start": "0001-01-01", "version": str(version), "reason": "Begun"})
    assert answer.status_code == 422
    assert "That is before 1990. Check the year." in answer.content.decode()
    put(world, found.make, status="IN_PROGRESS", actual_start=date(1, 1, 1))
    run(world, found.programme)
    for asked in ("", "?period=all"):
        assert drawing(page_of(world.omar, f"programmes/{found.programme.pk}/{asked}")).tag == "svg"
