"""What Nina types, and what she finds by it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from oversight.kernel.access.scope import Actor, scope
from oversight.kernel.comments.saying import say
from oversight.kernel.files.attaching import attach, withdraw
from oversight.kernel.search.finding import Findings, find
from oversight.kernel.trail.change import change
from quality.models import Deviation
from tests.cast import World
from tests.factories.deviation import report, without_tasks

pytestmark = pytest.mark.django_db


def found(actor: Actor, text: str, **more: int) -> Findings:
    with scope(actor):
        return find(actor, text, **more)


def titles(actor: Actor, text: str, **more: int) -> list[str]:
    """The titles of what was found, marks and all."""
    return [hit.title for group in found(actor, text, **more).groups for hit in group.hits]


@pytest.fixture
def excursion(world: World) -> Deviation:
    """Reported by Paul of Lyra, with Lyra's own number."""
    return report(
        world.paul,
        world.lyra_site,
        title="Überdruck on the Protein-A column",
        description="Pressure passed 3.0 bar for four minutes. <b>Pump 7</b> was stopped; eluate kept at 5 °C.",
        partner_number="LB/1187-b",
    )


@pytest.mark.requirement("PI041-available")
@pytest.mark.parametrize(
    "typed",
    ["DEV-26-0001", "dev-26-0001", " Dev 26 0001 ", "DEV260001", "LB/1187-b", "lb1187b", "26-0001"],
)
def test_a_number_in_full_names_one_record_however_it_is_typed(world: World, excursion: Deviation, typed: str) -> None:
    assert excursion.number == "DEV-26-0001"
    jump = found(world.nina, typed).jump
    if typed == "26-0001":  # no number in full, and not digits alone: it is the first that stands there
        assert jump is None
        assert titles(world.nina, typed)[0] == "Überdruck on the Protein-A column"
        return
    assert jump is not None and (jump.kind.slug, jump.pk) == ("deviations", excursion.pk)


def test_the_end_of_a_number_leads_on_where_only_one_record_ends_so(world: World) -> None:
    with change(by=world.nina):
        one = without_tasks(world.nina, world.lyra_site, world.lyra)
    with change(by=world.nina, reason="Numbered as in the old system"):
        Deviation.objects.filter(pk=one.pk).update(number="DEV-26-0431")
    for typed in ("0431", "431", "26 0431"):
        jump = found(world.nina, typed).jump
        assert jump is not None and jump.pk == one.pk, typed
    assert found(world.nina, "31").jump is None
    with change(by=world.nina):
        other = without_tasks(world.nina, world.lyra_site, world.lyra)
    with change(by=world.nina, reason="Numbered as in the old system"):
        Deviation.objects.filter(pk=other.pk).update(number="DEV-25-0431")
    assert found(world.nina, "0431").jump is None
    assert {hit.number for group in found(world.nina, "0431").groups for hit in group.hits} == {
        "DEV-25-0431",
        "DEV-26-0431",
    }
    assert found(world.nina, "DEV-25-0431").jump.pk == other.pk


@pytest.mark.parametrize(
    "typed",
    ["uberdruck", "ÜBERDRUCK", "über", "protein", "a column protein", "column PRESS", "bar eluate", "5 °c", "pump 7"],
)
def test_words_are_found_by_their_beginning_without_capitals_and_accents(
    world: World, excursion: Deviation, typed: str
) -> None:
    assert [hit.pk for group in found(world.nina, typed).groups for hit in group.hits] == [excursion.pk]


@pytest.mark.parametrize(
    "typed", ["", "  ", "%", "_", "'", "\\", "&|!:*()", "<>", "\0", "verdruck", "pump 8", "column lyra"]
)
def test_what_nothing_begins_with_finds_nothing(world: World, excursion: Deviation, typed: str) -> None:
    assert found(world.nina, typed).groups == ()


@pytest.mark.requirement("ASVS-5.3.4")
@pytest.mark.parametrize(
    "typed", ["column'", "col:*", "!column", "\\column", "column\n", "('column')", "column | pump"]
)
def test_no_sign_means_anything(world: World, excursion: Deviation, typed: str) -> None:
    assert [hit.pk for group in found(world.nina, typed).groups for hit in group.hits] == [excursion.pk]


