"""A step that comes in begun says so of itself: its fact leads to it, in its one version."""

from oversight.kernel.access.scope import scope
from techtransfer.models import Milestone
from tests.cast import World, raw
from tests.factories.programme import plan

from .bringing import bring, brought, table

HEAD = ("ID", "Title", "Duration", "Partner", "Started", "Finished", "Partner's date")


def test_a_step_that_comes_in_begun_is_what_its_fact_names(world: World) -> None:
    programme = plan(world.omar)
    brought(
        programme,
        table(
            ("made", "Make", 3, "Lyra Biologics", "2026-05-04", "2026-05-06", ""),
            ("fills", "Fill", 300, "Orion Fill", "2026-06-01", "", ""),
            ("told", "Ship", 2, "Lyra Biologics", "", "", "2027-03-01"),
            ("plain", "Label", 2, "", "", "", ""),
            head=HEAD,
        ),
        by=world.omar,
    )
    with scope(world.omar):
        made, fills, told, plain = Milestone.objects.filter(programme=programme).order_by("pk")
        facts = [(each.fact_kind, each.fact_id, each.fact_number, each.fact) for each in (made, fills, told, plain)]
        kept = list(Milestone.history.filter(programme_id=programme.pk).order_by("id").values_list("id", "fact_id"))
    assert facts == [
        ("techtransfer_milestone", made.pk, made.number, "it was finished on 6 May 2026"),
        ("techtransfer_milestone", fills.pk, fills.number, "it began on 1 Jun 2026"),
        ("techtransfer_milestone", told.pk, told.number, "the sponsor moved it to 1 Mar 2027"),
        ("", 0, "", ""),
    ]
    assert kept == [(made.pk, made.pk), (fills.pk, fills.pk), (told.pk, told.pk), (plain.pk, 0)]
    assert [made.number, fills.number, told.number, plain.number] == ["MS-00001", "MS-00002", "MS-00003", "MS-00004"]


def test_the_application_takes_keys_of_steps_and_of_no_other_record(world: World) -> None:
    asked = """SELECT pg_get_serial_sequence(c.oid::regclass::text, 'id') FROM pg_class c JOIN pg_attribute a
        ON a.attrelid = c.oid AND a.attname = 'id' WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace"""
    allowed = [name for (name,) in raw(asked) if name and raw("SELECT has_sequence_privilege(%s, 'USAGE')", name)[0][0]]
    assert sorted(allowed) == ["public.access_sponsor_id_seq", "public.techtransfer_milestone_id_seq"]


def test_what_a_new_step_would_be_is_read_before_it_is_taken_in(world: World) -> None:
    rows = (
        ("made", "Make", 3, "Lyra Biologics", "2026-05-04", "2026-05-06", ""),
        ("told", "Ship", 1, "", "", "", "2027-03-01"),
        ("there", "There", 0, "", "", "", ""),
    )
    staged = bring(plan(world.omar), table(*rows, head=HEAD), by=world.omar)
    what = "Technology transfer, Other"
    assert [each["says"] for each in staged.report["steps"]["new"]] == [
        [what, "3 working days", "Started 4 May 2026", "Finished 6 May 2026"],
        [what, "1 working day", "Partner's date 1 Mar 2027"],
        [what, "a moment"],
    ]
