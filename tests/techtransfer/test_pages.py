"""The page and the list of programmes: what stands on them, for whom, and what they cost."""

import re
import time
from datetime import date
from html import unescape
from statistics import median

import pytest
from django.test import Client

from bench.visits import beyond_transactions, statements
from oversight.kernel.access.scope import scope
from oversight.kernel.records.models import Export
from techtransfer.models import ImpactAlert, Milestone
from tests.cast import World, sign_in
from tests.factories.baseline import propose
from tests.factories.closure import close
from tests.factories.deviation import report
from tests.factories.milestone import put, step
from tests.factories.programme import plan
from tests.factories.slot import slot
from tests.factories.study import study

from .planning import FIRST, Planned, filler, hold, planned, run, slip, tie
from .reading import figures, page_of, panel, rows, visitor, words


def test_the_page_of_a_programme_says_where_it_stands(world: World) -> None:
    found = planned(world)
    slip(world, found)
    page = page_of(world.omar, f"programmes/{found.programme.pk}/")
    code = found.programme.product.code
    head = words(page[page.index("<h1>") : page.index("</p>", page.index("<h1>"))])
    assert head == (
        f"Maritumab to phase 2 {code}, Maritumab. Monoclonal antibody, phase 2, study ACM-101-2 . "
        "No baseline is approved yet."
    )
    assert figures(page) == [
        "First patient in 27 Apr 2027 +4 d 4 days later",
        "Steps on hold 0 nothing stands still",
        "Steps done 0 of 5",
    ]


def test_a_link_from_a_programme_offers_its_own_steps_alone(world: World) -> None:
    found, other = planned(world), plan(world.omar, title="Another programme")
    step(world.omar, world.lyra_site, programme=other, title="Step of the other")
    client = visitor(world.omar)
    for path, each in (("dependencies", 2), ("studies", 1)):
        mine = client.get(f"/acme/{path}/new/?programme={found.programme.pk}").content.decode()
        assert (mine.count("Make DS-26-014</option>"), mine.count("Step of the other</option>")) == (each, 0)
        all_of_them = client.get(f"/acme/{path}/new/?programme=none").content.decode()
        assert all_of_them.count("Step of the other</option>") == each


def test_the_table_groups_steps_by_stage_and_site_and_says_what_drives_each(world: World) -> None:
    found = planned(world)
    slip(world, found)
    section = panel(page_of(world.vera, f"programmes/{found.programme.pk}/"), "h-dates")
    groups = [words(each) for each in re.findall(r'<th class="row-head".*?</th>', section, re.DOTALL)]
    assert groups == [
        "Drug substance Lyra Biologics, Lyra Basel",
        "Drug product Orion Fill, Orion Graz",
        "Clinical supply Acme Therapeutics",
        "Study Acme Therapeutics",
    ]
    lyra, orion, acme = "Lyra Biologics", "Orion Fill", "Acme Therapeutics"
    assert [[*row[:4], row[6]] for row in rows(section)] == [
        ["Make DS-26-014 on the critical path", lyra, "30 Mar 2027", "3 Apr 2027", "date given, 3 Apr 2027"],
        ["Release DS-26-014 on the critical path", lyra, "9 Apr 2027", "13 Apr 2027", "after Make DS-26-014"],
        ["Fill DP-27-002 on the critical path", orion, "14 Apr 2027", "18 Apr 2027", "after Release DS-26-014"],
        ["Pack CL-27-01 on the critical path", acme, "22 Apr 2027", "26 Apr 2027", "after Fill DP-27-002"],
        ["First patient in on the critical path", acme, "23 Apr 2027", "27 Apr 2027", "after Pack CL-27-01"],
    ]
    assert {tuple(row[4:6]) for row in rows(section)} == {("+4 d 4 days later", "0 d")}


