"""Attaching, withdrawing and keeping: limits, sides, the scanner, and bytes that must not change."""

from hashlib import sha256

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction

from oversight.kernel.access.models import Share
from oversight.kernel.access.scope import Actor, scope
from oversight.kernel.files import store as bytes_store
from oversight.kernel.files.attaching import attach, content_of, files_of, withdraw
from oversight.kernel.files.models import Attachment
from oversight.kernel.trail.change import change
from oversight.kernel.trail.models import Record
from oversight.kernel.workflow.refusals import NotAllowed, Refused
from tests.cast import World, raw
from tests.support.models import Bulletin

from .samples import CSV, PDF, TEXT


def put(by: Actor, record: Record, name: str = "Report.pdf", content: bytes = PDF, **options: object) -> Attachment:
    with scope(by):
        return attach(record, upload=SimpleUploadedFile(name, content), by=by, **{"shared": False} | options)


def refusal(by: Actor, record: Record, name: str = "Report.pdf", content: bytes = PDF, **options: object) -> str:
    with pytest.raises(ValidationError) as refused:
        put(by, record, name, content, **options)
    return " ".join(refused.value.messages)


def stored(store) -> list[str]:
    return sorted(str(path.relative_to(store)) for path in store.rglob("*") if path.is_file())


def names(actor: Actor, record: Record) -> list[str]:
    with scope(actor):
        return [seen.row.name for seen in files_of(record, actor)]


@pytest.mark.requirement("ASVS-12.1.1")
def test_the_limit_of_size_is_named_and_holds_to_the_byte(world: World, settings) -> None:
    settings.FILES_MAX_BYTES = len(TEXT)
    assert put(world.nina, world.lyra, "notes.txt", TEXT).size == len(TEXT)
    assert refusal(world.nina, world.lyra, "more.txt", TEXT + b"x") == (
        f"“more.txt” has {len(TEXT) + 1} bytes; {len(TEXT)} bytes is the most that a file may have."
    )
    settings.FILES_MAX_BYTES = 25 * 1024 * 1024
    assert refusal(world.nina, world.lyra, "big.txt", b"x" * (25 * 1024 * 1024 + 1)) == (
        "“big.txt” has 25 MB; 25 MB is the most that a file may have."
    )
    assert names(world.nina, world.lyra) == ["notes.txt"]


@pytest.mark.requirement("ASVS-12.1.3")
def test_the_limit_to_a_record_counts_what_is_attached_now(world: World, settings) -> None:
    settings.FILES_PER_RECORD = 2
    put(world.nina, world.lyra, "one.pdf")
    two = put(world.nina, world.lyra, "two.pdf")
    assert refusal(world.nina, world.lyra, "three.pdf") == "A record takes 2 files at most."
    with scope(world.nina):
        withdraw(two, by=world.nina, reason="Superseded")
    put(world.nina, world.lyra, "three.pdf")
    put(world.nina, world.orion, "one.pdf")


def test_the_same_file_is_not_attached_twice_by_a_second_click(world: World) -> None:
    put(world.nina, world.lyra, label="because_1")
    assert refusal(world.nina, world.lyra, label="because_1") == (
        "“Report.pdf” is attached already, with the same content."
    )
    put(world.nina, world.lyra, label="because_2")
    put(world.nina, world.lyra, label="because_1", shared=True)
    assert refusal(world.nina, world.lyra, label="Because 1").startswith("A label has small letters")


def test_a_partner_learns_nothing_of_an_internal_file_by_attaching_the_same(world: World) -> None:
    put(world.nina, world.lyra)
    assert put(world.paul, world.lyra).shared is True
    assert names(world.paul, world.lyra) == ["Report.pdf"]