def test_the_longest_question_is_answered(world: World, excursion: Deviation) -> None:
    assert titles(world.nina, "x" * 5_000) == []
    assert titles(world.nina, "pressure " * 20) == ["Überdruck on the Protein-A column"]


def test_names_of_partners_sites_and_contacts_are_found(world: World) -> None:
    groups = found(world.nina, "lyra").groups
    assert {group.kind.slug: [hit.title for hit in group.hits] for group in groups} == {
        "cdmos": ["<mark>Lyra</mark> Biologics"],
        "sites": ["<mark>Lyra</mark> Basel"],
    }
    assert titles(world.nina, "orion graz") == ["<mark>Orion</mark> <mark>Graz</mark>"]


@pytest.mark.requirement("ASVS-5.3.3")
def test_words_are_marked_and_nothing_else_becomes_markup(world: World, excursion: Deviation) -> None:
    (group,) = found(world.nina, "pump kept").groups
    assert (group.hits[0].place, group.hits[0].excerpt) == (
        "Description",
        "Pressure passed 3.0 bar for four minutes. &lt;b&gt;<mark>Pump</mark> 7&lt;/b&gt; was stopped; eluate "
        "<mark>kept</mark> at 5 °C.",
    )
    assert titles(world.nina, "uberdruck") == ["<mark>Überdruck</mark> on the Protein-A column"]


def test_a_change_is_found_at_once_and_what_was_changed_no_longer(world: World, excursion: Deviation) -> None:
    with change(by=world.nina, reason="Better words"):
        Deviation.objects.filter(pk=excursion.pk).update(title="Overpressure at capture")
    assert titles(world.nina, "overpressure") == ["<mark>Overpressure</mark> at capture"]
    assert titles(world.nina, "uberdruck") == []


def test_what_is_over_is_found_too_and_says_so(world: World, excursion: Deviation) -> None:
    with change(by=world.nina, reason="Entered twice"):
        Deviation.objects.filter(pk=excursion.pk).update(status="VOID")
    with change(by=world.nina, reason="Entered twice"):
        type(world.orion).objects.filter(pk=world.orion.pk).update(status="VOID")
    (group,) = found(world.nina, "uberdruck").groups
    assert (group.hits[0].status.text, group.hits[0].status.glyph) == ("Void", "void")
    assert found(world.nina, "orion fill").groups[0].hits[0].status.text == "Void"
    assert found(world.nina, "lyra biologics").groups[0].hits[0].status is None


def test_titles_come_before_texts_and_the_newest_first(world: World) -> None:
    for title, description in (
        ("Valve stuck", "Nothing else."),
        ("Drift of a balance", "Beside the valve."),
        ("Valve replaced", "Nothing else."),
    ):
        report(world.paul, world.lyra_site, title=title, description=description)
    assert titles(world.nina, "valve") == [
        "<mark>Valve</mark> replaced",
        "<mark>Valve</mark> stuck",
        "Drift of a balance",
    ]
    assert titles(world.nina, "valve", each=2) == ["<mark>Valve</mark> replaced", "<mark>Valve</mark> stuck"]
    assert [found(world.nina, "valve", each=most).more for most in (2, 3)] == [True, False]


def test_what_is_said_and_attached_leads_to_its_record(world: World, excursion: Deviation) -> None:
    with scope(world.nina):
        say(excursion, text="Ask about the gasket lot", by=world.nina, shared=False)
        file = attach(
            excursion, upload=SimpleUploadedFile("chromatogram-run7.txt", b"12:40 3.1 bar"), by=world.nina, shared=False
        )
    (group,) = found(world.nina, "gasket").groups
    assert [(hit.pk, hit.place, hit.excerpt) for hit in group.hits] == [
        (excursion.pk, "Comment", "Ask about the <mark>gasket</mark> lot")
    ]
    assert found(world.nina, "chromatogram").groups[0].hits[0].excerpt == "<mark>chromatogram</mark>-run7.txt"
    with scope(world.nina):
        withdraw(file, by=world.nina, reason="Wrong run")
    assert found(world.nina, "chromatogram").groups == ()