def test_a_hold_and_a_warning_stand_with_their_step(world: World) -> None:
    found = planned(world)
    event = report(world.paul, world.lyra_site, title="Pressure excursion")
    put(world, found.make, need_by=date(2027, 4, 1), batch_number="DS-26-014")
    hold(world, found, found.make, event, until=date(2027, 4, 10))
    page = page_of(world.nina, f"programmes/{found.programme.pk}/")
    first = rows(panel(page, "h-dates"))[0]
    assert first[0] == (
        "Make DS-26-014 on the critical path DS-26-014 On hold It is needed by 1 Apr 2027: 38 days late."
    )
    assert first[-1] == f"hold {event.number}"
    assert f'<a href="/acme/deviations/{event.pk}/">{event.number}</a>' in panel(page, "h-dates")
    assert f"Steps on hold 1 {event.number}" in figures(page)


@pytest.mark.parametrize(
    ("values", "driver"),
    [
        ({"earliest_start": date(2027, 5, 3)}, "not before 3 May 2027"),
        ({"earliest_start": None, "again_from": date(2027, 5, 3)}, "made again, not before 3 May 2027"),
        ({"earliest_start": None, "partner_end": date(2027, 6, 1)}, "date given, 1 Jun 2027"),
        ({"earliest_start": None}, "today"),
        (
            {"status": "IN_PROGRESS", "actual_start": date(2026, 11, 2), "partner_end": date(2027, 6, 1)},
            "under way since 2 Nov 2026",
        ),
        (
            {"status": "DONE", "actual_start": date(2026, 11, 2), "actual_end": date(2026, 11, 20)},
            "happened",
        ),
    ],
)
def test_each_driver_has_its_words(world: World, values: dict, driver: str) -> None:
    found = planned(world)
    put(world, found.make, **values)
    run(world, found.programme)
    lines = rows(panel(page_of(world.nina, f"programmes/{found.programme.pk}/"), "h-dates"))
    assert next(line[-1] for line in lines if line[0].startswith("Make")) == driver


def test_what_belongs_to_a_programme_stands_on_its_page(world: World) -> None:
    found = planned(world)
    put(world, found.fill, line="Line 2")
    with scope(world.omar):
        tie(world, found.make, found.pack, link="SS", lag_days=45, lag_unit="WORKING", note="Labels")
    offered = slot(world.olga, world.orion_site)
    slot(world.olga, world.orion_site, line="Line 9")
    shut = close(world.paul, world.lyra_site, starts_on=date(2027, 3, 8), ends_on=date(2027, 3, 10))
    proposed = propose(world.omar, found.programme, title="Baseline 4")
    page = page_of(world.omar, f"programmes/{found.programme.pk}/")
    assert "after Make DS-26-014 FS" in words(panel(page, "h-links"))
    assert "Pack CL-27-01 from the start of Make DS-26-014 Labels SS +45 d, working days" in words(
        panel(page, "h-links")
    )
    calendar = panel(page, "h-slots")
    assert f"/acme/slots/{offered.pk}/" in calendar and "Line 9" not in calendar
    assert f"/acme/closures/{shut.pk}/" in calendar
    assert f"/acme/baselines/{proposed.pk}/" in panel(page, "h-baselines")
    assert f"/acme/studies/{found.study.pk}/" in panel(page, "h-studies")
    here = f"?programme={found.programme.pk}"
    for kind in ("milestones", "dependencies", "studies", "baselines", "batches"):
        assert f'href="/acme/{kind}/new/{here}"' in page, kind
    new = visitor(world.omar).get(f"/acme/milestones/new/{here}")
    assert new.context["form"]["programme"].value() == found.programme.pk


def test_a_closed_programme_takes_nothing_new(world: World) -> None:
    found = planned(world)
    put(world, found.programme, status="CLOSED")
    page = page_of(world.omar, f"programmes/{found.programme.pk}/")
    assert "/new/?programme=" not in page
    assert "<b>Closed.</b>" in page


def test_the_steps_of_one_programme_are_taken_away_as_a_file(world: World) -> None:
    found = planned(world)
    client = visitor(world.vera)
    section = panel(client.get(f"/acme/programmes/{found.programme.pk}/").content.decode(), "h-dates")
    (action,) = re.findall(r'action="([^"]+)"', section)
    (view,) = re.findall(r'name="view" value="([^"]+)"', section)
    assert client.post(action, {"view": unescape(view), "format": "CSV"}).status_code == 302
    with scope(world.vera):
        export = Export.objects.visible_to(world.vera).get()
    assert (export.kind, export.query) == ("milestones", f"sort=forecast&programme={found.programme.pk}")


