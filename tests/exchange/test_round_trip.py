"""What is exported is imported as it was: every field, every link, every closure, and the dates that follow."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oversight.kernel.trail.change import change
from techtransfer.exchange.columns import CALENDAR, STAGE, STEP, STEP_FIELDS, WHY
from techtransfer.exchange.csv_out import write_csv
from techtransfer.exchange.mspdi_out import write_mspdi
from techtransfer.exchange.reading import read_plan_file
from techtransfer.exchange.values import ClosureRow, LinkRow, Place, PlanFile, StepRow, Week
from techtransfer.exchange.xlsx_out import write_xlsx
from techtransfer.models import Milestone, Programme
from tests.cast import World
from tests.factories.closure import close
from tests.factories.programme import plan
from tests.techtransfer.planning import planned, run, tie

from .bringing import bring, said, take, told
from .bringing import given as given_out

WRITERS = {"csv": write_csv, "xlsx": write_xlsx, "xml": lambda plan: write_mspdi(plan, today=date(2026, 11, 23))}
ENDINGS = tuple(WRITERS)
NOWHERE = Place("")
HAPPENED = ("actual_start", "actual_end", "partner_end")


def plain(plan: PlanFile, *, closures: bool = True) -> dict[str, Any]:
    """The plan without where each stood in its file."""
    return {
        "steps": {step.id: dict(step.says) for step in plan.steps},
        "links": {(*link.key, link.lag_days, link.lag_unit, link.note or "") for link in plan.links},
        "closures": {
            (each.partner, each.site, each.title, each.why, each.starts_on, each.ends_on) for each in plan.closures
        }
        if closures
        else set(),
    }


def rich(world: World) -> Programme:
    """A programme in which every field says something, and what begins like a formula is a title."""
    found = planned(world)
    programme, day = found.programme, date(2026, 5, 4)
    shared = {"tenant_id": world.acme.pk, "programme": programme, "product_code": "ACM-101", "step": "TESTING"}
    with change(by=world.omar):
        made = [
            Milestone.objects.create(**shared | {"stage": "DS", "duration_days": 3, "number": f"MS-9{n}"} | values)
            for n, values in enumerate(
                (
                    {"title": "=HYPERLINK(\"http://a\")", "actual_start": day, "actual_end": day, "status": "DONE"},
                    {"title": "  +1; Ünïcode — “quoted”, 'twice'".strip(), "cdmo": world.lyra, "site": world.lyra_site,
                     "actual_start": date(2026, 11, 2), "status": "IN_PROGRESS", "duration_days": 40},
                    {"title": "'@plain & <b>", "cdmo": world.orion, "optimistic_days": 2, "pessimistic_days": 9,
                     "need_by": date(2027, 6, 30), "planned_start": date(2027, 5, 1), "planned_end": date(2027, 5, 9)},
                    {"title": "A moment", "duration_days": 0, "earliest_start": date(2027, 5, 2),
                     "calendar": "EVERY_DAY", "stage": "SUBMISSION", "step": "REGULATORY", "external_id": "12FS+3"},
                    {"title": "Promised", "cdmo": world.lyra, "site": world.lyra_site, "partner_end": date(2027, 8, 6),
                     "confirmed_on": date(2026, 11, 1), "external_id": "12"},
                )
            )
        ]  # fmt: skip
    tie(world, made[4], made[3], lag_days=-2, lag_unit="WORKING", note='Say "why"; then, go')
    tie(world, made[4], made[2], link="SS", lag_days=3)
    tie(world, made[4], made[2], link="FF", lag_days=1, lag_unit="WORKING")
    tie(world, made[1], found.release, link="SF", lag_days=5)
    close(world.paul, world.lyra_site)
    run(world, programme)
    return programme


def dates(world: World, programme: Programme) -> dict[str, tuple[date, date]]:
    run(world, programme)
    plan_file = told(programme, by=world.omar)
    return {step.id: (step.otherwise["forecast_start"], step.otherwise["forecast_end"]) for step in plan_file.steps}


@pytest.mark.requirement("A11-4-8", "PI041-transfer")
@pytest.mark.parametrize("ending", ENDINGS)
def test_a_programme_comes_back_as_it_went(world: World, ending: str) -> None:
    programme, empty = rich(world), plan(world.omar, title="Empty")
    content = given_out(programme, ending, by=world.omar)
    staged = bring(empty, content, by=world.omar, name=f"plan.{ending}")
    assert (said(staged), said(staged, "WARNING"), staged.report["closures"]["new"]) == ([], [], [])
    take(staged, by=world.omar)
    before, after = told(programme, by=world.omar), told(empty, by=world.omar)
    assert plain(after) == plain(before)
    assert [each.otherwise["status"] for each in after.steps] == [each.otherwise["status"] for each in before.steps]
    assert dates(world, empty) == dates(world, programme)
    # And nothing is new to whoever brings it back where it came from.
    assert bring(programme, content, by=world.omar).report["changes"] == 0


TITLE = st.text(
    st.characters(exclude_categories=("C", "Z"), include_characters=" =+-@'\";,<&"), min_size=1, max_size=20
)
IDS = st.text(st.sampled_from("ABFS12+-_. #"), min_size=1, max_size=8).map(str.strip).filter(bool)
DAYS = st.dates(date(1995, 1, 1), date(2090, 1, 1))
SITES = (("Lyra Biologics", "Lyra Basel"), ("Orion Fill", ""), ("", ""))


@st.composite
def plans(draw: Any) -> PlanFile:
    """Any plan that a programme could have."""
    made = PlanFile("", title="Drawn")
    for name in draw(st.lists(IDS, unique=True, min_size=1, max_size=5)):
        start = draw(st.none() | DAYS)
        end = draw(st.none() | st.just(start + timedelta(draw(st.integers(0, 90))))) if start else None
        partner, site = draw(st.sampled_from(SITES))
        says = {
            "title": draw(TITLE.map(str.strip).filter(bool)), "stage": draw(st.sampled_from([*STAGE])),
            "step": draw(st.sampled_from([*STEP])), "partner": partner, "site": site,
            "calendar": draw(st.sampled_from([*CALENDAR])), "line": draw(st.sampled_from(("", "Line 2", "=1"))),
            "duration_days": draw(st.integers(0, 900)), "actual_start": start, "actual_end": end,
        }  # fmt: skip
        says |= {name: draw(st.none() | st.integers(0, 900)) for name in ("optimistic_days", "pessimistic_days")}
        says |= {name: draw(st.none() | DAYS) for name in STEP_FIELDS if name not in says}
        made.steps.append(StepRow(NOWHERE, name, {name: says[name] for name in STEP_FIELDS}))
    names = [step.id for step in made.steps]
    kinds = st.tuples(st.sampled_from(names), st.sampled_from(names), st.sampled_from(("FS", "SS", "FF", "SF")))
    for before, after, kind in draw(st.lists(kinds, unique=True, max_size=6)):
        lag, unit = draw(st.integers(-400, 400)), draw(st.sampled_from(("WORKING", "ELAPSED")))
        made.links.append(LinkRow(NOWHERE, before, after, kind, lag, unit, draw(st.just("") | TITLE.map(str.strip))))
    if any(step.says["site"] and step.says["calendar"] == "SITE" for step in made.steps):
        made.weeks.append(Week(*SITES[0], frozenset(draw(st.sets(st.integers(0, 6), min_size=1)))))
        first = draw(DAYS)
        title, why = draw(TITLE.map(str.strip).filter(bool)), draw(st.sampled_from([*WHY]))
        made.closures.append(
            ClosureRow(NOWHERE, *SITES[0], title, why, first, first + timedelta(draw(st.integers(0, 30))))
        )
    return made


@pytest.mark.parametrize("ending", ENDINGS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(made=plans())
def test_any_plan_is_read_as_it_was_written(ending: str, made: PlanFile) -> None:
    back = read_plan_file(WRITERS[ending](made))
    assert [each.sentence for each in back.findings if each.level == "ERROR"] == []
    with_closures = ending != "csv"
    found, due = plain(back, closures=with_closures), plain(made, closures=with_closures)
    for name, says in found["steps"].items():
        for each in HAPPENED:  # what has not happened is left out where the format has no word for it
            says.setdefault(each, None)
        found["steps"][name] = {field: says[field] for field in STEP_FIELDS}
    assert found == due
