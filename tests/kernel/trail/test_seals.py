"""Tampering with sealed history is found, row by row, even when a superuser did it with the triggers off."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from cdmos.models import CDMO
from oversight.kernel.access.scope import scope
from oversight.kernel.database.roles import connection_as
from oversight.kernel.trail import published
from oversight.kernel.trail.change import change
from oversight.kernel.trail.seals import SealRefused, health, seal, seal_status
from oversight.kernel.trail.verify import verify
from tests.cast import World, raw, seal_now

TABLE = "cdmos_historicalcdmo"


@pytest.fixture(autouse=True)
def seal_log(settings, tmp_path: Path) -> Path:
    settings.SEAL_LOG = str(tmp_path / "seals.log")
    return tmp_path / "seals.log"


@pytest.fixture
def sealed(lasting_world: World) -> World:
    """Two blocks: the world as it was founded, and one later change of Lyra."""
    seal_now()
    with change(by=lasting_world.nina, reason="Merged"):
        CDMO.objects.filter(pk=lasting_world.lyra.pk).update(legal_name="Lyra Holding")
    seal_now()
    assert verify().findings == []
    return lasting_world


def tamper(*statements: str) -> None:
    """As superuser, with every trigger of the table off, and on again afterwards as if nothing had been."""
    with connection_as("superuser") as superuser, superuser.cursor() as cursor:
        cursor.execute("SET event_triggers = off")
        for table in (TABLE, "cdmos_cdmo", "trail_block", "trail_part"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
        for statement in statements:
            cursor.execute(statement)
        for table in (TABLE, "cdmos_cdmo", "trail_block", "trail_part"):
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER ALL")
            cursor.execute(
                "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname LIKE 'guard%%'", [table]
            )
            for (name,) in cursor.fetchall():
                cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")


def versions(world: World) -> list[int]:
    """The keys of Acme's CDMO history: Lyra founded, Orion founded, Lyra changed."""
    with scope(world.nina):
        return list(CDMO.history.order_by("history_id").values_list("history_id", flat=True))


def run_command() -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("verify_trail", stdout=out)
    except CommandError as error:
        return error.returncode, out.getvalue()
    return 0, out.getvalue()


@pytest.mark.requirement("A11D-archive")
def test_untouched_data_is_clean(sealed: World) -> None:
    verdict = verify()
    assert (verdict.blocks, verdict.findings, verdict.notes) == (2, [], [])
    code, said = run_command()
    assert code == 0 and f"{verdict.rows} rows in 2 blocks." in said


def test_rolled_back_transactions_leave_no_trace_and_no_finding(sealed: World) -> None:
    for _ in range(3):
        with pytest.raises(ZeroDivisionError), change(by=sealed.nina, reason="Lost"):
            CDMO.objects.update(notes="Lost")
            _ = 1 / 0
    with change(by=sealed.nina, reason="Kept"):
        CDMO.objects.update(notes="Kept")
    assert seal_now() == 3
    assert verify().findings == []


def test_nothing_new_makes_no_block(sealed: World) -> None:
    assert seal() is None
    assert seal_status().number == 2 and health() == "ok"


@pytest.mark.requirement("P11-10a-altered", "A11D-archive", "PI041-accurate")
def test_an_altered_row_is_named(sealed: World) -> None:
    first = versions(sealed)[0]
    tamper(f"UPDATE {TABLE} SET name = 'Nothing happened' WHERE history_id = {first}")
    code, said = run_command()
    assert code == 1
    assert f"altered: table={TABLE} history_id={first} tenant={sealed.acme.pk} block=1" in said.splitlines()


@pytest.mark.requirement("A11-12-4", "PI041-who-what-when-why")
@pytest.mark.parametrize("column", ["history_user_id", "history_date", "history_change_reason", "history_role"])
def test_who_when_and_why_are_sealed_too(sealed: World, column: str) -> None:
    first = versions(sealed)[0]
    value = {"history_user_id": "1", "history_date": "now()"}.get(column, "'x'")
    tamper(f"UPDATE {TABLE} SET {column} = {value} WHERE history_id = {first}")
    assert [(f.problem, f.key) for f in verify().findings] == [("altered", first)]


@pytest.mark.requirement("P11-10a-altered")
def test_a_deleted_row_is_named(sealed: World) -> None:
    last = versions(sealed)[-1]
    tamper(f"DELETE FROM {TABLE} WHERE history_id = {last}")
    findings = {str(finding) for finding in verify().findings}
    assert f"missing: table={TABLE} history_id={last} tenant={sealed.acme.pk} block=2" in findings
    assert f"not as its newest version says: table=cdmos_cdmo id={sealed.lyra.pk} tenant={sealed.acme.pk}" in findings
    assert len(findings) == 2


@pytest.mark.requirement("P11-10a-altered")
def test_an_inserted_row_is_named(sealed: World) -> None:
    first = versions(sealed)[0]
    tamper(
        f"""INSERT INTO {TABLE} OVERRIDING SYSTEM VALUE
            SELECT (jsonb_populate_record(h, '{{"history_id": 9999}}')).* FROM {TABLE} h WHERE history_id = {first}"""
    )
    assert [str(f) for f in verify().findings if f.problem == "added"] == [
        f"added: table={TABLE} history_id=9999 tenant={sealed.acme.pk} block=1"
    ]


@pytest.mark.requirement("P11-10a-altered")
def test_swapped_rows_are_named(sealed: World) -> None:
    first, second, _ = versions(sealed)
    tamper(
        f"UPDATE {TABLE} SET history_id = -1 WHERE history_id = {first}",
        f"UPDATE {TABLE} SET history_id = {first} WHERE history_id = {second}",
        f"UPDATE {TABLE} SET history_id = {second} WHERE history_id = -1",
    )
    altered = {(f.problem, f.key) for f in verify().findings if f.table == TABLE}
    assert altered == {("altered", first), ("altered", second)}


