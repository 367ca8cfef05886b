"""Forgeries that go past the seals rather than through them."""

import json
import os
from datetime import timedelta
from pathlib import Path

import psycopg2
import pytest
from django.db import DatabaseError, connection, transaction

from cdmos.models import CDMO
from oversight.kernel.access.scope import scope
from oversight.kernel.database.roles import connection_as
from oversight.kernel.trail import functions, seals
from oversight.kernel.trail.change import change
from oversight.kernel.trail.models import SealerRun
from oversight.kernel.trail.seals import SealRefused, health, seal
from oversight.kernel.trail.verify import verify
from tests.cast import World, raw, seal_now

from .test_seals import TABLE, seal_log, sealed, tamper, versions  # noqa: F401  fixtures

pytestmark = pytest.mark.usefixtures("seal_log")


def said() -> list[str]:
    return [str(finding) for finding in verify().findings]


def forged_copy(first: int, **values: object) -> str:
    return f"""INSERT INTO {TABLE} OVERRIDING SYSTEM VALUE
      SELECT (jsonb_populate_record(h, '{json.dumps({"history_id": 70_000} | values)}')).* FROM {TABLE} h
       WHERE history_id = {first}"""


@pytest.mark.parametrize("txid", [-1, -(2**63), 0, 2**62 - 1, 2**62, 2**63 - 1])
def test_no_transaction_id_lies_outside_the_scale(sealed: World, txid: int) -> None:  # noqa: F811
    tamper(forged_copy(versions(sealed)[0], history_txid=txid))
    assert [(f.problem, f.key) for f in verify().findings if f.key == 70_000] == [
        ("added" if txid <= 0 else "from the future", 70_000)
    ]


def test_a_key_below_zero_is_named_and_stops_no_seal(sealed: World) -> None:  # noqa: F811
    tamper(forged_copy(versions(sealed)[0], history_id=-5, id=-5))
    assert f"added: table={TABLE} history_id=-5 tenant={sealed.acme.pk} block=1" in said()
    with change(by=sealed.nina, reason="Life goes on"):
        CDMO.objects.filter(pk=sealed.lyra.pk).update(notes="Life goes on")
    assert seal_now() == 3


@pytest.mark.requirement("P11-10e-time")
@pytest.mark.parametrize("when", ["2020-01-01T00:00:00Z", "2126-01-01T00:00:00Z"])
def test_a_version_dated_at_another_time_is_named_sealed_or_not(sealed: World, when: str) -> None:  # noqa: F811
    with change(by=sealed.nina, reason="Now"):
        CDMO.objects.filter(pk=sealed.lyra.pk).update(notes="Now")
    last = versions(sealed)[-1]
    tamper(f"UPDATE {TABLE} SET history_date = '{when}' WHERE history_id = {last}")
    found = f"dated at another time than it was written: table={TABLE} history_id={last} tenant={sealed.acme.pk}"
    assert said() == [found]
    seal_now()
    assert said() == [found]


def test_the_database_cannot_claim_to_be_another_cluster(sealed: World) -> None:  # noqa: F811
    tamper(
        "DELETE FROM trail_part",
        "DELETE FROM trail_block",
        f"UPDATE {TABLE} SET notes = 'FORGED' WHERE history_id = {versions(sealed)[0]}",
        "CREATE OR REPLACE FUNCTION trail.begin_incarnation() RETURNS boolean LANGUAGE sql AS 'SELECT true'",
    )
    try:
        assert "block 2 was published and is missing: the chain ends at 0" in said()
        with pytest.raises(SealRefused, match="published and are gone"):
            seal()
    finally:
        put_the_function_back()


def put_the_function_back() -> None:
    """As the migration made it, for the tests that follow."""
    text = (Path(functions.__file__).parent / "sql" / "trail.sql").read_text()
    begin = text.index("CREATE FUNCTION trail.begin_incarnation()")
    with connection_as("owner") as owner, owner.cursor() as cursor:
        cursor.execute(text[begin : text.index("END $$;", begin) + 7].replace("CREATE", "CREATE OR REPLACE", 1))
        assert functions.problems(cursor) == []


def test_the_seal_log_does_not_heal_itself(sealed: World, seal_log: Path) -> None:  # noqa: F811
    seal_log.unlink()
    for _ in range(2):
        with pytest.raises(SealRefused, match="bring the seal log back"):
            seal()
        assert said() == ["no head is published outside the database: the seal log is missing"]
    assert health() == "broken"


def test_lines_of_the_seal_log_that_were_changed_or_garbled_are_noticed(sealed: World, seal_log: Path) -> None:  # noqa: F811
    lines = seal_log.read_text().splitlines()
    false = json.dumps(json.loads(lines[0]) | {"mac": "00" * 32})
    for change_of_log, finding in (
        ([false, *lines], "block 1 was published twice, differently"),
        ([lines[0].replace('"before": ', '"before": 1'), lines[1]], "block 1 is not the one that was published"),
        ([lines[1]], "block 1 was never published"),
        (["\udcff\udcfe", lines[1]], "block 1 was never published"),
    ):
        seal_log.write_bytes("\n".join([*change_of_log, ""]).encode(errors="surrogateescape"))
        assert finding in said()
    unsigned = {"accepted": 1, "cluster": "1", "by": "X", "why": "X", "at": "2026-01-01T00:00:00+00:00", "mac": "00"}
    seal_log.write_text("\n".join([*lines, json.dumps(unsigned), ""]))
    assert said() == ["a line of the seal log claims an accepted restore and is not signed"]