def test_one_content_is_kept_once_per_sponsor(store, world: World) -> None:
    digest = sha256(PDF).hexdigest()
    put(world.nina, world.lyra, "one.pdf")
    put(world.paul, world.lyra, "two.pdf")
    put(world.olga, world.orion, "three.pdf")
    put(world.riva, world.foreign, "one.pdf")
    assert stored(store) == sorted(f"{sponsor.pk}/{digest[:2]}/{digest}" for sponsor in (world.acme, world.rival))


@pytest.mark.requirement("A11-7-1")
def test_bytes_that_changed_in_the_store_are_never_given_out(store, world: World, caplog) -> None:
    row = put(world.nina, world.lyra)
    place = store / stored(store)[0]
    for meddle in (lambda: place.write_bytes(PDF.replace(b"Root", b"Riot")), place.unlink):
        meddle()
        with scope(world.nina), pytest.raises(bytes_store.Altered, match="is gone or altered"):
            content_of(world.lyra, world.nina, row.pk)
    assert caplog.text.count(f"The stored file {row.sha256} of tenant {world.acme.pk} is gone or altered.") == 2


def test_attaching_the_true_content_again_mends_the_store_and_says_so(store, world: World, caplog) -> None:
    row = put(world.nina, world.lyra)
    place = store / stored(store)[0]
    place.write_bytes(b"%PDF-forged")
    put(world.omar, world.lyra, "again.pdf")
    with scope(world.nina):
        assert content_of(world.lyra, world.nina, row.pk)[1] == PDF
    assert "was altered; the true content is put in its place." in caplog.text


@pytest.mark.requirement("ASVS-12.4.2")
def test_what_the_scanner_says_decides(store, world: World, settings) -> None:
    settings.FILE_SCANNER = "tests.kernel.files.scanners.finds"
    assert put(world.nina, world.lyra, "notes.txt", TEXT).scan == "CLEAN"
    kept = stored(store)
    harm = refusal(world.nina, world.lyra, "x.txt", b"EICAR test")
    assert harm == "The scanner found “x.txt” harmful. It was not kept."
    for away in ("fails", "is_silent"):
        settings.FILE_SCANNER = f"tests.kernel.files.scanners.{away}"
        said = refusal(world.nina, world.lyra, "trend.csv", CSV)
        assert said in {
            "“trend.csv” could not be scanned now. Try again later.",
            "The scanner found “trend.csv” harmful. It was not kept.",
        }
    assert stored(store) == kept
    assert names(world.nina, world.lyra) == ["notes.txt"]


def test_a_file_is_withdrawn_for_a_reason_and_stays_on_record(world: World) -> None:
    row = put(world.paul, world.lyra, "wrong.pdf")
    with scope(world.nina), pytest.raises(ValidationError, match="Say why"):
        withdraw(row, by=world.nina, reason=" \u200b\0 ")
    with scope(world.nina):
        withdraw(row, by=world.nina, reason="It speaks of another\0 sponsor's batch")
        with pytest.raises(Refused, match=r"“wrong\.pdf” was withdrawn already\."):
            withdraw(row, by=world.nina, reason="Again")
        (seen,) = files_of(world.lyra, world.nina)
        assert (seen.readable, seen.withdrawal.by) == (True, "Nina Berg")
        assert seen.withdrawal.reason == "It speaks of another sponsor's batch"
        assert content_of(world.lyra, world.nina, row.pk)[1] == PDF
        versions = Attachment.history.filter(id=row.pk).order_by("history_id")
        assert list(versions.values_list("status", "history_user_name", "history_change_reason")) == [
            ("ACTIVE", "Paul Keller", ""),
            ("VOID", "Nina Berg", "It speaks of another sponsor's batch"),
        ]
    with scope(world.paul):
        (theirs,) = files_of(world.lyra, world.paul)
        assert (theirs.readable, theirs.withdrawal.by, theirs.withdrawal.reason) == (False, "Acme Therapeutics", "")
        with pytest.raises(Attachment.DoesNotExist):
            content_of(world.lyra, world.paul, row.pk)


