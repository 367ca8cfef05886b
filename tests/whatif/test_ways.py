"""Ways to win days back: each is true when it is tried, and the best stands first."""

import time
from datetime import timedelta
from itertools import pairwise
from urllib.parse import unquote_plus

import pytest

from oversight.kernel.access.scope import scope
from oversight.kernel.records.writes import create
from oversight.kernel.trail.change import change
from techtransfer.models import Milestone
from techtransfer.records import SLOT
from techtransfer.whatif.preview import ground_of, preview_on
from techtransfer.whatif.ways import TRIED, Way, best_releases, ways_of
from tests.cascade.supply import FILL, LINE, Supply, after, today
from tests.cast import World, system
from tests.factories.milestone import put, step
from tests.factories.programme import plan
from tests.factories.study import study
from tests.techtransfer.planning import tie
from tests.techtransfer.reading import page_of, words

pytestmark = pytest.mark.django_db


def ways(supply: Supply) -> list[Way]:
    omar = supply.world.omar
    with scope(omar):
        ground = ground_of(supply.read(supply.programme), by=omar)
        found = ways_of(ground, supply.dosed.pk, best_releases(by=omar))
        for way in found:
            study = preview_on(ground, [way.supposition]).outcome.studies[0]
            assert study.days == -way.days, f"{way.title}: tried, it wins other days"
    return found


def hampered(world: World) -> Supply:
    """Held, planned late, slow, and booked for the later slot; one release was done in four days."""
    supply = Supply(world, line=LINE)
    put(world, supply.slots[1], status="BOOKED", milestone=supply.fill)
    put(world, supply.release, optimistic_days=7)
    put(world, supply.fill, optimistic_days=3)
    done = step(world.omar, None, supply.programme, "Release of last year", step="RELEASE", duration_days=9)
    begun = today() - timedelta(300)
    put(world, done, status="DONE", actual_start=begun, actual_end=begun + timedelta(3))
    supply.cascade()
    return supply


def test_each_is_true_when_it_is_tried_and_the_best_stands_first(world: World) -> None:
    supply = hampered(world)
    found = [(way.days, way.title, way.supposition.line) for way in ways(supply)]
    fill = supply.fill.number
    assert found == [
        (28, f"Use Line 2 on {_day(FILL)} for Fill the vials", f"SLOT_TAKEN {fill} {supply.slots[0].number}"),
        (1, "Fill the vials in 3 days", f"DURATION {fill} 3"),
    ], "what comes before the slot wins nothing"


def test_without_a_slot_in_the_way_every_step_of_the_chain_is_looked_at(world: World) -> None:
    supply = hampered(world)
    put(world, supply.fill, line="", earliest_start=after(30))
    put(world, supply.slots[1], status="OPEN", milestone=None)
    supply.cascade()
    assert [(way.days, way.supposition.line) for way in ways(supply)] == [
        (5, f"START_FREED {supply.fill.number}"),
        (1, f"DURATION {supply.fill.number} 3"),
    ], "the day before which it does not begin drives it, and no step before it does"
    put(world, supply.fill, earliest_start=None)
    supply.cascade()
    release = supply.release.number
    assert [(way.days, way.title, way.supposition.line) for way in ways(supply)] == [
        (6, "Release the substance 6 days sooner", f"RELEASE_EARLY {release} 6"),
        (4, "Fill the vials under quarantine", f"QUARANTINE {release}"),
        (3, "Release the substance in 7 days", f"DURATION {release} 7"),
        (1, "Fill the vials in 3 days", f"DURATION {supply.fill.number} 3"),
    ]


def test_a_hold_and_days_off_are_looked_at(world: World) -> None:
    supply = Supply(world, weekdays=True)
    held = {"held_since": today(), "held_until": after(30), "hold_kind": "quality_deviation", "hold_id": 7}
    put(world, supply.make, **held, hold_number="DEV-26-0007", hold_cause="Filter failed")
    supply.cascade()
    found = {way.supposition.line: way.title for way in ways(supply)}
    assert found["HOLD_ENDS DEV-26-0007"] == "Close DEV-26-0007 today"


def test_another_line_of_the_site_is_offered(world: World) -> None:
    supply = Supply(world, line=LINE)
    put(world, supply.slots[0], status="LOST")
    supply.cascade()
    with scope(world.omar):
        orion = world.orion_site
        told = {"cdmo": orion.cdmo, "site": orion, "line": "Line 3", "starts_on": after(FILL + 3), "days": 4}
        third = create(SLOT, by=world.omar, values=told)
    (way,) = ways(supply)
    assert (way.days, way.title) == (25, f"Use Line 3 on {_day(FILL + 3)} for Fill the vials")
    assert way.condition == f"Needs Fill the vials qualified on Line 3; {third.number} is free."


def test_the_panel_leads_to_each_as_a_preview(world: World) -> None:
    supply = hampered(world)
    page = page_of(world.vera, f"programmes/{supply.programme.pk}/")
    assert f"Use Line 2 on {_day(FILL)} for Fill the vials" in words(page)
    line = f"SLOT_TAKEN {supply.fill.number} {supply.slots[0].number}"
    link = next(part for part in page.split('"') if line in unquote_plus(part))
    preview = words(page_of(world.vera, link.replace("&amp;", "&").removeprefix("/acme/")))
    assert f"If Fill the vials takes the slot {supply.slots[0].number} of Line 2" in preview
    assert "28 days earlier" in preview


def test_where_nothing_wins_it_says_so(world: World) -> None:
    supply = Supply(world)
    put(world, supply.fill, step="OTHER")
    supply.cascade()
    page = words(page_of(world.vera, f"programmes/{supply.programme.pk}/"))
    assert f"No single change of the plan would bring {supply.study.code} forward." in page


def test_they_are_found_at_once_in_a_chain_of_200_steps(world: World) -> None:
    omar = world.omar
    programme = plan(omar)
    with change(by=system(world.acme)):
        steps = [
            Milestone.objects.create(
                tenant_id=world.acme.pk, programme=programme, title=f"Step {place}", step="TESTING", stage="DS",
                cdmo=world.lyra, site=world.lyra_site, duration_days=3, optimistic_days=2,
            )
            for place in range(200)
        ]  # fmt: skip
    for before, after_it in pairwise(steps):
        tie(world, before, after_it)
    study(omar, programme, first_patient_in=steps[-1])
    with scope(omar):
        ground, best = ground_of(programme, by=omar), best_releases(by=omar)
        assert len(ground.now.critical) == 200
        took = []
        for _ in range(3):
            began = time.perf_counter()
            found = ways_of(ground, steps[-1].pk, best)
            took.append(time.perf_counter() - began)
    print(f"\n{TRIED} changes tried on a chain of {len(steps)} steps: {min(took) * 1000:.0f} ms")
    assert (len(found), min(took) < 0.3) == (6, True)


def _day(days: int) -> str:
    return f"{after(days):%d %b %Y}".lstrip("0")
