"""A migration cannot end with a table unguarded; one that adds a column trails it from its first row."""

import pytest
from django.db import DatabaseError, connection, models, transaction

from oversight.kernel.access.scope import Actor
from oversight.kernel.database.roles import acting_as
from oversight.kernel.trail.audited import audited
from oversight.kernel.trail.change import change
from oversight.kernel.trail.checks import guards_stand
from oversight.kernel.trail.guards import Unguarded
from tests.cast import World, raw
from tests.support.models import Memo

UNGUARDED = {
    "a column that the history lacks": ("ALTER TABLE cdmos_site ADD COLUMN smuggled text", "lacks smuggled"),
    "a policy that opens the table": ("CREATE POLICY open ON cdmos_site TO app USING (true)", "unknown policies open"),
    "a trigger that swallows versions": (
        "CREATE FUNCTION public.swallow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';"
        "CREATE TRIGGER swallow BEFORE INSERT ON cdmos_historicalsite FOR EACH ROW EXECUTE FUNCTION swallow()",
        "swallow missing or unknown",
    ),
    "a trigger that swallows changes": (
        "CREATE FUNCTION public.swallow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';"
        "CREATE TRIGGER swallow BEFORE UPDATE ON cdmos_site FOR EACH ROW EXECUTE FUNCTION swallow()",
        "swallow missing or unknown",
    ),
}


@pytest.mark.parametrize("case", UNGUARDED)
def test_a_migration_that_would_leave_a_table_unguarded_fails_before_it_commits(
    transactional_db: None, case: str
) -> None:
    statement, said = UNGUARDED[case]
    with (
        acting_as("owner"),
        pytest.raises(Unguarded, match=f"would leave the audit trail broken.*{said}"),
        connection.schema_editor() as editor,
    ):
        editor.execute(statement)
    assert guards_stand(databases=["default"]) == []
    assert raw("SELECT 1 FROM pg_attribute WHERE attname = 'smuggled' AND NOT attisdropped") == []


def test_a_weakened_guard_is_made_whole_by_the_next_migration(transactional_db: None) -> None:
    with acting_as("owner"):
        raw("ALTER POLICY tenant ON cdmos_site USING (true)")
        raw(
            "CREATE OR REPLACE TRIGGER guard_log_update AFTER UPDATE ON cdmos_site FOR EACH ROW WHEN (false)"
            " EXECUTE FUNCTION trail.log_cdmos_site()"
        )
        raw("GRANT INSERT ON cdmos_historicalsite TO app")
        assert {error.id for error in guards_stand(databases=["default"])} == {"trail.E001"}
        raw("REVOKE INSERT ON cdmos_historicalsite FROM app")
        with connection.schema_editor():
            pass
    assert guards_stand(databases=["default"]) == []


def test_a_new_column_is_trailed_within_the_migration_that_adds_it(lasting_world: World) -> None:
    """Data written between the new column and the end of the same migration would otherwise lose it in silence."""
    tenant, memo = lasting_world.acme.pk, "support_memo"
    with acting_as("owner"), transaction.atomic():
        with connection.schema_editor() as editor:
            for table in (memo, "support_historicalmemo"):
                editor.execute(f"ALTER TABLE {table} ADD COLUMN mood text")
        with change(by=Actor(tenant=tenant, source="migration"), reason="Filled"):
            raw("INSERT INTO support_memo (tenant_id, version, title, mood) VALUES (%s, 1, 'x', 'calm')", tenant)
            assert raw("SELECT mood, history_source FROM support_historicalmemo WHERE title = 'x'") == [
                ("calm", "migration")
            ]
        transaction.set_rollback(True)
    assert guards_stand(databases=["default"]) == []


@pytest.mark.requirement("A11-17")
def test_a_column_with_a_default_rewrites_no_version_and_leaves_one_of_its_own(lasting_world: World, settings) -> None:
    """A real AddField: the sealed past stays as it was, and each record tells that it was filled."""
    with change(by=lasting_world.nina):
        memo = Memo.objects.create(title="Older than the column")
    field = models.CharField(max_length=5, default="calm")
    field.set_attributes_from_name("mood")
    blank = models.CharField(max_length=5, null=True, default=models.NOT_PROVIDED)
    blank.set_attributes_from_name("mood")
    with acting_as("owner"), transaction.atomic():
        with connection.schema_editor() as editor:
            editor.add_field(Memo.history.model, blank)
            editor.add_field(Memo, field)
        columns = "mood, history_type, history_source, history_user_id, history_change_reason"
        told = f"SELECT {columns} FROM support_historicalmemo WHERE id = %s ORDER BY history_id"
        assert raw(told, memo.pk) == [
            (None, "+", "browser", lasting_world.nina.user, ""),
            ("calm", "~", "migration", None, "Structure changed by an upgrade"),
        ]
        transaction.set_rollback(True)
    assert guards_stand(databases=["default"]) == []


def test_a_default_in_the_history_itself_is_refused(transactional_db: None) -> None:
    filled = "ALTER TABLE support_historicalmemo ADD COLUMN mood text DEFAULT 'calm'"
    with acting_as("owner"), pytest.raises(DatabaseError, match="keeps its name, its columns and its old versions"):
        raw(filled)


def test_history_models_carry_no_default() -> None:
    kept = [field for each in audited() for field in each.model.history.model._meta.concrete_fields]
    assert len(kept) > 100
    assert [field for field in kept if field.has_default()] == []
