"""The pages of a step, a study and a baseline: their days side by side, and no more than each may read."""

from datetime import date
from html import unescape

from techtransfer.models import Baseline
from tests.cast import World
from tests.factories.baseline import propose
from tests.factories.deviation import report
from tests.factories.milestone import put

from .planning import hold, lengthen, planned, slip
from .reading import page_of, panel, rows, words


def test_a_step_shows_all_its_dates_side_by_side(world: World) -> None:
    found = planned(world)
    put(world, found.release, planned_start=date(2027, 3, 31), planned_end=date(2027, 4, 12))
    slip(world, found)
    page = page_of(world.omar, f"milestones/{found.release.pk}/")
    assert rows(panel(page, "h-dates")) == [
        ["Baseline what was agreed", "31 Mar 2027", "9 Apr 2027", "None"],
        ["Plan", "31 Mar 2027", "12 Apr 2027", "+3 d 3 days later"],
        ["Date given Lyra Biologics, not confirmed yet", "None", "None", "None"],
        ["Forecast what the plan makes of it", "4 Apr 2027", "13 Apr 2027", "+4 d 4 days later"],
        ["Happened", "None", "None", "None"],
    ]
    assert "Driven by: after Make DS-26-014" in words(panel(page, "h-dates"))
    assert "No float: each day that it slips, a study slips." in page
    assert "Make DS-26-014 FS ends 3 Apr 2027 Decides its date" in words(panel(page, "h-before"))
    assert "Fill DP-27-002 FS ends 18 Apr 2027 Its date hangs on it" in words(panel(page, "h-after"))


def test_a_held_step_says_by_what_and_until_when(world: World) -> None:
    found = planned(world)
    event = report(world.paul, world.lyra_site, title="Pressure excursion")
    hold(world, found, found.make, event, until=date(2027, 4, 10))
    page = page_of(world.nina, f"milestones/{found.make.pk}/")
    said = f"On hold since 2 Nov 2026. {event.number} : Pressure excursion. Expected to be over on 10 Apr 2027; that is"
    assert said in words(page)
    assert f'<a href="/acme/deviations/{event.pk}/">' in page


def test_a_partner_reads_its_own_dates_and_nothing_of_the_plan(world: World) -> None:
    found = planned(world)
    orions = report(world.olga, world.orion_site, title="Orion's excursion")
    put(world, found.release, planned_end=date(2027, 4, 12), partner_end=date(2027, 4, 20), need_by=date(2027, 4, 1))
    hold(world, found, found.release, orions, until=date(2027, 4, 10))
    page = page_of(world.paul, f"milestones/{found.release.pk}/")
    assert [row[0] for row in rows(panel(page, "h-dates"))] == [
        "Plan Acme Therapeutics",
        "Your date not confirmed yet",
        "Forecast what the plan makes of it",
        "Happened",
    ]
    assert "On hold since 2 Nov 2026." in words(page)
    text = unescape(page)
    for canary in (
        "Baseline", "critical path", "Waits for", "hangs on", "Driven by", "float", "Fill DP-27-002", "Orion",
        orions.number, "Maritumab to phase 2", "needed by", "Omar Haddad", "/programmes/",
    ):  # fmt: skip
        assert canary not in text, canary


def test_its_own_cause_of_a_hold_is_named_to_a_partner(world: World) -> None:
    found = planned(world)
    event = report(world.paul, world.lyra_site, title="Pressure excursion")
    hold(world, found, found.make, event, until=date(2027, 4, 10))
    page = page_of(world.paul, f"milestones/{found.make.pk}/")
    assert f'<a href="/portal/acme/deviations/{event.pk}/">' in page


def test_a_study_says_where_its_days_come_from(world: World) -> None:
    found = planned(world)
    slip(world, found)
    page = page_of(world.vera, f"studies/{found.study.pk}/")
    assert rows(panel(page, "h-first")) == [
        ["Baseline what was agreed", "23 Apr 2027"],
        ["Plan", "None"],
        ["Forecast what the plan makes of it", "27 Apr 2027"],
        ["Supply needed by", "None"],
    ]
    chain = words(panel(page, f"h-cause-{found.study.pk}"))
    assert "Where the 4 days come from" in chain
    assert "4 days later in all: 23 Apr 2027 (baseline) became 27 Apr 2027." in chain


def test_who_signs_a_baseline_reads_what_it_does(world: World) -> None:
    found = planned(world)
    slip(world, found)
    proposed = propose(world.omar, found.programme)
    lengthen(world, found, found.pack, 3, "it takes longer")
    said = (
        "The agreed day of ACM-101-2 becomes 27 Apr 2027, 4 days later than now. "
        "The forecast of today, 30 Apr 2027, lies 3 days after it."
    )
    page = page_of(world.nina, f"baselines/{proposed.pk}/")
    assert said in words(page)
    assert rows(panel(page, "h-on-studies")) == [
        [
            "ACM-101-2 Dose finding in adults", "23 Apr 2027", "27 Apr 2027", "+4 d 4 days later", "30 Apr 2027",
            "+3 d 3 days later",
        ]
    ]  # fmt: skip
    fill = next(row for row in rows(panel(page, "h-on-steps")) if row[0].startswith("Fill"))
    assert fill[1:] == ["14 Apr 2027", "18 Apr 2027", "+4 d 4 days later", "18 Apr 2027", "0 d"]
    asked = page_of(world.nina, f"baselines/{proposed.pk}/moves/approve/")
    assert said in words(asked)
    assert asked.index("becomes 27 Apr 2027") < asked.index("id_password")


def test_an_old_baseline_is_compared_with_today(world: World) -> None:
    found = planned(world)
    proposed = propose(world.omar, found.programme)
    put(world, proposed, status=Baseline.Status.DECLINED)
    slip(world, found)
    page = page_of(world.vera, f"baselines/{proposed.pk}/")
    assert rows(panel(page, "h-on-studies")) == [
        ["ACM-101-2 Dose finding in adults", "23 Apr 2027", "27 Apr 2027", "+4 d 4 days later"]
    ]
    assert "If you approve it" not in page


def test_a_narrowed_member_sees_how_much_of_a_baseline_is_not_shown(world: World) -> None:
    found = planned(world)
    proposed = propose(world.omar, found.programme)
    page = page_of(world.connie, f"baselines/{proposed.pk}/")
    assert [row[0].partition(" MS")[0] for row in rows(panel(page, "h-on-steps"))] == [
        "Make DS-26-014",
        "Release DS-26-014",
    ]
    assert "3 more are at CDMOs that are not open to you." in page
