"""A dump restored into a new cluster verifies, goes on sealing, and its versions stay in order."""

import os
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256
from io import StringIO
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection

from cdmos.models import CDMO
from oversight.kernel.access.scope import scope
from oversight.kernel.files.attaching import attach, content_of
from oversight.kernel.trail.change import change
from oversight.kernel.trail.checks import guards_stand
from oversight.kernel.trail.seals import SealRefused, seal
from oversight.kernel.trail.verify import verify
from oversight.runtime.instance import prepare_roles
from oversight.runtime.place import SECRETS
from oversight.runtime.postgres import Postgres
from tests.cast import World, raw, seal_now

TABLES = """
SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind = 'r' AND n.nspname IN ('public', 'trail', 'access')
"""
HASH = "SELECT count(*), md5(coalesce(string_agg(md5(t::text), '' ORDER BY md5(t::text)), '')) FROM {table} t"


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[tuple[Postgres, dict[str, str]]]:
    """A second, empty cluster with the roles in place."""
    tmp_path.chmod(0o755)
    passwords = {name: secrets.token_urlsafe() for name in SECRETS}
    with Postgres(tmp_path / "postgres", password=passwords["postgres"], fast=True) as server:
        yield server, prepare_roles(server, passwords, database="prepared")


@pytest.mark.requirement("P11-10c", "A11-7-2", "A11D-backup", "PI041-enduring", "PI041-storage")
@pytest.mark.parametrize("heads", ["carried along", "left behind"])
def test_a_restored_dump_verifies_and_goes_on_sealing(
    lasting_world: World, elsewhere: tuple[Postgres, dict[str, str]], settings, tmp_path: Path, heads: str
) -> None:
    settings.SEAL_LOG = str(tmp_path / "seals.log")
    seal_now()
    with change(by=lasting_world.nina, reason="After the seal"):
        CDMO.objects.filter(pk=lasting_world.lyra.pk).update(notes="Not sealed yet when dumped")
    with scope(lasting_world.nina):
        upload = SimpleUploadedFile("letter.txt", b"What they wrote")
        letter = attach(lasting_world.lyra, upload=upload, by=lasting_world.nina, shared=False)
    newest = raw("SELECT trail.txid()")[0][0]
    server, addresses = elsewhere
    _restore(server, tmp_path / "dump")
    rows = _hashes(os.environ["SUPERUSER_URL"], connection.settings_dict["NAME"])
    assert rows == _hashes(server.superuser_url, "restored")
    assert (len(rows) > 100, rows["public.cdmos_cdmo"][0]) == (True, 3)
    shutil.copytree(settings.FILES_ROOT, tmp_path / "files")  # as `tar` does it, after the dump
    settings.FILES_ROOT = tmp_path / "files"

    here = {key: connection.settings_dict[key] for key in ("HOST", "PORT", "NAME", "PASSWORD")}
    there = urlsplit(addresses["DATABASE_URL"])
    connection.close()
    try:
        connection.settings_dict.update(HOST=there.hostname, PORT=there.port, NAME="restored", PASSWORD=there.password)
        settings.ROLE_URLS = {role: addresses.get(f"{role.upper()}_URL", "") for role in settings.ROLE_URLS}
        assert guards_stand(databases=["default"]) == []
        if heads == "left behind":
            settings.SEAL_LOG = str(tmp_path / "other.log")
        fresh = verify()
        assert fresh.findings == []
        unknown = ["restored, and no published heads here yet: a cut tail could not be found"]
        assert fresh.notes == [
            *(unknown if heads == "left behind" else []),
            "restored into a new cluster, whose first seal or migrate is still to come",
        ]
        refused = pytest.raises(OperationalError, match="restored into a new cluster, where the trail has not begun")
        with refused, change(by=lasting_world.nina, reason="Too early"):
            CDMO.objects.filter(pk=lasting_world.lyra.pk).update(notes="Would fall out of order")
        assert seal_now() == 2  # what the dump held unsealed; a new incarnation begins
        with change(by=lasting_world.nina, reason="Life goes on"):
            CDMO.objects.filter(pk=lasting_world.lyra.pk).update(notes="In the new cluster")
        assert raw("SELECT trail.txid()")[0][0] > newest
        assert seal_now() == 3
        with scope(lasting_world.nina):
            row, content = content_of(lasting_world.lyra, lasting_world.nina, letter.pk)
            assert (row.sha256, content) == (sha256(content).hexdigest(), b"What they wrote")
            txids = list(CDMO.history.order_by("history_id").values_list("history_txid", flat=True))
        assert txids == sorted(txids)
        verdict = verify()
        assert (verdict.blocks, verdict.findings, verdict.notes) == (3, [], [])
    finally:
        connection.close()
        connection.settings_dict.update(here)