def test_an_alert_is_seen_with_one_click(world: World) -> None:
    found = planned(world)
    slip(world, found)
    client = visitor(world.omar)
    page = client.get(f"/acme/programmes/{found.programme.pk}/").content.decode()
    section = panel(page, "h-alerts")
    with scope(world.omar):
        alert = ImpactAlert.objects.visible_to(world.omar).get(study=found.study)
    answer = client.post(f"/acme/alerts/{alert.pk}/moves/acknowledge/", {"version": str(alert.version)})
    assert answer.status_code == 302
    again = client.get(f"/acme/programmes/{found.programme.pk}/").content.decode()
    assert "ACM-101-2 starts" in words(section) and "ACM-101-2 starts" not in words(panel(again, "h-alerts"))


def test_the_list_says_how_each_programme_stands(world: World) -> None:
    found = planned(world)
    slip(world, found)
    hold(world, found, found.pack, report(world.paul, world.lyra_site), until=date(2027, 4, 1))
    study(world.omar, found.programme, code="ACM-101-9")
    bare = plan(world.omar, "Nothing planned yet", market_eu=False)
    lines = rows(page_of(world.nina, "programmes/"))
    code = found.programme.product.code
    assert lines == [
        [
            f"Maritumab to phase 2 {found.programme.number} {code}", "Phase 2", "EU",
            "27 Apr 2027 ACM-101-2 and 1 more", "+4 d 4 days later", "None", "1 step", "Active",
        ],
        [
            f"Nothing planned yet {bare.number} {bare.product.code}", "Phase 2", "None", "No study", "None", "None",
            "None", "Active",
        ],
    ]  # fmt: skip


def asked(client: Client, path: str) -> int:
    return len(beyond_transactions(statements(lambda: client.get(path))))


def test_a_page_costs_the_same_with_twenty_steps_and_with_five_hundred(world: World, client: Client) -> None:
    found: Planned = planned(world)
    slip(world, found)
    proposed = propose(world.omar, found.programme)
    sign_in(client, world.nina)
    pages = {
        f"/acme/programmes/{found.programme.pk}/": 0,
        f"/acme/baselines/{proposed.pk}/": 0,
        f"/acme/milestones/{found.fill.pk}/": 0,
    }
    filler(world, found.programme, 15)
    few = {path: (client.get(path), asked(client, path))[1] for path in pages}
    filler(world, found.programme, 480)
    run(world, found.programme)
    many = {path: asked(client, path) for path in pages}
    assert many == few
    assert list(few.values()) == [28, 13, 16]
    path = next(iter(pages))
    body = client.get(path).content.decode()
    assert body.count('<td class="cell-lead">') >= 500

    def took() -> float:
        begun = time.perf_counter()
        client.get(path)
        return (time.perf_counter() - begun) * 1_000

    print(f"\na programme of 500 steps: p50 {median(took() for _ in range(5)):.0f} ms, {len(body) / 1000:.0f} kB")


def test_the_list_costs_the_same_with_one_programme_and_with_twenty(world: World, client: Client) -> None:
    planned(world)
    sign_in(client, world.nina)
    client.get("/acme/programmes/")
    one = asked(client, "/acme/programmes/")
    for _ in range(19):
        more = plan(world.omar)
        study(world.omar, more)
        step(world.omar, programme=more, earliest_start=FIRST)
    assert asked(client, "/acme/programmes/") == one
    assert client.get("/acme/programmes/").content.decode().count('<td class="cell-lead">') == 20


def test_a_narrowed_member_is_told_that_it_sees_a_part(world: World) -> None:
    found = planned(world)
    page = page_of(world.connie, f"programmes/{found.programme.pk}/")
    assert "You see the steps of the CDMOs that are open to you." in page
    assert [row[0].removesuffix(" on the critical path") for row in rows(panel(page, "h-dates"))] == [
        "Make DS-26-014",
        "Release DS-26-014",
    ]
    with scope(world.connie):
        assert Milestone.objects.visible_to(world.connie).filter(programme=found.programme).count() == 2
