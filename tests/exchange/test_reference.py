"""A plan saved by Microsoft Project 2019 comes in with every link, lag and date that the file has."""

import json
import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from defusedxml.ElementTree import fromstring

from oversight.kernel.access.scope import scope
from techtransfer.exchange.reading import read_plan_file
from techtransfer.forecast.days import date_of, day_of
from techtransfer.forecast.plan import read_plan
from techtransfer.models import Dependency, Milestone, Programme
from techtransfer.schedule import forward
from tests.cast import World
from tests.factories.programme import plan
from tests.schedule.conftest import REFERENCE as NETWORKS
from tests.techtransfer.planning import run

from .bringing import SAVED, bring, brought, given, said, told

PUBLISHED = {task["uid"]: task for task in json.loads(NETWORKS.read_text())["ms_project_2019"]["tasks"]}
SPACE = "{http://schemas.microsoft.com/project}"
SAVED_ON = date(2018, 10, 18)
WEEKS = 469  # the same weekday, in 2027


def early(content: bytes) -> dict[str, tuple[date, date]]:
    """The file's own early dates: at 8:00 an end is that of the day before."""
    found = {}
    for task in fromstring(content.decode()).iter(f"{SPACE}Task"):
        start, finish = (
            datetime.fromisoformat(str(task.findtext(f"{SPACE}{name}"))) for name in ("EarlyStart", "EarlyFinish")
        )
        found[str(task.findtext(f"{SPACE}UID"))] = (start.date(), (finish - timedelta(hours=9)).date())
    found.pop("0", None)
    return found


def later(content: bytes) -> bytes:
    """The same plan, so many weeks later."""
    return re.sub(
        r"(\d{4}-\d{2}-\d{2})T",
        lambda found: (
            f"{date.fromisoformat(found.group(1)) + timedelta(weeks=WEEKS)}T"
            if found.group(1) > "2000"
            else found.group(0)
        ),
        content.decode(),
    ).encode()


def links_of(programme: Programme, world: World) -> set[tuple[str, str, str, int, str]]:
    with scope(world.omar):
        rows = Dependency.objects.filter(programme=programme).select_related("predecessor", "successor")
        return {
            (each.predecessor.external_id, each.successor.external_id, each.link, each.lag_days, each.lag_unit)
            for each in rows
        }


@pytest.mark.requirement("A11-4-8")
def test_every_task_link_and_lag_is_imported(world: World) -> None:
    programme = plan(world.omar)
    staged = brought(programme, SAVED.read_bytes(), by=world.omar, name=SAVED.name)
    assert (staged.format, staged.report["errors"], staged.report["changes"]) == ("MSPDI", 0, 24)
    with scope(world.omar):
        steps = Milestone.objects.filter(programme=programme)
        lengths = dict(steps.values_list("external_id", "duration_days"))
        assert set(steps.values_list("calendar", flat=True)) == {"SITE"}
    assert lengths == {uid: task["duration_days"] for uid, task in PUBLISHED.items()}
    published = {
        (before, uid, kind, lag, "WORKING") for uid, task in PUBLISHED.items() for before, kind, lag in task["links"]
    }
    assert links_of(programme, world) == published
    assert len(published) == 8


def test_the_forecast_on_its_own_day_has_the_dates_of_the_file(world: World) -> None:
    programme = plan(world.omar)
    brought(programme, SAVED.read_bytes(), by=world.omar, name=SAVED.name)
    with scope(world.omar):
        found = read_plan(programme, today=day_of(SAVED_ON), by=world.omar)
        dates = forward(found.network(), day_of(SAVED_ON))
        ids = dict(Milestone.objects.filter(programme=programme).values_list("external_id", "pk"))
    computed = {uid: (date_of(dates.start[key]), date_of(dates.finish[key] - 1)) for uid, key in ids.items()}
    assert computed == early(SAVED.read_bytes())


def test_the_same_plan_later_is_forecast_as_the_file_has_it(world: World) -> None:
    programme, content = plan(world.omar), later(SAVED.read_bytes())
    brought(programme, content, by=world.omar, name="later.xml")
    run(world, programme)
    forecast = {
        step.id: (step.otherwise["forecast_start"], step.otherwise["forecast_end"])
        for step in told(programme, by=world.omar).steps
    }
    assert forecast == early(content)


def test_it_goes_out_and_comes_back_the_same(world: World) -> None:
    programme, empty = plan(world.omar), plan(world.omar, title="Empty")
    brought(programme, later(SAVED.read_bytes()), by=world.omar)
    content = given(programme, "xml", by=world.omar)
    brought(empty, content, by=world.omar)
    assert links_of(empty, world) == links_of(programme, world)
    one, other = (told(each, by=world.omar) for each in (programme, empty))
    assert {step.id: step.says for step in other.steps} == {step.id: step.says for step in one.steps}
    again = bring(programme, content, by=world.omar)
    assert again.report["changes"] == 0


@pytest.mark.requirement("PI041-transfer")
def test_what_has_no_place_here_is_warned_by_row(world: World) -> None:
    staged = bring(plan(world.omar), SAVED.read_bytes(), by=world.omar)
    warned: dict[str, Any] = {}
    for sheet, row, column, sentence in said(staged, "WARNING"):
        warned.setdefault((sheet, column, sentence), []).append(row)
    by_hand = "It is scheduled by hand in the file: here its dates follow from what it waits for."
    assert warned["Tasks", "Manual", by_hand] == list(range(1, 17))
    assert warned["Tasks", "Stage", "The file does not say it: taken as “Technology transfer”."] == list(range(1, 17))
    assert len(read_plan_file(SAVED.read_bytes()).steps) == 16
