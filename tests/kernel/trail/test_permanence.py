"""What nobody may do to the history, and who tried."""

import re

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection

from oversight.kernel.database.roles import connection_as
from oversight.kernel.trail import functions
from oversight.kernel.trail.audited import audited
from oversight.kernel.trail.change import change
from oversight.kernel.trail.checks import guards_stand
from oversight.kernel.trail.guards import judged
from oversight.kernel.trail.rights import rights
from tests.cast import World, raw


@pytest.mark.requirement("P11-10c", "A11D-trail-on", "PI041-secure")
@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO cdmos_historicalcdmo (id) VALUES (1)",
        "UPDATE cdmos_historicalcdmo SET name = 'X'",
        "DELETE FROM cdmos_historicalcdmo",
        "TRUNCATE cdmos_historicalcdmo",
        "DELETE FROM cdmos_cdmo",
        "TRUNCATE cdmos_cdmo CASCADE",
        "ALTER TABLE cdmos_cdmo DISABLE TRIGGER guard_log",
        "DROP TABLE cdmos_historicalcdmo",
        "CREATE TABLE evil (id int)",
        "CREATE FUNCTION evil() RETURNS int LANGUAGE sql RETURN 1",
        "SET SESSION AUTHORIZATION owner",
        "SET ROLE keeper",
        "SELECT trail.begin_incarnation()",
        "SELECT * FROM trail.leaves('cdmos_historicalcdmo', 'history_id', 'tenant_id', '{0,9}')",
        "SELECT * FROM trail_part",
        "INSERT INTO trail_block (number) VALUES (1)",
        "SELECT email FROM access_securityevent",
        "DELETE FROM access_securityevent",
    ],
)
def test_the_application_may_not(world: World, statement: str) -> None:
    with (
        pytest.raises(DatabaseError, match=r"permission denied|must be owner|must be member"),
        change(by=world.nina, reason="Trying"),
    ):
        raw(statement)


OWNER_TRIES = {
    "INSERT INTO cdmos_historicalcdmo SELECT * FROM cdmos_historicalcdmo": "only the trail of the record writes it",
    "UPDATE cdmos_historicalcdmo SET name = 'X'": "it is append-only",
    "DELETE FROM cdmos_historicalcdmo": "it is append-only",
    "TRUNCATE cdmos_historicalcdmo": "it is append-only",
    "TRUNCATE cdmos_site CASCADE": "records are permanent",
    "TRUNCATE trail_part": "it is append-only",
    "ALTER TABLE cdmos_historicalcdmo DISABLE TRIGGER guard_row": "stays guarded",
    "ALTER TABLE cdmos_historicalcdmo DISABLE TRIGGER USER": "stays guarded",
    "ALTER TABLE cdmos_cdmo ENABLE TRIGGER guard_log": "stays guarded",
    "ALTER TABLE cdmos_cdmo DISABLE ROW LEVEL SECURITY": "stays guarded",
    "ALTER TABLE cdmos_cdmo NO FORCE ROW LEVEL SECURITY": "stays guarded",
    "DROP TRIGGER guard_row ON cdmos_historicalcdmo": "stays guarded",
    "DROP TRIGGER guard_log ON cdmos_cdmo": "stays guarded",
    "DROP POLICY tenant ON cdmos_cdmo": "stays guarded",
    "DROP POLICY partner ON cdmos_historicalcdmo": "stays guarded",
    "DROP FUNCTION trail.refuse() CASCADE": "stays guarded",
    "DROP FUNCTION access.tenant() CASCADE": "stays guarded",
    "DROP SCHEMA trail CASCADE": "stays guarded",
    "DROP TABLE cdmos_historicalcdmo": "stays guarded",
    "DROP TABLE cdmos_site CASCADE": "stays guarded",
    "ALTER TABLE cdmos_site DROP CONSTRAINT cdmos_site_cdmo_id_tenant": "stays guarded",
    "ALTER TRIGGER guard_row ON cdmos_historicalcdmo RENAME TO x": "stays guarded",
    "ALTER POLICY tenant ON cdmos_cdmo RENAME TO x": "stays guarded",
    "ALTER FUNCTION trail.refuse() RENAME TO x": "stays guarded",
    "CREATE RULE r AS ON UPDATE TO cdmos_cdmo DO INSTEAD NOTHING": "stays guarded",
    "CREATE TABLE child () INHERITS (cdmos_historicalcdmo)": "stays guarded",
    "ALTER TABLE cdmos_historicalcdmo RENAME TO elsewhere": "keeps its name",
    "ALTER TABLE cdmos_historicalcdmo SET SCHEMA trail": "keeps its name",
    "ALTER TABLE cdmos_historicalcdmo RENAME COLUMN notes TO x": "keeps its name",
    "ALTER TABLE cdmos_historicalcdmo ALTER notes TYPE varchar USING 'FORGED'": "rewriting .* is refused",
    "ALTER TABLE cdmos_historicalcdmo SET UNLOGGED": "rewriting .* is refused",
    "ALTER TABLE cdmos_historicalcdmo ADD COLUMN x int DEFAULT 5": "keeps its name",
    "TRUNCATE access_securityevent": "it is append-only",
    "UPDATE trail_incarnation SET lift = 0": "it is append-only",
    "ALTER TABLE cdmos_historicalcdmo DROP COLUMN name": "stays guarded",
    "DROP TABLE trail_part": "stays guarded",
    "SET session_replication_role = replica": "permission denied",
    "ALTER EVENT TRIGGER sentinel_after_drop DISABLE": "must be owner",
    "DROP EVENT TRIGGER sentinel_after_drop": "must be owner",
}