def test_a_partner_withdraws_its_own_files_only(world: World) -> None:
    own, sponsors = put(world.paul, world.lyra), put(world.nina, world.lyra, "Question.pdf", shared=True)
    with scope(world.paul):
        withdraw(own, by=world.paul, reason="Superseded")
        with pytest.raises(NotAllowed):
            withdraw(sponsors, by=world.paul, reason="I do not like it")
        assert [seen.row.status for seen in files_of(world.lyra, world.paul)] == ["VOID", "ACTIVE"]


def test_each_sees_exactly_theirs_through_either_wall(world: World) -> None:
    put(world.nina, world.lyra, "internal.pdf")
    put(world.nina, world.lyra, "shared.pdf", shared=True)
    put(world.paul, world.lyra, "paul.pdf")
    put(world.nina, world.orion, "orion.pdf", shared=True)
    put(world.riva, world.foreign, "rival.pdf", shared=True)
    everything = {"internal.pdf", "shared.pdf", "paul.pdf", "orion.pdf"}
    seen = {
        "nina": everything,
        "vera": everything,
        "connie": everything - {"orion.pdf"},
        "paul": {"shared.pdf", "paul.pdf"},
        "olga": {"orion.pdf"},
        "riva": {"rival.pdf"},
        "petra": {"rival.pdf"},
    }
    for name, expected in seen.items():
        actor = getattr(world, name)
        with scope(actor):
            for rows in (Attachment.objects, Attachment.history):
                assert {row.name for row in rows.visible_to(actor)} == expected, name
                assert {row.name for row in rows.all()} == expected, name


def test_a_partner_cannot_write_an_internal_row_nor_one_of_another_partner(world: World) -> None:
    kept = {"name": "x.pdf", "size": 1, "sha256": "0" * 64, "content_type": "application/pdf", "scan": "CLEAN"}
    kept |= {"author_name": "P", "author_org": "L", "attached_at": "2026-03-01T00:00Z"}
    for record, extra in (
        (world.lyra, {"shared": False, "from_partner": False}),
        (world.orion, {"shared": True, "from_partner": True}),
    ):
        with pytest.raises(DatabaseError, match="row-level security"), change(by=world.paul):
            Attachment.on(record, **kept | extra).save()
    with pytest.raises(DatabaseError, match="attachment_of_partner_is_shared"), change(by=world.nina):
        Attachment.on(world.lyra, **kept, shared=False, from_partner=True).save()


def test_nobody_deletes_an_attachment(world: World) -> None:
    row = put(world.nina, world.lyra)
    with change(by=world.nina, reason="Away with it"), pytest.raises(TypeError, match="never deleted"):
        row.delete()
    with (
        pytest.raises(DatabaseError, match="permission denied"),
        change(by=world.nina, reason="x"),
        transaction.atomic(),
    ):
        raw("DELETE FROM files_attachment")


def test_who_sees_some_cdmos_only_adds_nothing_to_a_record_of_none(world: World) -> None:
    with change(by=world.nina):
        bulletin = Bulletin.objects.create(title="New template")
        Share.objects.create(cdmo_id=world.lyra.pk, kind="support_bulletin", record_id=bulletin.pk)
    for actor in (world.paul, world.connie):
        with pytest.raises(Refused, match="belongs to no CDMO of yours"):
            put(actor, bulletin)
    assert put(world.nina, bulletin, shared=True).shared is False


def test_an_attachment_is_an_event_without_a_word_of_it(world: World) -> None:
    row = put(world.paul, world.lyra, "secret name.pdf")
    with scope(world.nina):
        found = raw("SELECT name, kind, record_id, user_name, facts::text FROM outbox_event WHERE name LIKE 'file.%'")
    facts = f'{{"file": {row.pk}, "shared": true}}'
    assert found == [("file.attached", "cdmos_cdmo", world.lyra.pk, "Paul Keller", facts)]
