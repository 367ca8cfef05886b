"""The search reads by its indexes, past row-level security and yet within it; drift is told."""

import pytest
from django.core.management import call_command
from django.db import connection

from oversight.kernel.access.scope import scope
from oversight.kernel.database.roles import acting_as
from oversight.kernel.search import indexes
from oversight.kernel.search.sources import kinds_found, sources
from tests.cast import World, raw
from tests.factories.deviation import report
from tests.kernel.records.filing import put_on_file

pytestmark = pytest.mark.django_db


def reads(table: str) -> tuple[int, int]:
    """How often this transaction read the index of a table, and the table from end to end."""
    ((by_index, whole),) = raw(
        "SELECT pg_stat_get_xact_numscans(%s::regclass), pg_stat_get_xact_numscans(%s::regclass)",
        f"search_{table}",
        table,
    )
    return by_index, whole


@pytest.mark.parametrize("name", ["nina", "connie", "paul"])
def test_each_table_is_read_by_its_index_under_row_level_security(world: World, name: str) -> None:
    actor = getattr(world, name)
    report(world.paul, world.lyra_site)
    with scope(actor):
        raw("SET LOCAL enable_seqscan = off")  # few rows are read faster without an index
        before = {source.table: reads(source.table) for source in sources()}
        found = raw("SELECT kind, class FROM access.find('pressure 12', %s, 20, NULL)", list(kinds_found()))
        after = {source.table: reads(source.table) for source in sources()}
        raw("SET LOCAL enable_seqscan = on")
    assert found == []
    for source in sources():
        by_index, whole = (now - then for now, then in zip(after[source.table], before[source.table], strict=True))
        # Words, title and number of a record; of what is about a record, its words; the sponsor's own no partner finds.
        asked = 0 if actor.is_partner and source.cdmo is None else 1 if source.said else 3
        assert (by_index, whole) == (asked, 0), source.table


def test_no_other_way_reads_what_the_index_holds(world: World) -> None:
    """The application has no right on the question, and its own policies keep the index from it."""
    with scope(world.nina):
        raw("SET LOCAL enable_seqscan = off")
        plan = raw(
            "EXPLAIN SELECT id FROM comments_comment WHERE tenant_id = %s AND text ILIKE '%%gasket%%'", world.acme.pk
        )
        raw("SET LOCAL enable_seqscan = on")
    assert not any("search_" in line for (line,) in plan)
    assert raw("SELECT has_function_privilege('app', 'access.question(text, text)', 'EXECUTE')") == [(False,)]


def test_the_indexes_stand_as_the_code_calls_for(db: None) -> None:
    assert indexes.indexes_stand(databases=["default"]) == []
    assert dict(raw("SELECT tablename, count(*) FROM pg_indexes WHERE indexname LIKE 'search\\_%' GROUP BY 1")) == {
        source.table: 1 for source in sources()
    }


def test_a_field_more_is_told_and_brought_up_to_date(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("oversight.kernel.search.sources.LEXEMES", 2)
    complaints = indexes.indexes_stand(databases=["default"])
    assert [complaint.msg for complaint in complaints] == [
        f"{source.table} is not searched as the code calls for: run migrate" for source in sources()
    ]
    with acting_as("owner"):
        indexes.index_after_migrate(using="default")
    assert indexes.indexes_stand(databases=["default"]) == []
    monkeypatch.undo()
    with acting_as("owner"):
        indexes.index_after_migrate(using="default")
    assert indexes.indexes_stand(databases=["default"]) == []


def test_the_search_is_made_anew_by_one_command(lasting_world: World, capsys: pytest.CaptureFixture[str]) -> None:
    put_on_file(lasting_world.nina, name="Zeta Fill")
    call_command("rebuild_search")
    assert capsys.readouterr().out == "Searched anew: " + ", ".join(source.table for source in sources()) + ".\n"
    with scope(lasting_world.nina):
        assert len(raw("SELECT 1 FROM access.find('zeta', '{cdmos_cdmo}', 5, NULL)")) == 2
    assert connection.settings_dict["USER"] == "app"
