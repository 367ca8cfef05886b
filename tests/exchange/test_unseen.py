"""A character that nobody sees is refused by row and column, in one way for all formats; nothing goes out with one."""

from html import escape

import pytest

from oversight.kernel.access.scope import scope
from oversight.kernel.trail.change import change
from techtransfer.exchange.csv_out import written
from techtransfer.exchange.mspdi_in import MARK
from techtransfer.exchange.mspdi_out import FIELDS
from techtransfer.exchange.reading import read_plan_file
from techtransfer.models import Milestone
from tests.cast import World
from tests.factories.programme import plan
from tests.techtransfer.planning import planned

from .bringing import bring, brought, given, said, table, workbook
from .hostile import HEAD, project

ID = FIELDS["id"][1]
FIELD = f"<ExtendedAttributes><ExtendedAttribute><FieldID>{ID}</FieldID><Alias>ID</Alias></ExtendedAttribute>"


def as_csv(name: str, title: str) -> bytes:
    return written([HEAD, (name, title, 3)])


def as_workbook(name: str, title: str) -> bytes:
    return workbook(Steps=[HEAD, (name, title, 3)])


def as_project(name: str, title: str) -> bytes:
    told = f"<ExtendedAttribute><FieldID>{ID}</FieldID><Value>{escape(name)}</Value></ExtendedAttribute>"
    task = f"<UID>1</UID><ID>2</ID><Name>{escape(title)}</Name><Duration>PT24H0M0S</Duration>{told}"
    return project(f"<Subject>{MARK}</Subject>{FIELD}</ExtendedAttributes><Tasks><Task>{task}</Task></Tasks>")


FORMATS = {"CSV": as_csv, "Steps": as_workbook, "Tasks": as_project}
CASES = [
    ("a", "Make\x7fsubstance", "Title", "U+007F), such as a line break, at place 5. Take it out."),
    ("a", "Make\x85it", "Title", "U+0085), such as a line break, at place 5. Take it out."),
    ("a\x9fb", "Make", "ID", "U+009F), such as a line break, at place 2. Take it out."),
]


@pytest.mark.parametrize("sheet", FORMATS)
@pytest.mark.parametrize(("name", "title", "column", "end"), CASES)
def test_it_is_refused_by_row_and_column(
    world: World, sheet: str, name: str, title: str, column: str, end: str
) -> None:
    staged = bring(plan(world.omar), FORMATS[sheet](name, title), by=world.omar)
    ((where, row, heading, sentence),) = [each for each in said(staged) if "nobody sees" in each[3]]
    assert (staged.state, where, row) == ("REFUSED", sheet, 2)
    assert heading == ("Name" if (sheet, column) == ("Tasks", "Title") else column)
    assert sentence.endswith(f" holds a character that nobody sees ({end}")


def test_what_xml_does_not_allow_is_refused_in_a_csv_file_by_row_too(world: World) -> None:
    staged = bring(plan(world.omar), table(("a", "Make\x07", 3), ("b", "Fill", 3), head=HEAD), by=world.omar)
    assert said(staged) == [
        ("CSV", 2, "Title", "Title holds a character that nobody sees (U+0007), such as a line break, at place 5. "
         "Take it out."),
    ]  # fmt: skip


def test_a_task_may_have_its_name_in_two_lines(world: World) -> None:
    (step,) = read_plan_file(as_project("a", "Make\n the\tsubstance")).steps
    assert step.says["title"] == "Make the substance"


@pytest.mark.parametrize("ending", ["csv", "xlsx", "xml"])
def test_what_was_typed_here_with_one_goes_out_without_and_comes_back(world: World, ending: str) -> None:
    found = planned(world)
    with change(by=world.omar, reason="Typed in a program"):
        Milestone.objects.filter(pk=found.make.pk).update(title="Make\x85 DS\x7f")
    content = given(found.programme, ending, by=world.omar)
    staged = bring(found.programme, content, by=world.omar, name=f"plan.{ending}")
    assert (staged.state, staged.report["errors"]) == ("STAGED", 0)
    assert [each["changes"] for each in staged.report["steps"]["changed"]] == [
        [{"field": "Title", "old": "Make\x85 DS\x7f", "new": "Make DS"}]
    ]


def test_a_note_with_a_space_that_does_not_break_comes_back(world: World) -> None:
    programme = plan(world.omar)
    head = (*HEAD, "Predecessors", "Predecessor notes")
    rows = (("a", "Make", 3, "", ""), ("b", "Fill", 3, "a", '["10\N{NO-BREAK SPACE}mg, \N{ZERO WIDTH SPACE}then"]'))
    brought(programme, table(*rows, head=head), by=world.omar)
    assert bring(programme, given(programme, "csv", by=world.omar), by=world.omar).report["changes"] == 0
    refused = bring(programme, table(rows[0], (*rows[1][:4], '["a\\u0007b"]'), head=head), by=world.omar)
    assert [each[:3] for each in said(refused)] == [("CSV", 3, "Predecessor notes")]
    with scope(world.omar):
        assert Milestone.objects.filter(programme=programme).count() == 2
