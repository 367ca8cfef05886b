"""A plan is imported as a whole or not at all; brought again, it says what it would change first."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from oversight.kernel.access.scope import scope
from oversight.kernel.outbox.models import Event
from oversight.kernel.workflow.refusals import NotAllowed, Refused
from techtransfer.exchange import committing
from techtransfer.exchange.staging import MOVED_ON, look
from techtransfer.models import Closure, Dependency, Milestone, PlanImport
from tests.cast import World
from tests.factories.programme import plan
from tests.techtransfer.acting import change_it
from tests.techtransfer.planning import run

from .bringing import CHAIN, bring, brought, given, said, table, take, workbook


def steps(world: World, programme: object) -> dict[str, Milestone]:
    with scope(world.omar):
        rows = Milestone.objects.visible_to(world.omar).filter(programme=programme).order_by("pk")
        return {step.external_id: step for step in rows}


def test_a_plan_is_staged_and_changes_nothing_until_it_is_taken_in(world: World) -> None:
    programme = plan(world.omar)
    staged = bring(programme, table(*CHAIN), by=world.omar)
    assert (staged.state, staged.report["changes"], staged.report["errors"]) == ("STAGED", 7, 0)
    assert [each["title"] for each in staged.report["steps"]["new"]] == [row[1] for row in CHAIN]
    assert staged.report["links"]["new"][1] == {
        "before": "release Release substance", "after": "fill Fill", "type": "FS", "lag": "+3 elapsed days", "row": 4,
    }  # fmt: skip
    assert steps(world, programme) == {}
    take(staged, by=world.omar)
    found = steps(world, programme)
    assert list(found) == ["make", "release", "fill", "start"]
    fill = found["fill"]
    assert (fill.cdmo_id, fill.site_id, fill.stage, fill.step, fill.status) == (
        world.orion.pk, world.orion_site.pk, "DP", "FILL_FINISH", "PLANNED",
    )  # fmt: skip
    assert [each.owner_name for each in found.values()] == ["Omar Haddad"] * 4
    with scope(world.omar):
        versions = Milestone.history.filter(id=fill.pk)
        assert [each.history_change_reason for each in versions] == ["Imported from plan.csv: The plan of March"]
        link = Dependency.objects.get(successor_id=fill.pk)
        assert (link.predecessor_id, link.link, link.lag_days, link.lag_unit) == (
            found["release"].pk, "FS", 3, "ELAPSED",
        )  # fmt: skip
        events = Event.objects.filter(name="programme.plan_imported")
        assert [(each.record_id, each.facts["new"], each.facts["changed"]) for each in events] == [(programme.pk, 4, 0)]
        assert Event.objects.filter(name__startswith="milestone.").count() == 0
    run(world, programme)
    assert steps(world, programme)["start"].forecast_start == date(2027, 5, 4)


def test_a_plan_brought_again_says_field_by_field_what_it_would_change(world: World) -> None:
    programme = plan(world.omar)
    brought(programme, table(*CHAIN), by=world.omar)
    make, release, fill, _ = CHAIN
    later = (*release[:6], 12, "", "makeFS+2d")
    moved = (*fill[:7], date(2027, 6, 1), fill[8])
    more = ("label", "Label", "Clinical supply", "Pack and label", "", "", 4, "", "fill")
    staged = bring(programme, table(make, later, moved, more), by=world.omar)
    report = staged.report
    assert [each["id"] for each in report["steps"]["new"]] == ["label"]
    assert [(each["id"], each["changes"]) for each in report["steps"]["changed"]] == [
        ("release", [{"field": "Duration", "old": "10", "new": "12"}]),
        ("fill", [{"field": "Not before", "old": "nothing", "new": "1 Jun 2027"}]),
    ]
    assert report["steps"]["unchanged"] == 1
    assert [each["title"] for each in report["steps"]["missing"]] == ["First patient in"]
    assert [(each["after"], each["changes"]) for each in report["links"]["changed"]] == [
        ("release Release substance", [{"field": "Lag", "old": "0", "new": "2"}])
    ]
    assert (len(report["links"]["new"]), report["links"]["unchanged"]) == (1, 1)
    take(staged, by=world.omar)
    found = steps(world, programme)
    assert (found["release"].duration_days, found["fill"].earliest_start, found["start"].status) == (
        12, date(2027, 6, 1), "PLANNED",
    )  # fmt: skip
    with scope(world.omar):
        counts = {name: Milestone.history.filter(id=step.pk).count() for name, step in found.items()}
    assert counts == {"make": 1, "release": 2, "fill": 2, "start": 1, "label": 1}
    again = bring(programme, table(make, later, moved, more), by=world.omar)
    assert (again.report["changes"], again.report["steps"]["unchanged"]) == (0, 4)
    with pytest.raises(Refused, match="nothing to import"):
        take(again, by=world.omar)


def test_a_plan_that_was_changed_meanwhile_is_shown_again(world: World) -> None:
    programme = plan(world.omar)
    brought(programme, table(*CHAIN), by=world.omar)
    longer = tuple((*row[:6], row[6] + 1, *row[7:]) if row[6] else row for row in CHAIN)
    staged = bring(programme, table(*longer), by=world.omar)
    change_it(steps(world, programme)["make"], by=world.omar, duration_days=40)
    with pytest.raises(Refused) as caught:
        take(staged, by=world.omar)
    assert caught.value.sentences == (MOVED_ON,)
    assert steps(world, programme)["release"].duration_days == 10
    with scope(world.omar):
        staged = PlanImport.objects.select_related("programme__product").get(pk=staged.pk)
        assert look(staged, by=world.omar)
    assert staged.report["steps"]["changed"][0]["changes"] == [{"field": "Duration", "old": "40", "new": "31"}]
    take(staged, by=world.omar)
    assert steps(world, programme)["make"].duration_days == 31


def test_a_failure_in_the_middle_leaves_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    programme = plan(world.omar)
    staged = bring(programme, table(*CHAIN), by=world.omar)

    def fail(*args: object) -> None:
        raise RuntimeError("The disk is full")

    monkeypatch.setattr(committing, "_new_links", fail)
    with pytest.raises(RuntimeError, match="disk"):
        take(staged, by=world.omar)
    monkeypatch.undo()
    assert steps(world, programme) == {}
    with scope(world.omar):
        assert PlanImport.objects.get(pk=staged.pk).state == "STAGED"
        assert Event.objects.filter(name="programme.plan_imported").count() == 0
    take(staged, by=world.omar)
    with scope(world.omar):
        numbers = sorted(step.number for step in steps(world, programme).values())
        assert numbers == ["MS-00001", "MS-00002", "MS-00003", "MS-00004"]  # no number was lost


def test_what_a_file_names_and_nobody_knows_is_named_with_the_nearest(world: World) -> None:
    programme = plan(world.omar)
    staged = bring(
        programme,
        table(
            ("a", "Make", "DS", "Manufacture", "Lyra Biologic", "Lyra Basel", 3, "", ""),
            ("b", "Fill", "DP", "Fill and finish", "Orion Fill", "Orion Gratz", 3, "", "aa"),
            ("c", "Pack", "DP", "Pack", "", "", -2, "", "a;a"),
            ("c", "Pack", "DP", "OTHER", "", "", "two", "2027-02-30", "a"),
        ),
        by=world.omar,
    )
    assert staged.state == "REFUSED"
    assert said(staged) == [
        ("CSV", 4, "Kind", "Kind knows no “Pack”. Choose one of: Manufacture, Testing, Review and release, Fill and "
         "finish, Pack and label, Shipment, Technology transfer, Qualification and validation, Regulatory, Clinical, "
         "Other."),
        ("CSV", 5, "Duration", "Duration takes a whole number of days, not “two”."),
        ("CSV", 5, "Not before", "There is no 2027-02-30 in the calendar."),
        ("CSV", 3, "Predecessors", "It waits for “aa”, and no step of the file has that ID. A CSV file has a row "
         "for each step that it names. Write each as 12FS+3d: an ID, FS, SS, FF or SF, and a lag in d (working) or ed "
         "(elapsed days)."),
        ("CSV", 2, "Partner", "No CDMO in your sight is called “Lyra Biologic”. Do you mean “Lyra Biologics”?"),
        ("CSV", 3, "Site", "Orion Fill has no site “Orion Gratz”. Do you mean “Orion Graz”?"),
        ("CSV", 4, "Duration", "A duration is not negative."),
        ("CSV", 5, "ID", "The ID c stands in row 4 already."),
        ("CSV", 4, "Predecessors", "a and c are linked by FS in row 4 already."),
        ("CSV", 5, "Predecessors", "a and c are linked by FS in row 4 already."),
    ]  # fmt: skip
    with pytest.raises(Refused, match="errors"):
        take(staged, by=world.omar)
    assert steps(world, programme) == {}


def test_a_loop_is_named(world: World) -> None:
    programme = plan(world.omar)
    brought(programme, table(*CHAIN), by=world.omar)
    staged = bring(programme, table((*CHAIN[0][:8], "fill"), *CHAIN[1:]), by=world.omar)
    ((_, row, column, sentence),) = said(staged)
    assert (row, column) == (4, "Predecessors")
    assert sentence.startswith("This closes a loop: ")
    assert {"make Make substance", "release Release substance", "fill Fill"} <= set(
        sentence.removeprefix("This closes a loop: ").split(". ")[0].split(" → ")
    )


def test_closures_come_with_a_workbook_and_stand_once(world: World) -> None:
    programme = plan(world.omar)
    head = ("Partner", "Site", "Title", "Kind", "First day", "Last day")
    rows = [head, ("Lyra Biologics", "Lyra Basel", "Summer", "Maintenance", date(2027, 7, 26), date(2027, 8, 6))]
    book = workbook(Steps=[HEAD_OF_STEPS, *[row[:8] for row in CHAIN]], Closures=rows)
    brought(programme, book, by=world.omar, name="plan.xlsx")
    with scope(world.omar):
        (closure,) = Closure.objects.all()
        assert (closure.site_id, closure.title, closure.why) == (world.lyra_site.pk, "Summer", "MAINTENANCE")
        assert Event.objects.filter(name="closure.imported").count() == 1
    again = bring(programme, book, by=world.omar, name="plan.xlsx")
    assert again.report["closures"] == {"new": [], "unchanged": 1}


HEAD_OF_STEPS = ("ID", "Title", "Stage", "Kind", "Partner", "Site", "Duration", "Not before")


def test_a_step_that_is_done_stays_done_and_a_partner_is_never_changed(world: World) -> None:
    programme = plan(world.omar)
    head = ("ID", "Title", "Duration", "Partner", "Started", "Finished")
    brought(programme, table(("a", "Make", 3, "Lyra Biologics", "2026-05-04", "2026-05-06"), head=head), by=world.omar)
    done = steps(world, programme)["a"]
    assert (done.status, done.actual_start, done.actual_end) == ("DONE", date(2026, 5, 4), date(2026, 5, 6))
    assert done.fact == "it was finished on 6 May 2026"
    staged = bring(programme, table(("a", "Make", 9, "Orion Fill", "", ""), head=head), by=world.omar)
    assert [each[3] for each in said(staged)] == [
        "The partner of a step is not changed. Void the step and add another."
    ]
    staged = bring(programme, table(("a", "Make", 9, "Lyra Biologics", "", ""), head=head), by=world.omar)
    assert staged.report["changes"] == 0
    assert ("CSV", 2, "", "It is done here: what the file says otherwise is not taken (Duration).") in said(
        staged, "WARNING"
    )


def test_who_may_not_write_steps_imports_nothing(world: World) -> None:
    programme = plan(world.omar)
    for actor in (world.vera, world.adam, world.nina):
        with pytest.raises(NotAllowed):
            bring(programme, table(*CHAIN), by=actor)
    with scope(world.omar):
        assert PlanImport.objects.count() == 0
    staged = bring(programme, table(*CHAIN), by=world.omar)
    with pytest.raises(ValidationError, match="Say why"):
        take(staged, by=world.omar, reason=" \u200b ")
    with pytest.raises(NotAllowed):
        take(staged, by=world.vera)


def test_the_statements_do_not_grow_with_the_rows(world: World) -> None:
    counts = []
    for size in (20, 400):
        programme = plan(world.omar, title=f"{size} steps")
        rows = [(f"s{n}", f"Step {n}", "DS", "OTHER", "Lyra Biologics", "Lyra Basel", 3, "", f"s{n - 1}" if n else "")
                for n in range(size)]  # fmt: skip
        with CaptureQueriesContext(
            connection,
        ) as staging:
            staged = bring(programme, table(*rows), by=world.omar)
        with CaptureQueriesContext(connection) as taking:
            take(staged, by=world.omar)
        longer = [(*row[:6], 4, *row[7:]) for row in rows]
        staged = bring(programme, table(*longer), by=world.omar)
        with CaptureQueriesContext(connection) as changing:
            take(staged, by=world.omar)
        with CaptureQueriesContext(connection) as giving:
            for ending in ("xml", "xlsx", "csv"):
                given(programme, ending, by=world.omar)
        counts.append((len(staging), len(taking), len(changing), len(giving)))
    assert counts[0] == counts[1], counts
    print("\nstatements to stage, take in, change, give out thrice:", *counts[0])
    assert max(counts[0]) <= 40, counts