@pytest.mark.requirement("P11-10e-retain", "A11D-trail-on", "PI041-enduring")
@pytest.mark.parametrize("statement", OWNER_TRIES)
def test_not_even_the_owner_may(lasting_world: World, statement: str) -> None:
    refused = pytest.raises(DatabaseError, match=OWNER_TRIES[statement])
    with connection_as("owner") as owner, owner.cursor() as cursor, refused:
        cursor.execute(statement)
    assert guards_stand(databases=["default"]) == []


@pytest.mark.requirement("P11-10e-keep", "PI041-original")
def test_nobody_updates_history_within_a_change_either(lasting_world: World) -> None:
    for role in ("owner", "superuser"):
        with connection_as(role) as other, other.cursor() as cursor:
            cursor.execute("SELECT set_config('app.actor', '1', false), set_config('app.reason', 'Cleaning', false)")
            for statement in ("UPDATE cdmos_historicalcdmo SET name = 'X'", "DELETE FROM cdmos_historicalcdmo"):
                with pytest.raises(DatabaseError, match="append-only"):
                    cursor.execute(statement)


@pytest.mark.requirement("A11-10-set", "PI041-owner")
def test_changes_of_structure_are_written_down(transactional_db: None) -> None:
    with connection_as("superuser") as superuser, superuser.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM sentinel.structure_log WHERE command = 'CREATE TABLE' AND role = 'owner'")
        assert cursor.fetchone()[0] >= len(audited()) * 2
        cursor.execute("SELECT * FROM sentinel.broken_guards")
        assert cursor.fetchall() == []


def test_the_guards_stand_also_after_the_flush_between_committing_tests(transactional_db: None) -> None:
    call_command("check", databases=["default"])
    assert guards_stand(databases=["default"]) == []


@pytest.mark.requirement("A11D-trail-on", "PI041-owner")
@pytest.mark.parametrize(
    ("damage", "said"),
    [
        ("ALTER POLICY tenant ON cdmos_cdmo USING (true)", "the guards of cdmos_cdmo are not those"),
        ("CREATE POLICY open ON cdmos_site TO app USING (true)", "unknown policies open"),
        (
            "CREATE FUNCTION public.swallow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';"
            "CREATE TRIGGER swallow BEFORE INSERT ON cdmos_historicalsite FOR EACH ROW EXECUTE FUNCTION swallow()",
            "swallow missing or unknown",
        ),
        (
            "SET LOCAL ROLE keeper; CREATE OR REPLACE FUNCTION trail.log_cdmos_site() RETURNS trigger LANGUAGE plpgsql"
            " AS 'BEGIN RETURN NULL; END'; RESET ROLE",
            "the guards of cdmos_site are not those",
        ),
        ("ALTER TABLE cdmos_site ADD COLUMN smuggled text", "cdmos_historicalsite lacks smuggled"),
        ("GRANT INSERT ON cdmos_historicalsite TO app", "the application may write there"),
        (
            "CREATE OR REPLACE FUNCTION trail.unattributed(op text, place text) RETURNS void LANGUAGE plpgsql"
            " AS 'BEGIN END'",
            "trail.unattributed(op text, place text) is not as in the code",
        ),
        (
            "CREATE OR REPLACE FUNCTION access.cdmos() RETURNS bigint[] LANGUAGE sql STABLE RETURN NULL::bigint[]",
            "access.cdmos() is not as in the code",
        ),
        (
            "SET LOCAL ROLE keeper; CREATE OR REPLACE FUNCTION trail.drifted(place text, history text, tenant text,"
            " columns text[]) RETURNS TABLE (tenant_id bigint, id bigint) LANGUAGE sql SECURITY DEFINER"
            " AS 'SELECT NULL::bigint, NULL::bigint WHERE false'; RESET ROLE",
            "is not as in the code",
        ),
    ],
)
def test_the_drift_check_sees_what_an_owner_changed(transactional_db: None, damage: str, said: str) -> None:
    with connection_as("owner") as owner, owner.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute(damage)
        found = [problem for _, problems in judged(cursor) for problem in problems]
        assert said in " ".join(found + functions.problems(cursor))
        cursor.execute("ROLLBACK")
    assert guards_stand(databases=["default"]) == []


def test_every_table_has_declared_rights_and_no_more(transactional_db: None) -> None:
    with connection_as("superuser") as superuser, superuser.cursor() as cursor:
        cursor.execute(
            """SELECT table_name, grantee, privilege_type FROM information_schema.table_privileges
                WHERE table_schema = 'public' AND grantee NOT IN ('owner', 'postgres')"""
        )
        held = set(cursor.fetchall())
    assert set(connection.introspection.table_names()) == set(rights())
    assert held == {
        (table, role, right)
        for table, roles in rights().items()
        for role, said in roles.items()
        for right in re.sub(r"\w+ \([^)]*\)", "", said).split(", ")
        if right
    }
    assert ("access_user", "auditor", "SELECT") not in held and ("django_session", "auditor", "SELECT") not in held