@pytest.mark.requirement("PI041-consistent")
def test_rows_moved_to_another_time_are_named(sealed: World) -> None:
    first, _, last = versions(sealed)
    tamper(
        f"UPDATE {TABLE} SET history_txid = (SELECT history_txid FROM {TABLE} WHERE history_id = {last})"
        f" WHERE history_id = {first}"
    )
    assert {(f.problem, f.key, f.block) for f in verify().findings if f.table == TABLE} == {
        ("missing", first, 1),
        ("added", first, 2),
    }


def test_the_newest_block_cut_off_is_noticed_and_its_rows_are_named(sealed: World) -> None:
    last = versions(sealed)[-1]
    tamper("DELETE FROM trail_part WHERE block_id = 2", "DELETE FROM trail_block WHERE number = 2")
    code, said = run_command()
    assert code == 1
    assert "block 2 was published and is missing: the chain ends at 1" in said.splitlines()
    assert f"covered by no block: table={TABLE} history_id={last} tenant={sealed.acme.pk}" in said.splitlines()
    with pytest.raises(SealRefused, match="heads 2 to 2 were published and are gone"):
        seal_now()
    assert health() == "broken"


def test_a_block_cut_out_of_the_middle_is_noticed(sealed: World) -> None:
    with change(by=sealed.nina, reason="Later"):
        CDMO.objects.filter(pk=sealed.orion.pk).update(notes="Later")
    seal_now()
    second = versions(sealed)[2]
    tamper("DELETE FROM trail_part WHERE block_id = 2", "DELETE FROM trail_block WHERE number = 2")
    findings = {str(finding) for finding in verify().findings}
    assert "blocks 2 to 2 are missing" in findings
    assert f"covered by no block: table={TABLE} history_id={second} tenant={sealed.acme.pk}" in findings


def test_an_altered_seal_is_noticed(sealed: World) -> None:
    tamper("UPDATE trail_part SET tenant_id = 77 WHERE block_id = 2")
    assert "block 2: the seal itself was altered" in [str(f) for f in verify().findings]


@pytest.mark.requirement("PI041-owner")
def test_a_chain_made_anew_without_the_key_is_noticed(sealed: World, settings, tmp_path: Path) -> None:
    first = versions(sealed)[0]
    tamper(
        f"UPDATE {TABLE} SET name = 'Forged' WHERE history_id = {first}",
        "DELETE FROM trail_part",
        "DELETE FROM trail_block",
    )
    right, log = settings.SEAL_KEY_FILE, settings.SEAL_LOG
    forged = tmp_path / "forged.key"
    forged.write_text("00" * 32)
    settings.SEAL_KEY_FILE, settings.SEAL_LOG = str(forged), str(tmp_path / "forged.log")
    seal_now()
    settings.SEAL_KEY_FILE, settings.SEAL_LOG = right, log
    said = [str(f) for f in verify().findings]
    assert "block 1: the seal itself was altered" in said and "block 1 is not the one that was published" in said


def test_a_record_changed_past_its_trail_is_named_before_any_seal(lasting_world: World) -> None:
    tamper(f"UPDATE cdmos_cdmo SET name = 'Quietly' WHERE id = {lasting_world.orion.pk}")
    assert [str(f) for f in verify().findings] == [
        f"not as its newest version says: table=cdmos_cdmo id={lasting_world.orion.pk} tenant={lasting_world.acme.pk}"
    ]


@pytest.mark.requirement("PI041-consistent")
def test_an_unsealed_row_dated_beyond_the_present_is_named(sealed: World) -> None:
    first = versions(sealed)[0]
    tamper(
        f"""INSERT INTO {TABLE} OVERRIDING SYSTEM VALUE SELECT (jsonb_populate_record(h,
            '{{"history_id": -9, "history_txid": 4000000000000}}')).* FROM {TABLE} h WHERE history_id = {first}"""
    )
    assert [str(f) for f in verify().findings] == [
        f"from the future: table={TABLE} history_id=-9 tenant={sealed.acme.pk}"
    ]


def test_a_missing_log_is_a_finding_and_a_torn_line_is_healed(sealed: World, seal_log: Path) -> None:
    kept = seal_log.read_text()
    seal_log.unlink()
    assert [str(f) for f in verify().findings] == ["no head is published outside the database: the seal log is missing"]
    seal_log.write_text(kept[: len(kept) - 40])
    assert verify().findings == [] and [line.number for line in published.lines()] == [1]
    with change(by=sealed.nina, reason="After the crash"):
        CDMO.objects.update(notes="After the crash")
    assert seal_now() == 3
    assert [line.number for line in published.lines()] == [1, 2, 3] and verify().findings == []


def test_an_open_transaction_is_sealed_after_it_ends(sealed: World) -> None:
    with change(by=sealed.nina, reason="Slow"):
        CDMO.objects.filter(pk=sealed.lyra.pk).update(notes="Slow")
        slow = raw("SELECT trail.txid()")[0][0]
        assert seal() is None
    assert seal_now() == 3 and seal_status().covers(slow)
    assert verify().findings == []


def test_the_command_says_what_it_lacks(lasting_world: World, settings) -> None:
    settings.ROLE_URLS = settings.ROLE_URLS | {"sealer": ""}
    with pytest.raises(CommandError, match="needs the database role sealer: set SEALER_URL") as refusal:
        call_command("verify_trail")
    assert refusal.value.returncode == 2
    assert connection.settings_dict["USER"] == "app"