def test_digests_cut_short_are_a_finding_and_no_crash(sealed: World) -> None:  # noqa: F811
    tamper("UPDATE trail_part SET digests = substr(digests, 1, 10) WHERE block_id = 2")
    assert "block 2: the seal itself was altered" in said()


def test_what_waits_for_its_seal_is_counted(lasting_world: World) -> None:
    verdict = verify()
    assert verdict.blocks == 0 and verdict.findings == []
    assert verdict.notes[0].startswith("rows newer than the last seal, not sealed yet: ")


def test_a_held_lock_and_an_old_transaction_show_on_the_health_page(sealed: World, monkeypatch) -> None:  # noqa: F811
    address = os.environ["DATABASE_URL"].rsplit("/", 1)[0] + "/" + connection.settings_dict["NAME"]
    other = psycopg2.connect(address)
    other.cursor().execute("SELECT pg_advisory_lock(hashtext('trail.seal'))")
    with pytest.raises(SealRefused, match="another session holds the lock"):
        seal()
    assert health() == "broken"
    other.rollback()
    other.cursor().execute("SELECT pg_advisory_unlock_all(), pg_current_xact_id()")
    monkeypatch.setattr(seals, "LATE_AFTER", timedelta(seconds=-1))
    seal()
    assert SealerRun.objects.get().outcome.startswith("waiting: a transaction is open since ")
    assert health() == "late"
    other.close()


def test_a_version_forged_through_a_trigger_of_the_owners_own_is_refused(lasting_world: World) -> None:
    with (
        connection_as("owner") as owner,
        owner.cursor() as cursor,
        pytest.raises(DatabaseError, match="only the trail"),
    ):
        cursor.execute(
            f"""CREATE TABLE public.bait (id int);
                CREATE FUNCTION public.forge() RETURNS trigger LANGUAGE plpgsql AS $f$ BEGIN
                  PERFORM set_config('app.migrating', 'on', true);
                  INSERT INTO {TABLE} OVERRIDING SYSTEM VALUE
                    SELECT (jsonb_populate_record(h, '{{"history_id": 80000}}')).* FROM {TABLE} h LIMIT 1;
                  RETURN NULL; END $f$;
                CREATE TRIGGER forge AFTER INSERT ON public.bait FOR EACH ROW EXECUTE FUNCTION public.forge();
                INSERT INTO public.bait VALUES (1)"""
        )
    with scope(lasting_world.nina):
        assert not CDMO.history.filter(history_id=80_000).exists()


@pytest.mark.parametrize("blank", ["\t\n", "\u00a0", "\u200b\u200d", "\ufeff \u2060"])
def test_a_reason_that_nobody_can_see_is_none(world: World, blank: str) -> None:
    with pytest.raises(DatabaseError, match="a change needs a reason"), change(by=world.nina, reason="x"):
        raw("SELECT set_config('app.reason', %s, true)", blank)
        CDMO.objects.update(notes="For no visible reason")


@pytest.mark.requirement("ASVS-4.1.2")
def test_partners_and_narrowed_staff_write_nothing_that_says_who_may_see_what(world: World) -> None:
    columns = "tenant_id, version, cdmo_id, kind, record_id, withdrawn"
    share = f"INSERT INTO access_share ({columns}) VALUES (%s, 1, %s, 'x', 1, false)"
    for actor in (world.paul, world.connie):
        with pytest.raises(DatabaseError, match="row-level security"), change(by=actor, reason="Opening"):
            raw(share, world.acme.pk, world.lyra.pk)
        with change(by=actor, reason="Renaming"):
            assert raw("UPDATE access_sponsor SET name = 'Mine'") == 0
            assert raw("UPDATE access_membership SET role = 'cdmo_project' WHERE cdmo_id IS NOT NULL") == 0
            assert raw("UPDATE access_grant SET object_pk = '1'") == 0
            assert raw("DELETE FROM access_grant") == 0


def test_no_row_is_written_for_another_sponsor_past_the_application(world: World) -> None:
    # No RETURNING, so that it is the policy's check and not its sight that refuses.
    memo = "INSERT INTO support_memo (tenant_id, version, title) VALUES (%s, 1, 'Smuggled')"
    with pytest.raises(DatabaseError, match="row-level security"), change(by=world.nina, reason="Smuggling"):
        raw(memo, world.rival.pk)
    ticket = "INSERT INTO support_ticket (tenant_id, version, cdmo_id, title) VALUES (%s, 1, %s, 'Smuggled')"
    with pytest.raises(DatabaseError, match="row-level security"), change(by=world.paul, reason="Smuggling"):
        raw(ticket, world.acme.pk, world.orion.pk)
    with transaction.atomic(), scope(world.nina):
        assert raw("SELECT count(*) FROM support_memo") == [(0,)]


@pytest.mark.requirement("ASVS-7.1.4")
def test_the_security_log_tells_its_own_time(transactional_db: None) -> None:
    raw("INSERT INTO access_securityevent (at, kind, email, request, path) VALUES ('2020-01-01', 'DENIED', '', '', '')")
    with connection_as("auditor") as auditor, auditor.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM access_securityevent WHERE at > now() - interval '1 minute'")
        assert cursor.fetchone() == (1,)
