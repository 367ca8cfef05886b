"""Files that mean harm: each refused in a sentence, with nothing written and nothing broken."""

import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from oversight.kernel.access.scope import scope
from techtransfer.exchange.content import kind_of
from techtransfer.exchange.reading import read_plan_file
from techtransfer.exchange.values import FileRefused
from techtransfer.models import Milestone, PlanImport
from tests.cast import World, sign_in
from tests.factories.programme import plan

from .bringing import bring, said
from .hostile import FAULTY, REFUSED

PATIENCE = 30  # seconds that no file keeps the house busy


def test_there_are_enough_of_them() -> None:
    assert (len(REFUSED), len(FAULTY)) == (53, 36)


@pytest.mark.requirement("ASVS-5.5.2")
def test_each_is_refused_beside_the_field_and_breaks_nothing(world: World) -> None:
    programme = plan(world.omar)
    client = Client()  # which raises whatever the server would break at
    sign_in(client, world.omar)
    for name, (build, sentence) in REFUSED.items():
        began = time.monotonic()
        answer = client.post(
            f"/acme/programmes/{programme.pk}/imports/", {"file": SimpleUploadedFile("plan.csv", build() or b"")}
        )
        page = answer.content.decode().replace("&quot;", '"').replace("&#x27;", "'").replace("&amp;", "&")
        assert answer.status_code == 422, (name, answer.status_code)
        told = page.split('id="plan-error">')[1].split("</span></span>")[0].split("<span>")[1]
        assert told.startswith(sentence), (name, told)
        assert told.endswith((".", "…")), (name, told)
        assert time.monotonic() - began < PATIENCE, name
    with scope(world.omar):
        assert (PlanImport.objects.count(), Milestone.objects.count()) == (0, 0)


@pytest.mark.requirement("A11-5")
def test_each_fault_is_named_by_row_and_column(world: World) -> None:
    programme = plan(world.omar)
    for name, (build, column, sentence) in FAULTY.items():
        staged = bring(programme, build(), by=world.omar, name="plan.csv")
        assert staged.state == "REFUSED", name
        found = [(each[2], each[3]) for each in said(staged) if each[2] == column and each[3].startswith(sentence)]
        assert len(found) >= 1, (name, said(staged))
        assert all(row for _, row, _, _ in said(staged)), name
    with scope(world.omar):
        assert Milestone.objects.count() == 0


@pytest.mark.parametrize("name", ["plan.xml", "plan.xlsx", "plan.exe", "", "../../etc/passwd"])
def test_a_name_decides_nothing(name: str) -> None:
    content = b"ID,Title,Duration\na,Make,3\n"
    assert (name, kind_of(content)) == (name, "CSV")
    assert [step.says["title"] for step in read_plan_file(content).steps] == ["Make"]


def test_semicolons_and_tabs_part_cells_too() -> None:
    for mark in (b";", b"\t", b","):
        plan_file = read_plan_file(
            b"\r\n".join((mark.join((b"ID", b"Title", b"Duration")), mark.join((b"a", b"b", b"3"))))
        )
        assert [(step.id, step.says["duration_days"]) for step in plan_file.steps] == [("a", 3)]


def test_what_the_file_rounds_is_warned(world: World) -> None:
    content = b"ID,Title,Duration,Predecessors\na,Make,2.5,\nb,Fill,1,aFS+4h\n"
    staged = bring(plan(world.omar), content, by=world.omar)
    warned = [each[1:] for each in said(staged, "WARNING") if each[2] in ("Duration", "Predecessors")]
    assert warned == [
        (2, "Duration", "Duration 2.5 is not a whole number of days: taken as 3."),
        (3, "Predecessors", "The lag of “aFS+4h” is not a whole number of days: taken as 1."),
    ]


def test_a_file_of_noise_is_refused_and_never_breaks() -> None:
    import random

    chance = random.Random(6)  # noqa: S311  # no secret
    seeds = [build() for name, (build, _) in REFUSED.items() if name in ("no tasks", "cut off XML", "cut off")]
    for _ in range(300):
        content = bytearray(chance.choice(seeds))
        for _ in range(chance.randint(1, 12)):
            content[chance.randrange(len(content))] = chance.randrange(256)
        try:
            read_plan_file(bytes(content))
        except FileRefused as refusal:
            assert str(refusal).endswith(".")