@pytest.mark.requirement("A11-7-2")
def test_heads_lost_in_a_restore_are_findings_until_somebody_signs_for_them(
    lasting_world: World, elsewhere: tuple[Postgres, dict[str, str]], settings, tmp_path: Path
) -> None:
    settings.SEAL_LOG = str(tmp_path / "seals.log")
    seal_now()
    server, addresses = elsewhere
    _restore(server, tmp_path / "dump")
    with change(by=lasting_world.nina, reason="After the dump"):
        CDMO.objects.filter(pk=lasting_world.lyra.pk).update(notes="Lost with the old cluster")
    assert seal_now() == 2

    here = {key: connection.settings_dict[key] for key in ("HOST", "PORT", "NAME", "PASSWORD")}
    there = urlsplit(addresses["DATABASE_URL"])
    connection.close()
    try:
        connection.settings_dict.update(HOST=there.hostname, PORT=there.port, NAME="restored", PASSWORD=there.password)
        settings.ROLE_URLS = {role: addresses.get(f"{role.upper()}_URL", "") for role in settings.ROLE_URLS}
        lost = "block 2 was published and is missing: the chain ends at 1"
        assert [str(finding) for finding in verify().findings] == [lost]
        with pytest.raises(SealRefused, match="heads 2 to 2 were published and are gone"):
            seal()
        call_command(
            "accept_restore", by="Nina Berg", why="Disk failure on Sunday; the dump of Saturday", stdout=StringIO()
        )
        with pytest.raises(CommandError, match="Nothing to accept"):
            call_command("accept_restore", by="Nina Berg", why="Again")
        call_command("migrate", verbosity=0)  # the other way to begin in the new cluster
        verdict = verify()
        assert verdict.findings == []
        assert verdict.notes[0] == (
            "block 2 was lost in a restore that Nina Berg accepted: Disk failure on Sunday; the dump of Saturday"
        )
        with change(by=lasting_world.nina, reason="Again"):
            CDMO.objects.filter(pk=lasting_world.lyra.pk).update(notes="Written again")
        assert seal_now() == 2 and verify().findings == []
    finally:
        connection.close()
        connection.settings_dict.update(here)


def _hashes(superuser: str, database: str) -> dict[str, tuple[int, str]]:
    """Of each table how many rows there are, and one hash of them all."""
    url = urlsplit(superuser)._replace(path=f"/{database}").geturl()
    found: dict[str, tuple[int, str]] = {}
    with closing(psycopg2.connect(url)) as asked, asked.cursor() as cursor:
        cursor.execute(TABLES)
        for (table,) in cursor.fetchall():
            cursor.execute(HASH.format(table=table))
            found[table] = cursor.fetchone()
    return found


def _restore(server: Postgres, dump: Path) -> None:
    """As an operator does it: dumped by the backup role, restored by the new cluster's superuser."""
    backup = urlsplit(os.environ["BACKUP_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    subprocess.run([server.bin / "pg_dump", "-Fc", "-f", dump, backup], check=True)
    superuser = psycopg2.connect(server.superuser_url)
    superuser.autocommit = True
    superuser.cursor().execute("CREATE DATABASE restored OWNER owner")
    superuser.close()
    address = urlsplit(server.superuser_url)._replace(path="/restored").geturl()
    subprocess.run([server.bin / "pg_restore", "--exit-on-error", "-d", address, dump], check=True)
